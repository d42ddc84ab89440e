// Acceptance: all that is known of a path has a place in the pictures, and rows where a channel is missing are told of. Equality.

import { describe, expect, it } from 'vitest';
import { create_components } from '../../src/page/scenes/sde/components.ts';
import type { ShownExample } from '../../src/page/scenes/sde/examples.ts';
import { create_picture } from '../../src/page/scenes/sde/picture.ts';
import type { Band } from '../../src/sde/learned/bands.ts';

const none = Number.NaN;
const shown = (channels: string[]): ShownExample => ({
  example: { name: 'test', what: '', time: 't', channels, config: {}, simulate: () => ({ series: series([]) }) },
  ...{ label: 'test', stretch: 10, near: 10, rollouts: { from: 'begin', over: 1 } },
});
/** @param rows one a second */
const series = (rows: number[][]) => ({
  times: Float64Array.from(rows.keys()),
  values: Float64Array.from(rows.flat()),
});
const within = ([low, high]: readonly [number, number], value: number) => value >= low && value <= high;

describe('the picture of a latent SDE', () => {
  it('has room for the true path where no observation is', () => {
    const simulated = {
      series: series([
        [0, 0, 0],
        [none, none, none],
        [1, 1, 1],
      ]),
      states: Float64Array.of(0, 0, 0, 5, -6, 7, 1, 1, 1),
    };
    const { ranges, truth, observations } = create_picture(shown(['x', 'y', 'z']), simulated, 100);
    for (const at of truth) {
      expect(at.every((value, d) => within(ranges[d] as [number, number], value))).toBe(true);
    }
    expect(observations).toEqual([
      [0, 0, 0],
      [1, 1, 1],
    ]);
  });

  it('says why there are no points where channels are never seen together, and only there', () => {
    const apart = {
      series: series([
        [1, none],
        [none, 2],
        [3, none],
      ]),
    };
    const picture = create_picture(shown(['x', 'y']), apart, 100);
    expect(picture.observations).toEqual([]);
    expect(picture.unseen).toMatch(/^No row here has values of x, y together,/);
    const plots = create_components(shown(['x', 'y']), apart)({ mean: [], draws: [], bands: [] });
    expect(marks(plots, 'observed').map((points) => points.length)).toEqual([2, 1]);
    // Every other row is whole: a stride over all rows could miss each of them.
    const some = { series: series(Array.from({ length: 40 }, (_, n) => (n % 2 === 1 ? [n, n] : [n, none]))) };
    const thinned = create_picture({ ...shown(['x', 'y']), stretch: 40 }, some, 10);
    expect(thinned.observations.length).toBe(10);
    expect(thinned.unseen).toBeUndefined();
  });
});

describe('the plot of a component', () => {
  const height = 170 - 26 - 38;
  const simulated = { series: series([[0], [1], [0]]), states: Float64Array.of(0, 4, -3) };
  const band = (t: number, q05: number, q95: number): Band => ({
    ...{ t, q05, q95, mean: 0, sd: 1, q25: q05, q50: 0, q75: q95 },
  });
  const inside = (points: readonly (readonly number[])[]) => points.every(([, y]) => within([0, height], y as number));

  it('holds the true path and bands that are near, and keeps its scale where these are far', () => {
    const plots = create_components(shown(['x']), simulated);
    const at = (bands: Band[]) => plots({ mean: [], draws: [], bands: [bands] });
    const near = at([band(0, -5, 6), band(1, -5, 6)]);
    for (const name of ['truth', 'observed', 'band90']) {
      expect(marks(near, name).length, name).toBe(1);
      expect(marks(near, name).every(inside), name).toBe(true);
    }
    const far = at([band(0, -1e6, 1e6), band(1, -1e6, 1e6)]);
    expect(marks(far, 'truth').every(inside)).toBe(true);
    const spread = (text: string) => {
      const ys = marks(text, 'truth')
        .flat()
        .map(([, y]) => y as number);
      return Math.max(...ys) - Math.min(...ys);
    };
    expect(spread(far)).toBeGreaterThan(0.4 * height);
  });
});

/** Points of the paths whose class begins so. */
function marks(text: string, name: string): number[][][] {
  return Array.from(text.matchAll(new RegExp(`<path class="${name}[^"]*" d="([^"]*)"`, 'g')), ([, d]) =>
    Array.from((d as string).matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g), ([, x, y]) => [Number(x), Number(y)]),
  );
}

/** Portraits of a state: one component against another along each series. */
import { chart, line, pad_range, range_of } from './svg.ts';

/** Components that are drawn against each other, and points of a line. */
const MOST_COMPONENTS = 3;
const MOST_POINTS = 3000;

/** @param series [series][component][time] */
export function phase_panels(names: readonly string[], series: readonly (readonly (readonly number[])[])[]): string[] {
  const shown = Math.min(names.length, MOST_COMPONENTS);
  const pairs = Array.from({ length: shown }, (_, j) => Array.from({ length: j }, (__, i) => [i, j] as const)).flat();
  return pairs.map(([i, j]) => {
    const of = (d: number) => series.map((states) => thin(states[d] ?? []));
    const [across, up] = [of(i), of(j)];
    return chart(
      {
        ...{ width: 330, height: 300, x: pad_range(range_of(across.flat())), y: pad_range(range_of(up.flat())) },
        ...{
          title: `${names[j]} against ${names[i]}`,
          description: `${names[j]} against ${names[i]} along the series.`,
        },
      },
      (scale) => across.map((xs, s) => line(xs, up[s] as number[], scale, `line thin colour${s % 5}`)).join(''),
    );
  });
}

export function thin(values: readonly number[]): number[] {
  const stride = Math.ceil(values.length / MOST_POINTS);
  return values.filter((_, n) => n % stride === 0);
}

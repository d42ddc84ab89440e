// Acceptance: walls are seen where they shape the draws, and nowhere else. A Gaussian at r sd from 0 has n Φ(−r) of n draws beyond it: with 2000 draws, 46 for r = 2, and none for r = 20.
import { describe, expect, it } from 'vitest';
import { beta_quantile } from '../../../src/diagnostics/beta_quantile.ts';
import { find_walls } from '../../../src/merge/shards/walls.ts';
import { bound_findings } from '../../../src/merge/verdict/bound_words.ts';
import { uniform_at } from '../../../src/random/threefry.ts';
import { line, normal_points } from '../../diagnostics/distances/samples.ts';

const count = 2000;
const uniforms = (seed: number) => Float64Array.from({ length: count }, (_, i) => uniform_at([seed, 7], 5, 0, i));
const normals = (seed: number) => normal_points(seed, count, 1).values;
const set = (...shards: Float64Array[]) => ({
  names: ['a'],
  shards: shards.map((values, s) => ({ name: `s${s}`, points: line(values), chains: 1 })),
});
const walls = (...shards: Float64Array[]) => find_walls(set(...shards)).map(({ at }) => at);

describe('walls', () => {
  it('are seen at 0 for scales and rates, at 1 for high probabilities, at both for shares in between', () => {
    expect(
      walls(
        uniforms(1).map((u) => -Math.log(u)),
        uniforms(2).map((u) => -2 * Math.log(u)),
      ),
    ).toEqual([0]);
    // Skewed, and too far for a Gaussian to reach it: log sd 0.25, so 4 sd from 0.
    expect(
      walls(
        normals(1).map((z) => Math.exp(z / 4)),
        normals(2).map((z) => Math.exp(z / 4)),
      ),
    ).toEqual([0]);
    expect(
      walls(
        uniforms(1).map((u) => beta_quantile(u, 60, 1.5)),
        uniforms(2).map((u) => beta_quantile(u, 60, 3)),
      ),
    ).toEqual([1]);
    expect(walls(uniforms(3), uniforms(4))).toEqual([0, 1]);
  });

  it('are not seen in Gaussians, near 0 or far, nor where one draw of one shard is beyond', () => {
    expect(
      walls(
        normals(1).map((z) => z + 2),
        normals(2).map((z) => z + 2),
      ),
    ).toEqual([]);
    expect(
      walls(
        normals(1).map((z) => 0.5 + z / 100),
        normals(2).map((z) => 0.5 + z / 100),
      ),
    ).toEqual([]);
    const one_below = uniforms(5);
    one_below[7] = -0.01;
    expect(walls(uniforms(3), one_below)).toEqual([]);
  });
});

describe('words on bounds', () => {
  const wall = { parameter: 'tau', index: 0, at: 0 } as const;
  const merged = line(Float64Array.from([1, -1, 2, 3]));

  it('say what draws look like, how much of the merge is beyond, and which option helps', () => {
    expect(bound_findings(undefined, [wall], merged)).toEqual([
      'Draws look as if parameters had bounds: tau stands against 0; without the model a merge does not know of them, and 25 % of the merged draws of tau lie beyond 0. Give --model MODEL, to merge in coordinates without bounds; leave it if the parameter has none.',
    ]);
    expect(bound_findings(undefined, [], merged)).toEqual([]);
  });

  it('name the model that a run says was sampled, though no draw is near its bounds', () => {
    const known = { model: 'mine.mjs', parameters: ['sigma', 'tau'] };
    expect(bound_findings(known, [], merged)[0]).toMatch(
      /^sigma, tau have bounds in the model mine\.mjs; .*Give --model mine\.mjs, to/,
    );
  });
});

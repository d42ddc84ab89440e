// Acceptance: the distances of the authors' stored draws are numbers without chance, computed once with NumPy 2.4.6 and SciPy 1.17.1 (gaussian_kde, skew);
// 1e-9 is rounding. They round to what the paper's table says. Merges that draw have the bounds derived at their test.
import { describe, expect, it } from 'vitest';
import { mahalanobis_distance } from '../../src/diagnostics/distances/mahalanobis.ts';
import { marginal_distance } from '../../src/diagnostics/distances/marginals.ts';
import { skewness_distance } from '../../src/diagnostics/distances/skewness.ts';
import { type Points, points_between } from '../../src/diagnostics/points.ts';
import { consensus } from '../../src/merge/baselines/consensus.ts';
import { gaussian } from '../../src/merge/baselines/gaussian.ts';
import { nonparametric } from '../../src/merge/baselines/nonparametric.ts';
import { semiparametric } from '../../src/merge/baselines/semiparametric.ts';
import { swiss } from '../../src/merge/baselines/swiss.ts';
import type { Words } from '../../src/random/threefry.ts';
import { has_toy_logistic, stored_draws, stored_shards } from './toy_logistic.ts';

const key: Words = [20, 26];

const distances = (approximate: Points, exact: Points) => [
  mahalanobis_distance(approximate, exact),
  marginal_distance(approximate, exact),
  skewness_distance(approximate, exact),
];

function expect_near(found: readonly number[], wanted: readonly number[], within: readonly number[]): void {
  found.forEach((value, k) => {
    expect(Math.abs(value - (wanted[k] as number))).toBeLessThan(within[k] as number);
  });
}
const rounding = [1e-9, 1e-9, 1e-9];

describe.skipIf(!has_toy_logistic)(
  'the toy logistic regression (skipped where shared/data is not beside the project)',
  () => {
    const exact = has_toy_logistic ? stored_draws('exact') : undefined;
    const distances_to_exact = (points: Points) => distances(points, exact as Points);

    it.each([
      ['diff_15shards', [0.09416204326713801, 0.03404656092657972, 0.0078028986373996495]],
      ['gp_15shards', [0.09439930797838003, 0.043324087787665486, 0.23206677184479194]],
      ['semikde_15shards', [2.0735209434550432, 0.6332072924433031, 0.738779711958852]],
    ] as const)("has the authors' distances: %s", (name, wanted) => {
      expect_near(distances_to_exact(stored_draws(name)), wanted, rounding);
    });

    it("has the authors' floor between two halves of the exact chain", () => {
      const all = exact as Points;
      const halves = [points_between(all, 0, 5000), points_between(all, 5000, 10_000)] as const;
      expect_near(distances(...halves), [0.018212751123757108, 0.027555661189143668, 0.1339392881238654], rounding);
    });

    it('is merged by SwISS as by the authors, without chance where every draw is taken', () => {
      const all = { draws: 150_000, key };
      expect_near(
        distances_to_exact(swiss(stored_shards('15shards_samples_swiss'), { ...all, inflated: true })),
        [2.5689777975046333, 0.7549228266139303, 0.029039230324682724],
        rounding,
      );
      expect_near(
        distances_to_exact(swiss(stored_shards('15shards_samples'), { ...all, inflated: false })),
        [1.284989929655527, 0.44733027365648065, 0.49758568743284853],
        rounding,
      );
    });

    // By chance differ, between merges of 10 000 draws: the mean, in units of the exact sd, by 0.007 per merge where the merge is 0.7 as wide; shares of
    // probability by √(p (1 − p) / n) ≤ 0.005; skewness by √(6/n) = 0.0245 per coordinate. Bounds: seven sds of a difference of two, 3e-12 each.
    const by_chance = [7 * Math.SQRT2 * 0.007, 7 * Math.SQRT2 * 0.005, 7 * Math.SQRT2 * 0.0245];

    it('is merged by consensus and by Gaussians as by the authors, but for chance', () => {
      const shards = stored_shards('15shards_samples');
      const options = { draws: 10_000, key };
      const averaged = distances_to_exact(consensus(shards, options));
      // The mean of all draws does not depend on how they are paired.
      expect(averaged[0]).toBeCloseTo(1.2849899296555092, 9);
      expect_near(averaged, [1.285, 0.419, 0.02], by_chance);
      expect_near(distances_to_exact(gaussian(shards, options)), [1.292, 0.41, 0.147], by_chance);
    });

    it("is merged by kernels better than by Gaussians and far better than by the authors' kernels", () => {
      const shards = stored_shards('15shards_samples');
      for (const merge of [nonparametric, semiparametric]) {
        const merged = merge(shards, { draws: 4000, key });
        const [mah = 1, iad = 1] = distances_to_exact(merged);
        expect(mah).toBeLessThan(1.285 / 2);
        expect(iad).toBeLessThan(0.41 / 2);
        expect(merged.acceptance).toBeGreaterThan(0.02);
      }
    });
  },
);

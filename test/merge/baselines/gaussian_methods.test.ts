// Acceptance: anchors 1 and 8 of the reference page. Shards have exactly the moments of their Gaussians, so what a method does without chance is
// exact up to rounding, and what it draws has the standard error stated; all z limits of this file together fail one seed in 1e6.
import { describe, expect, it } from 'vitest';
import { type Points, points_covariance, points_mean } from '../../../src/diagnostics/points.ts';
import { consensus } from '../../../src/merge/baselines/consensus.ts';
import { gaussian } from '../../../src/merge/baselines/gaussian.ts';
import type { BaselineOptions } from '../../../src/merge/baselines/options.ts';
import { swiss } from '../../../src/merge/baselines/swiss.ts';
import { exact_moments, stretched } from '../../diagnostics/distances/samples.ts';
import { z_limit } from '../../reference/statistics.ts';
import { anchor, two_shards } from './anchors.ts';

const DRAWS = 4000;
const options: BaselineOptions = { draws: DRAWS, key: [11, 12] };
/** Anchor 1 has two means and three covariances, anchor 8 one of each for six distances; two methods draw; one case more. */
const Z = z_limit(1e-6, 2 * (5 + 12) + 1);

interface Known {
  mean: readonly number[];
  covariance: readonly number[];
}

/** |found − wanted| in standard errors, each mean and each entry of the covariance. */
function expect_moments(
  found: Points,
  { mean, covariance }: Known,
  mean_se: (j: number) => number,
  covariance_se: (i: number, j: number) => number,
): void {
  const d = mean.length;
  points_mean(found).forEach((m, j) => {
    expect(Math.abs(m - (mean[j] as number))).toBeLessThan(Z * mean_se(j) + 1e-10);
  });
  points_covariance(found).forEach((c, at) => {
    const se = covariance_se(Math.floor(at / d), at % d);
    expect(Math.abs(c - (covariance[at] as number))).toBeLessThan(Z * se + 1e-10);
  });
}

const none = () => 0;
const separated = [1, 2, 4, 8, 16, 32].map((mu) => ({
  shards: [exact_moments(1, DRAWS, [-mu], [1]), exact_moments(2, DRAWS, [mu], [1])],
  known: { mean: [0], covariance: [0.5] },
}));
const cases = [{ shards: two_shards(DRAWS), known: anchor }, ...separated];

describe('draws of the Gaussian product', () => {
  it('have its mean and covariance', () => {
    for (const { shards, known } of cases) {
      const d = known.mean.length;
      const v = (i: number, j: number) => known.covariance[i * d + j] as number;
      expect_moments(
        gaussian(shards, options),
        known,
        (j) => Math.sqrt(v(j, j) / DRAWS),
        (i, j) => Math.sqrt((v(i, i) * v(j, j) + v(i, j) ** 2) / (DRAWS - 1)),
      );
    }
  });
});

describe('consensus', () => {
  it('has the mean of the product exactly and its covariance but for chance pairs', () => {
    // Every draw is taken once, so only the cross-covariance of the two shares is random. Let A + B = V be the shares' covariances: under random
    // pairing its entry (i, j) has variance A_ii B_jj / (n − 1), and V takes it twice, once transposed. √(A_ii B_jj) + √(A_jj B_ii) ≤ √(V_ii V_jj)
    // by Cauchy and Schwarz.
    for (const { shards, known } of cases) {
      const d = known.mean.length;
      const v = (i: number) => known.covariance[i * d + i] as number;
      expect_moments(consensus(shards, options), known, none, (i, j) => Math.sqrt((v(i) * v(j)) / (DRAWS - 1)));
    }
  });

  it('does not pair draws that stand at the same place', () => {
    // Of two equal shards, pairs would leave every draw as it is, and the covariance at Σ in place of Σ / 2.
    const shard = exact_moments(6, DRAWS, [2], [1]);
    const se = Math.sqrt((0.5 * 0.5) / (DRAWS - 1));
    expect_moments(consensus([shard, shard], options), { mean: [2], covariance: [0.5] }, none, () => se);
  });

  it('takes shards of any size, each draw as often as every other', () => {
    const [first, second] = two_shards(500) as [Points, Points];
    const shorter = exact_moments(5, 250, [0, 1], [2, -0.3, -0.3, 1]);
    expect_moments(consensus([first, shorter], { ...options, draws: 1000 }), anchor, none, () => 1);
    expect(consensus([first, second], { ...options, draws: 7 }).values).toHaveLength(14);
  });
});

describe('SwISS', () => {
  it('has the moments of the product exactly: the product form', () => {
    for (const { shards, known } of cases) {
      // Each shard's draws have covariance V with n − 1, all of them with M n − 1.
      const covariance = known.covariance.map((c) => (c * (2 * DRAWS - 2)) / (2 * DRAWS - 1));
      const found = swiss(shards, { ...options, draws: 2 * DRAWS, inflated: false });
      expect_moments(found, { ...known, covariance }, none, none);
    }
  });

  it('has them of inflated shards too, which are as narrow as the posterior', () => {
    const inflated = [
      exact_moments(1, DRAWS, [1, 0], [0.5, 0.25, 0.25, 1]),
      exact_moments(2, DRAWS, [0, 1], [1, -0.15, -0.15, 0.5]),
    ];
    const covariance = anchor.covariance.map((c) => (c * (2 * DRAWS - 2)) / (2 * DRAWS - 1));
    const found = swiss(inflated, { ...options, draws: 2 * DRAWS, inflated: true });
    expect_moments(found, { ...anchor, covariance }, none, none);
  });

  it('leaves a shard as it is that already has the moments of all', () => {
    const shard = exact_moments(3, 50, [2, -1], [1, 0.4, 0.4, 3]);
    const found = swiss([shard, shard], { draws: 100, key: [1, 2], inflated: true });
    const sorted = (values: Float64Array) => values.toSorted();
    const twice = Float64Array.from([...shard.values, ...shard.values]);
    sorted(found.values).forEach((x, i) => {
      expect(x).toBeCloseTo(sorted(twice)[i] as number, 12);
    });
  });
});

describe.each<[string, (shards: readonly Points[], options: BaselineOptions) => Points]>([
  ['gaussian', gaussian],
  ['consensus', consensus],
  ['swiss', (shards, o) => swiss(shards, { ...o, inflated: false })],
])('%s', (_, merge) => {
  const shards = two_shards(200);

  it('repeats bit for bit by its key, and not by another', () => {
    const small = { draws: 150, key: [3, 4] } as const;
    const once = merge(shards, small);
    expect([once.count, once.dimension]).toEqual([150, 2]);
    expect(merge(shards, small)).toEqual(once);
    expect(merge(shards, { ...small, key: [3, 5] }).values).not.toEqual(once.values);
    // A stream is chosen by its counters, so more draws begin with the same.
    expect(merge(shards, { ...small, draws: 200 }).values.subarray(0, 300)).toEqual(once.values);
  });

  it('follows the units of the parameters', () => {
    const units = [
      [1e-7, 1e6],
      [1e-5, -3e8],
    ] as const;
    const here = merge(
      shards.map((shard) => stretched(shard, ...units)),
      { draws: 150, key: [3, 4] },
    );
    const there = stretched(merge(shards, { draws: 150, key: [3, 4] }), ...units);
    here.values.forEach((x, at) => {
      const unit = units[0][(at % 2) as 0 | 1];
      // Zero points 300 spreads away cost three digits.
      expect(Math.abs(x - (there.values[at] as number)) / unit).toBeLessThan(1e-11);
    });
  });
});

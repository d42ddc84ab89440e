// Acceptance: closed forms to rounding, where draws have exactly the moments they are given; calibration by counts at fixed seeds, with bounds of 3.5 binomial or χ² standard
// deviations; words by what they must name.
import { describe, expect, it } from 'vitest';
import { type Points, points_mean } from '../../../src/diagnostics/points.ts';
import { gaussian } from '../../../src/merge/baselines/gaussian.ts';
import { gaussian_product, shard_moments } from '../../../src/merge/baselines/shards.ts';
import type { Shard } from '../../../src/merge/shards/shard.ts';
import { find_contradictions } from '../../../src/merge/verdict/contradictions.ts';
import { judge } from '../../../src/merge/verdict/judge.ts';
import { mean_error } from '../../../src/merge/verdict/mean_error.ts';
import { verdict } from '../../../src/merge/verdict/words.ts';
import { exact_moments, normal_points, stretched } from '../../diagnostics/distances/samples.ts';
import { autoregression } from '../../diagnostics/reference_draws.ts';

const shard = (points: Points, name = 's', chains = 1): Shard => ({ name, points, chains });
const normal = (seed: number, mean: number, sd: number, draws = 2000) => exact_moments(seed, draws, [mean], [sd * sd]);
const judged = (shards: readonly Points[], draws = 4000) => {
  const set = { names: ['a'], shards: shards.map((points, s) => shard(points, `s${s + 1}`)) };
  return judge(set, gaussian(shards, { draws, key: [1, 2] }));
};

describe('overlap', () => {
  it('is that of separated shards: N(−μ, 1) and N(μ, 1) merge to N(0, ½), μ sd from each', () => {
    for (const mu of [1, 2, 4, 8]) {
      const { shards } = judged([normal(1, -mu, 1), normal(2, mu, 1)], 20_000);
      for (const { distance, radius, share } of shards) {
        // By the merged draws' own chance: their mean has the error 0.005, their variance 0.005.
        expect(Math.abs(distance - mu)).toBeLessThan(0.02);
        expect(Math.abs(radius - Math.sqrt(mu * mu + 0.5))).toBeLessThan(0.03);
        expect(share).toBeCloseTo(0.5, 10);
      }
    }
  });

  it('counts the draws that reach as far as the merge, by what they are worth', () => {
    const { shards } = judged([normal(3, 0, 1, 10_000), normal(4, 2, 1, 10_000)]);
    // The merge is at 1 sd: 15.9 % of 10 000 draws, within 3.5 binomial sds and the merged mean's error.
    expect(Math.abs((shards[0]?.beyond ?? 0) - 1587)).toBeLessThan(3.5 * 37 + 100);
    const [slow] = autoregression(5, 1, 10_000, 0.9) as [Float64Array];
    const sticky = judged([{ count: 10_000, dimension: 1, values: slow }, normal(4, 2, 1, 10_000)]);
    expect(sticky.shards[0]?.beyond).toBeLessThan(500);
  });

  it('shares add up to 1', () => {
    const found = judge(
      { names: ['a', 'b'], shards: [1, 2, 3].map((s) => shard(stretched(normal_points(s, 500, 2), [s, 1], [0, 0]))) },
      normal_points(9, 100, 2),
    );
    expect(found.shards.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
    expect(found.shards[0]?.share).toBeGreaterThan(found.shards[2]?.share as number);
  });
});

describe('contradictions', () => {
  /** Shards whose means are themselves drawn as their covariances say. */
  const agreeing = (seed: number, count: number) => {
    const means = normal_points(seed, count, 3);
    return shard_moments(
      Array.from({ length: count }, (_, s) => {
        const sd = 1 + s;
        const mean = [0, 1, 2].map((j) => sd * (means.values[3 * s + j] as number));
        return exact_moments(seed + s, 50, mean, [sd * sd, 0, 0, 0, sd * sd, 0, 0, 0, sd * sd]);
      }),
    );
  };

  it('have p-values that are uniform where shards agree, and false alarms as rare as stated', () => {
    const p = Array.from(
      { length: 300 },
      (_, k) => find_contradictions(agreeing(1000 + 10 * k, 4)).shards[0]?.p_value as number,
    );
    for (const level of [0.1, 0.5, 0.9]) {
      const below = p.filter((value) => value < level).length;
      expect(Math.abs(below - 300 * level)).toBeLessThan(3.5 * Math.sqrt(300 * level * (1 - level)));
    }
    const alarms = Array.from({ length: 300 }, (_, k) => find_contradictions(agreeing(5000 + 10 * k, 4))).filter(
      ({ odd, pair }) => odd.length > 0 || pair,
    );
    // 0.3 expected.
    expect(alarms.length).toBeLessThan(4);
  });

  const at = (...means: number[]) => find_contradictions(shard_moments(means.map((m, s) => normal(20 + s, m, 1))));
  it('name the odd shard alone, though it pulls what the others are compared with', () => {
    expect(at(0, 0.5, 30, -0.5, 0.2).odd.map(({ shard }) => shard)).toEqual([2]);
    expect(at(0, 0.5, 30, -0.5, -40).odd.map(({ shard }) => shard)).toEqual([4, 2]);
    expect(at(0, 0.5, -0.5)).toMatchObject({ odd: [], pair: false });
  });

  it('of two shards are mutual', () => {
    expect(at(0, 9)).toMatchObject({ odd: [], pair: true });
    // Two shards, χ² = 9² / 2 on 1: p = erfc(9/2).
    expect(at(0, 9).shards[0]?.chi_squared).toBeCloseTo(40.5, 6);
    expect(at(0, 9).shards[0]?.p_value).toBeCloseTo(1.966160441542887e-10, 16);
    expect(at(0, 2).pair).toBe(false);
  });
});

describe('the error of the merged mean', () => {
  it('is what repeated draws of the shards show, with correlated draws and far shards', () => {
    // 200 repetitions: a mean squared z of 1 within 3.5 √(2/200) = 0.35.
    const z = Array.from({ length: 200 }, (_, k) => {
      const shards = [0, 1, 2].map((b) => {
        const values = (autoregression(3 * k + b + 100, 1, 2000, [0, 0.5, 0.8][b] as number)[0] as Float64Array).map(
          (x) => (b + 1) * x + 2 * b,
        );
        return shard({ count: 2000, dimension: 1, values });
      });
      const moments = shard_moments(shards.map(({ points }) => points));
      // Precisions 1, 1/4, 1/9 at 0, 2, 4.
      const exact = (2 / 4 + 4 / 9) / (1 + 1 / 4 + 1 / 9);
      return ((gaussian_product(moments).mean[0] as number) - exact) / (mean_error(shards, moments)[0] as number);
    });
    const squared = z.reduce((sum, x) => sum + x * x, 0) / z.length;
    expect(Math.abs(squared - 1)).toBeLessThan(0.35);
  });
});

describe('the verdict', () => {
  const of = (shards: readonly Points[], method: 'gaussian' | 'semiparametric' = 'gaussian') =>
    verdict(judged(shards), method);

  it('has nothing to say of shards that agree and reach the merge', () => {
    expect(of([normal(1, 0, 1), normal(2, 0.5, 1), normal(3, 0.2, 1)])).toEqual({
      extrapolates: false,
      contradictory: false,
      headline: 'The shards agree, and all of them have draws where the merge lies.',
      findings: [],
    });
  });

  it('says that a merge extrapolates, and which shards contradict', () => {
    const apart = of([normal(1, -8, 1), normal(2, 8, 1)]);
    expect(apart).toMatchObject({ extrapolates: true, contradictory: true });
    expect(apart.headline).toMatch(/^Do not use this merge yet/);
    expect(apart.findings.join('\n')).toMatch(
      /s1 and s2 contradict each other[\s\S]*The merge extrapolates: s1 \(0 effective/,
    );
    expect(of([normal(1, 0, 1), normal(2, 0, 1), normal(3, 9, 1)]).findings[0]).toMatch(
      /^s3 contradicts the other shards/,
    );
  });

  it('does not call a short chain an extrapolation, but says what it is worth', () => {
    // 0.99 leaves 2000 draws about 10 effective ones; the merge is about 1.4 sd from the shard's mean, with a twelfth of its draws beyond.
    const [slow] = autoregression(5, 1, 2000, 0.99) as [Float64Array];
    const found = judged([stretched({ count: 2000, dimension: 1, values: slow }, [1], [2]), normal(2, 0, 1)]);
    expect(found.shards[0]?.distance).toBeGreaterThan(0.5);
    const { extrapolates, findings } = verdict(found, 'gaussian');
    expect(extrapolates).toBe(false);
    expect(findings.join('\n')).not.toMatch(/extrapolate/);
    expect(findings.join('\n')).toMatch(/Too few effective draws: s1/);
  });

  it('tells Gaussian methods of several modes and of heavy tails, and no other method', () => {
    // ½N(−2, 1) + ½N(2, 1): excess kurtosis −2·16/25 = −1.28, of 4000 draws ± 0.08.
    const modes = normal_points(11, 4000, 1).values.map((x, i) => x + (i % 2 === 0 ? 2 : -2));
    const shards = [{ count: 4000, dimension: 1, values: modes }, normal(12, 0, 2), normal(13, 0.5, 2)];
    expect(of(shards).findings.join('\n')).toMatch(
      /^s1 \(excess kurtosis -1\.[23]\d?\) has several modes or heavy tails/,
    );
    expect(of(shards, 'semiparametric').findings).toEqual([]);
  });

  it('extrapolates in many dimensions though all shards agree', () => {
    // 64 coordinates, two shards √(2·64) sd of the mean apart: the merge is at √64/√2 · … = 5.7 sd of either, where 2000 draws have none.
    const shards = [1, 2].map((seed) => {
      const mean = Array.from(normal_points(40 + seed, 1, 64).values);
      return stretched(
        normal_points(seed, 2000, 64),
        mean.map(() => 1),
        mean,
      );
    });
    const set = { names: [], shards: shards.map((points, s) => shard(points, `s${s + 1}`)) };
    const found = verdict(judge(set, gaussian(shards, { draws: 500, key: [1, 2] })), 'gaussian');
    expect(found).toMatchObject({ extrapolates: true, contradictory: false });
    expect(points_mean(shards[0] as Points)).toHaveLength(64);
  });

  it('warns of autocorrelation, of shards that say almost nothing and of skew shards', () => {
    const [slow] = autoregression(5, 1, 2000, 0.95) as [Float64Array];
    const sticky = of([{ count: 2000, dimension: 1, values: slow }, normal(2, 0, 1), normal(3, 0, 20)]);
    expect(sticky.findings).toHaveLength(2);
    expect(sticky.findings[0]).toMatch(/^Too few effective draws: s1 \([\d.]+ of 2000 for a, autocorrelated\)/);
    expect(sticky.findings[1]).toMatch(/^s3 \(0\.1\d % of the precision\) says almost nothing/);
    const skew = normal_points(7, 20_000, 1);
    const shards = [{ ...skew, values: skew.values.map((x) => Math.exp(x / 2)) }, normal(8, 3, 0.6, 20_000)];
    expect(of(shards).findings.join('\n')).toMatch(/s1 \(skewness 1\.[78]\d? towards the merge\) is not Gaussian/);
    expect(of(shards, 'semiparametric').findings.join('\n')).not.toMatch(/not Gaussian/);
  });
});

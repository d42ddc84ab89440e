/**
 * Shards that are not where the others put them. Each shard's mean estimates the same parameters from rows of its own; so, for shards near enough to
 * Gaussian, μ_b − m_{−b} is normal with mean 0 and covariance Σ_b + V_{−b}, with N(m_{−b}, V_{−b}) the product of the other shards' Gaussians.
 * Its squared length in that covariance is χ² with as many degrees of freedom as there are parameters. Priors and Jacobians pull both
 * sides alike, which makes alarms rarer, not more frequent.
 */
import { lower_factor, lower_inverse, times_vector } from '../../diagnostics/linear_algebra.ts';
import { incomplete_gamma } from '../../model/incomplete_gamma.ts';
import { type Gaussian, gaussian_product, type ShardMoments } from '../baselines/shards.ts';

/** Alarms per set of shards that do not contradict each other. */
export const FALSE_ALARMS = 1e-3;

export interface Contradiction {
  /** Index of the shard. */
  shard: number;
  /** Squared distance from where the others put it, in their common covariance. */
  chi_squared: number;
  /** Of a distance as large or larger. */
  p_value: number;
}

export interface Contradictions {
  /** The distance of each shard from the product of all others. */
  shards: Contradiction[];
  /** Those that contradict, the worst first, each against the others that were left. */
  odd: Contradiction[];
  /** The last two shards left contradict each other, so neither can be called the odd one. */
  pair: boolean;
}

/** The worst shard is taken out and the rest are tested again, since it also moves what the others are compared with. */
export function find_contradictions(moments: readonly ShardMoments[]): Contradictions {
  const against_others = (among: readonly number[]) =>
    among.map((shard) =>
      contradiction(
        shard,
        moments,
        among.filter((other) => other !== shard),
      ),
    );
  let left = moments.map((_, shard) => shard);
  const shards = against_others(left);
  const odd: Contradiction[] = [];
  while (left.length >= 2) {
    const worst = against_others(left).reduce((a, b) => (b.chi_squared > a.chi_squared ? b : a));
    // Two shards are one comparison.
    const tests = left.length === 2 ? 1 : left.length;
    if (!(worst.p_value * tests < FALSE_ALARMS)) break;
    if (left.length === 2) return { shards, odd, pair: true };
    odd.push(worst);
    left = left.filter((shard) => shard !== worst.shard);
  }
  return { shards, odd, pair: false };
}

function contradiction(shard: number, moments: readonly ShardMoments[], others: readonly number[]): Contradiction {
  const { mean, covariance } = moments[shard] as ShardMoments;
  const rest: Gaussian = gaussian_product(others.map((other) => moments[other] as ShardMoments));
  const size = mean.length;
  const both = covariance.map((c, at) => c + (rest.covariance[at] as number));
  const whitening = lower_inverse(lower_factor(both, size), size);
  const difference = times_vector(
    whitening,
    mean.map((m, j) => m - (rest.mean[j] as number)),
  );
  const chi_squared = difference.reduce((sum, z) => sum + z * z, 0);
  return { shard, chi_squared, p_value: incomplete_gamma(size / 2, chi_squared / 2).above };
}

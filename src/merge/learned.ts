/** What is known of the draws of a learned merge. */

import { mean, variance } from '../diagnostics/moments.ts';
import { column, type Points } from '../diagnostics/points.ts';
import { groups } from './by_network.ts';
import type { DiffusionMerge } from './diffusion.ts';

export interface Learned {
  /** Of HMC. */
  acceptance: number;
  /** From t = 1 to the end. */
  levels: number;
  /** Effective sample size of the importance weights as a fraction of the draws; absent where log densities were not known and nothing was weighed. */
  weights_ess?: number;
  /**
   * Standard deviation of what the sum of the networks' energies misses of that of the log densities, as the shards' own draws show it, were the shards' errors independent; absent where log densities were not known. A mean over the merge moves by
   * the covariance with the error, to first order, and so by this many sds at the most (Cauchy and Schwarz).
   */
  fit_error?: number;
  /** Largest difference between the means of two networks' draws in standard deviations of the merge, less what chance gives; absent for one network. */
  disagreement?: number;
  /** Where a model's bounds were taken into account by weights on the shards' draws: the least effective fraction of one shard's. */
  tilt_ess?: number;
  networks: number;
  updates: number;
  units: number;
  /** Loss of the score, by update: the mean over shards and networks, and [network] that over shards. */
  curve: { update: number; loss: number; by_network: number[] }[];
}

export function learned_facts(merge: DiffusionMerge): Omit<Learned, 'updates' | 'tilt_ess'> {
  const own = groups(merge.seed);
  const { draws, weights_ess, curve, path, acceptance, sizes, fit_variance } = merge;
  return {
    acceptance,
    levels: path.levels.length,
    ...(weights_ess === undefined ? {} : { weights_ess }),
    ...(fit_variance === undefined ? {} : { fit_error: Math.sqrt(fit_variance) }),
    ...(own.length < 2 ? {} : { disagreement: disagreement(draws, own, weights_ess ?? 1) }),
    networks: own.length,
    units: sizes.units,
    curve: curve.map(({ update, losses }) => {
      const by_network = losses.map(({ score }) => score);
      return { update, loss: mean(Float64Array.from(by_network)), by_network };
    }),
  };
}

/** [network] its own draws, where there are several. */
export function draws_by_network({
  draws: { dimension, values },
  seed,
}: Pick<DiffusionMerge, 'draws' | 'seed'>): Points[] {
  const own = groups(seed);
  if (own.length < 2) return [];
  return own.map((group) => {
    const some = new Float64Array(group.length * dimension);
    group.forEach((from, n) => {
      some.set(values.subarray(from * dimension, (from + 1) * dimension), n * dimension);
    });
    return { count: group.length, dimension, values: some };
  });
}

/**
 * Means of n independent draws differ by √(2/n) sd by chance; twice that is left out.
 *
 * @param worth of one draw, where draws were resampled
 */
function disagreement(draws: Points, own: readonly number[][], worth: number): number {
  let largest = 0;
  for (let j = 0; j < draws.dimension; j++) {
    const values = column(draws, j);
    const sd = Math.sqrt(variance(values));
    const means = own.map((group) => mean(Float64Array.from(group, (i) => values[i] as number)));
    largest = Math.max(largest, (Math.max(...means) - Math.min(...means)) / sd);
  }
  const chance = 2 * Math.sqrt(2 / (worth * Math.min(...own.map((group) => group.length))));
  return Math.max(0, largest - chance);
}

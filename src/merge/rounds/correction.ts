/**
 * The exact end of a merge whose shards can be asked: importance weights of the merged draws against the posterior itself, Σ_b log p_b − log q with q what the draws are of, Pareto-smoothed. Their shape k̂ tells
 * whether weighting helps; where it does, the draws are resampled and have no error left but that of their number.
 */

import { largest_k_hat, smoothed_weights } from '../../diagnostics/pareto.ts';
import type { Points } from '../../diagnostics/points.ts';
import { effective_sample_size, resample_indices } from '../../diagnostics/weighted.ts';
import { site, uniform_at, type Words } from '../../random/threefry.ts';
import type { Asked } from './oracle.ts';

export interface Correction {
  k_hat: number;
  /** Of the weights. */
  ess: number;
  /** Whether draws were resampled: k̂ was small enough. */
  used: boolean;
}

export interface Corrected {
  correction: Correction;
  points: Points;
  /** [draw] log density of the posterior, up to a constant. */
  log_density: Float64Array;
}

/**
 * @param log_target [draw] Σ_b log p_b
 * @param log_own [draw] log q, each up to a constant
 */
export function correct_draws(points: Points, log_target: Float64Array, log_own: Float64Array, key: Words): Corrected {
  const { count, dimension } = points;
  const { weights, k_hat } = smoothed_weights(log_target.map((l, i) => l - (log_own[i] as number)));
  const used = k_hat < largest_k_hat(count);
  const correction = { k_hat, ess: effective_sample_size(weights), used };
  if (!used) return { correction, points, log_density: log_target };
  const chosen = resample_indices(weights, count, uniform_at(key, site.resample, 2, 0));
  const values = new Float64Array(count * dimension);
  chosen.forEach((from, i) => {
    values.set(points.values.subarray(from * dimension, (from + 1) * dimension), i * dimension);
  });
  return {
    correction,
    points: { count, dimension, values },
    log_density: Float64Array.from(chosen, (i) => log_target[i] as number),
  };
}

/** [point] Σ_b log p_b. */
export function summed_log_densities({ points, answers }: Asked): Float64Array {
  const sum = new Float64Array(points.count);
  for (const { log_densities } of answers) {
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (log_densities[i] as number);
  }
  return sum;
}

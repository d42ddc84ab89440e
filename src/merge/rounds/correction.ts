/**
 * The exact end of a merge whose shards can be asked: importance weights of the merged draws against the posterior itself, Σ_b log p_b − log q with q what the draws are of, Pareto-smoothed. Their shape k̂ tells
 * whether weighting helps; where it does, the draws are resampled and have no error left but that of their number.
 */

import { largest_k_hat, smoothed_weights } from '../../diagnostics/pareto.ts';
import type { Points } from '../../diagnostics/points.ts';
import { effective_sample_size, resample_indices } from '../../diagnostics/weighted.ts';
import { site, uniform_at, type Words } from '../../random/threefry.ts';
import { normalised_log_weights } from '../by_network.ts';
import type { DiffusionMerge } from '../diffusion.ts';
import type { Asked } from './oracle.ts';

/** Of the learned merge. */
export type Particles = Pick<DiffusionMerge, 'draws' | 'seed' | 'energy' | 'weights_ess'>;

export interface Correction {
  k_hat: number;
  /** Of the weights, and of those that the draws had before. */
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

/** Of the draws that weights leave: fewer would be more repetition than correction. */
const LEAST_SHARE = 0.05;

/**
 * @param log_target [draw] Σ_b log p_b
 * @param log_weight [draw] log_target less the log density of the draws, each up to a constant
 * @param worth of one draw: less than 1 where draws are copies, told apart within their mode since
 */
export function correct_draws(
  points: Points,
  log_target: Float64Array,
  log_weight: Float64Array,
  key: Words,
  worth = 1,
): Corrected {
  const { count, dimension } = points;
  const { weights, k_hat } = smoothed_weights(log_weight);
  const ess = worth * effective_sample_size(weights);
  // k-hat knows the weights of the draws that there are: those of draws beside the posterior can have a light tail, and only be few.
  const used = k_hat < largest_k_hat(count) && ess > LEAST_SHARE * count;
  const correction = { k_hat, ess, used };
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

/**
 * The same of particles of what networks learned: weights are ∏ p_b over that.
 *
 * @param particles of which `asked` are those with a density
 */
export function correct_particles(asked: Asked, { seed, energy, weights_ess }: Particles, key: Words): Corrected {
  const log_target = summed_log_densities(asked);
  const weights = asked.kept.map((i, n) => (log_target[n] as number) - (energy[i] as number));
  const seeds = Uint8Array.from(asked.kept, (i) => seed[i] as number);
  const log_weight = normalised_log_weights(Float64Array.from(weights), seeds);
  return correct_draws(asked.points, log_target, log_weight, key, weights_ess);
}

/** [point] Σ_b log p_b. */
export function summed_log_densities({ points, answers }: Asked): Float64Array {
  const sum = new Float64Array(points.count);
  for (const { log_densities } of answers) {
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (log_densities[i] as number);
  }
  return sum;
}

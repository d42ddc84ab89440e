/**
 * Draws of every shard as if they were from q_b |J|^{−(1 − 1/S)} (shards/space.ts): what a method needs that learns densities from draws. They are resampled by that factor, and gradients and log
 * densities get its own.
 */

import { effective_sample_size, resample_indices } from '../diagnostics/weighted.ts';
import { site, uniform_at, type Words } from '../random/threefry.ts';
import { tilt_weights } from './tilt.ts';
import type { ShardDraws } from './whiten.ts';

/** Central differences of smooth functions of order 1 are right to about 1e-10. */
const STEP = 1e-5;

export interface TiltedDraws {
  shards: ShardDraws[];
  /** Least effective sample size of the weights over the shards, as a fraction of the draws. */
  least_ess: number;
}

export function tilt_draws(
  shards: readonly ShardDraws[],
  log_jacobian: (phi: Float64Array) => number,
  key: Words,
): TiltedDraws {
  const power = 1 - 1 / shards.length;
  const log_weights = tilt_weights(
    shards.map(({ draws }) => draws),
    log_jacobian,
  );
  let least_ess = 1;
  const tilted = shards.map(({ draws, gradients, log_densities }, b): ShardDraws => {
    const { count, dimension } = draws;
    const factors = log_weights[b] as Float64Array;
    const top = factors.reduce((most, w) => Math.max(most, w), Number.NEGATIVE_INFINITY);
    const weights = factors.map((w) => Math.exp(w - top));
    least_ess = Math.min(least_ess, effective_sample_size(weights) / count);
    const chosen = resample_indices(weights, count, uniform_at(key, site.resample, 0, b));
    const values = new Float64Array(count * dimension);
    const slopes = new Float64Array(count * dimension);
    chosen.forEach((from, i) => {
      const phi = draws.values.slice(from * dimension, (from + 1) * dimension);
      values.set(phi, i * dimension);
      if (!gradients) return;
      log_jacobian_slope(log_jacobian, phi).forEach((slope, d) => {
        slopes[i * dimension + d] = (gradients.values[from * dimension + d] as number) - power * slope;
      });
    });
    return {
      draws: { count, dimension, values },
      ...(gradients ? { gradients: { count, dimension, values: slopes } } : {}),
      ...(log_densities
        ? { log_densities: Float64Array.from(chosen, (i) => (log_densities[i] as number) + (factors[i] as number)) }
        : {}),
    };
  });
  return { shards: tilted, least_ess };
}

/** ∇ log |J|. */
export function log_jacobian_slope(log_jacobian: (phi: Float64Array) => number, phi: Float64Array): Float64Array {
  const moved = phi.slice();
  return phi.map((here, d) => {
    const at = (shift: number) => {
      moved[d] = here + shift;
      return log_jacobian(moved);
    };
    const slope = (at(STEP) - at(-STEP)) / (2 * STEP);
    moved[d] = here;
    return slope;
  });
}

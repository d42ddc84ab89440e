/** Draws of a shard with the noise that its diffusion model sees (shaders/merge/schedule.wgsl), for pictures of the path. */

import { lower_factor, times_vector } from '../diagnostics/linear_algebra.ts';
import type { Points } from '../diagnostics/points.ts';
import { normals_at } from '../random/normals.ts';
import { site, type Words } from '../random/threefry.ts';
import type { Gaussian } from './baselines/shards.ts';

/** θ_t = μ + a (θ − μ) + s L z with L·Lᵀ = Σ: a diffusion that leaves the shard's own Gaussian as it is. */
export function noised_draws(shard: Points, { mean, covariance }: Gaussian, time: number, key: Words): Points {
  const { count, dimension, values } = shard;
  const keep = Math.exp(-time * (0.05 + 4.975 * time));
  const noise = Math.sqrt(1 - keep * keep);
  const factor = lower_factor(covariance, dimension);
  const normals = normals_at(key, site.state_draw, 0, count * dimension);
  const noised = new Float64Array(values.length);
  for (let at = 0; at < values.length; at += dimension) {
    const spread = times_vector(factor, normals.subarray(at, at + dimension));
    for (let j = 0; j < dimension; j++) {
      const center = mean[j] as number;
      noised[at + j] = center + keep * ((values[at + j] as number) - center) + noise * (spread[j] as number);
    }
  }
  return { count, dimension, values: noised };
}

/** The coordinates in which kernel estimates of the shards are made. */
import { lower_factor, lower_inverse } from '../../diagnostics/linear_algebra.ts';
import { type AffineMap, map_points, type Points } from '../../diagnostics/points.ts';
import { gaussian_product, type ShardMoments } from './shards.ts';

export interface WhitenedShards {
  shards: Points[];
  /** From these coordinates back. */
  back: AffineMap;
}

/**
 * u = L⁻¹ (θ − m) with L·Lᵀ = M·V, the harmonic mean of the shards' covariances, and m, V of the product of Gaussians. A
 * shard then has a spread of about 1 in every direction, and the product of Gaussians is N(0, I / M).
 */
export function whitened_shards(shards: readonly Points[], moments: readonly ShardMoments[]): WhitenedShards {
  const { mean, covariance } = gaussian_product(moments);
  const dimension = mean.length;
  const factor = lower_factor(
    covariance.map((v) => v * shards.length),
    dimension,
  );
  const zero = new Float64Array(dimension);
  const there = { matrix: lower_inverse(factor, dimension), center: mean, shift: zero };
  return {
    shards: shards.map((shard) => map_points(shard, there)),
    back: { matrix: factor, center: zero, shift: mean },
  };
}

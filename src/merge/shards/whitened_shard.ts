/** A shard's draws and gradients in coordinates where its draws have mean 0 and covariance I. */
import { lower_factor, lower_inverse } from '../../diagnostics/linear_algebra.ts';
import { map_points, type Points, points_covariance, points_mean } from '../../diagnostics/points.ts';
import type { Shard } from './shard.ts';

export interface WhiteShard {
  /** u = L⁻¹ (x − mean), L·Lᵀ the covariance. */
  points: Points;
  /** h = Lᵀ g: the gradient with respect to u. */
  gradients: Points;
}

/** Throws Error where the draws do not span every coordinate. */
export function white_shard({ points }: Shard, gradients: Float64Array): WhiteShard {
  const { count, dimension } = points;
  const center = points_mean(points);
  const factor = lower_factor(points_covariance(points, center), dimension);
  const zero = new Float64Array(dimension);
  const transposed = factor.map((_, at) => factor[(at % dimension) * dimension + Math.floor(at / dimension)] as number);
  return {
    points: map_points(points, { matrix: lower_inverse(factor, dimension), center, shift: zero }),
    gradients: map_points({ count, dimension, values: gradients }, { matrix: transposed, center: zero, shift: zero }),
  };
}

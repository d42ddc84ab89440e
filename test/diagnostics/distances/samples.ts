/** Sets of draws for tests of distances and merges. */
import { lower_factor, lower_inverse } from '../../../src/diagnostics/linear_algebra.ts';
import { normal_quantile } from '../../../src/diagnostics/normal_quantile.ts';
import { map_points, type Points, points_covariance, points_mean } from '../../../src/diagnostics/points.ts';
import { normals_at } from '../../../src/random/normals.ts';
import { site } from '../../../src/random/threefry.ts';

/** Independent standard normals in every coordinate. */
export function normal_points(seed: number, count: number, dimension: number): Points {
  const values = normals_at([seed, 20_261_121], site.observation, 0, count * dimension);
  return { count, dimension, values };
}

/** Normal draws with exactly this mean and covariance (n − 1), up to rounding. */
export function exact_moments(
  seed: number,
  count: number,
  mean: readonly number[],
  covariance: readonly number[],
): Points {
  const dimension = mean.length;
  const raw = normal_points(seed, count, dimension);
  const zero = new Float64Array(dimension);
  const whitening = lower_inverse(lower_factor(points_covariance(raw), dimension), dimension);
  const white = map_points(raw, { matrix: whitening, center: points_mean(raw), shift: zero });
  const matrix = lower_factor(Float64Array.from(covariance), dimension);
  return map_points(white, { matrix, center: zero, shift: Float64Array.from(mean) });
}

/** Φ⁻¹((i − ½) / n): a normal sample without chance. */
export function even_normals(count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => normal_quantile((i + 0.5) / count));
}

/** One quantity. */
export const line = (values: Float64Array): Points => ({ count: values.length, dimension: 1, values });

/** x ↦ scale_j x + shift_j in every coordinate. */
export function stretched(points: Points, scale: readonly number[], shift: readonly number[]): Points {
  const values = points.values.map((x, at) => {
    const j = at % points.dimension;
    return x * (scale[j] as number) + (shift[j] as number);
  });
  return { ...points, values };
}

/** The product of Gaussians fitted to the shards: Neiswanger, Wang and Xing 2014, "parametric". Draws of any Gaussian, and their log density. */
import { lower_factor, lower_inverse } from '../../diagnostics/linear_algebra.ts';
import { map_points, type Points } from '../../diagnostics/points.ts';
import { normals_at } from '../../random/normals.ts';
import { site } from '../../random/threefry.ts';
import type { BaselineOptions } from './options.ts';
import { type Gaussian, gaussian_product, shard_moments } from './shards.ts';

/** Independent draws of N(m, V). Throws UserError as `shard_moments`. */
export const gaussian = (shards: readonly Points[], options: BaselineOptions): Points =>
  gaussian_draws(gaussian_product(shard_moments(shards)), options);

/** Independent. */
export function gaussian_draws({ mean, covariance }: Gaussian, { draws, key }: BaselineOptions): Points {
  const dimension = mean.length;
  const normals = new Float64Array(draws * dimension);
  for (let i = 0; i < draws; i++) normals.set(normals_at(key, site.state_draw, i, dimension), i * dimension);
  const map = { matrix: lower_factor(covariance, dimension), center: new Float64Array(dimension), shift: mean };
  return map_points({ count: draws, dimension, values: normals }, map);
}

/** [draw] log of the normalised density. */
export function gaussian_log_density({ mean, covariance }: Gaussian, points: Points): Float64Array {
  const { count, dimension } = points;
  const factor = lower_factor(covariance, dimension);
  const matrix = lower_inverse(factor, dimension);
  const white = map_points(points, { matrix, center: mean, shift: new Float64Array(dimension) }).values;
  let constant = -(dimension / 2) * Math.log(2 * Math.PI);
  for (let j = 0; j < dimension; j++) constant -= Math.log(factor[j * (dimension + 1)] as number);
  return Float64Array.from({ length: count }, (_, i) => {
    let squares = 0;
    for (let at = i * dimension; at < (i + 1) * dimension; at++) squares += (white[at] as number) ** 2;
    return constant - squares / 2;
  });
}

/** The product of Gaussians fitted to the shards: Neiswanger, Wang and Xing 2014, "parametric". */
import { lower_factor } from '../../diagnostics/linear_algebra.ts';
import { map_points, type Points } from '../../diagnostics/points.ts';
import { normals_at } from '../../random/normals.ts';
import { site } from '../../random/threefry.ts';
import type { BaselineOptions } from './options.ts';
import { gaussian_product, shard_moments } from './shards.ts';

/** Independent draws of N(m, V). Throws UserError as `shard_moments`. */
export function gaussian(shards: readonly Points[], { draws, key }: BaselineOptions): Points {
  const { mean, covariance } = gaussian_product(shard_moments(shards));
  const dimension = mean.length;
  const normals = new Float64Array(draws * dimension);
  for (let i = 0; i < draws; i++) normals.set(normals_at(key, site.state_draw, i, dimension), i * dimension);
  const map = { matrix: lower_factor(covariance, dimension), center: new Float64Array(dimension), shift: mean };
  return map_points({ count: draws, dimension, values: normals }, map);
}

/** Consensus Monte Carlo (Scott, Blocker, Bonassi, Chipman, George and McCulloch 2016): precision-weighted means of draws. */
import { product } from '../../diagnostics/linear_algebra.ts';
import { map_points, type Points } from '../../diagnostics/points.ts';
import type { BaselineOptions } from './options.ts';
import { gaussian_product, shard_moments } from './shards.ts';
import { shuffled_draws } from './shuffled.ts';

/**
 * θ_i = V Σ_b Σ_b⁻¹ θ_{b,i} over shuffled shards b, V = (Σ_b Σ_b⁻¹)⁻¹. Exact for Gaussian shards; means of draws forget most of
 * any other shape. A shard of fewer draws than asked for is shuffled again and reused. Throws UserError as `shard_moments`.
 */
export function consensus(shards: readonly Points[], { draws, key }: BaselineOptions): Points {
  const moments = shard_moments(shards);
  const { mean, covariance } = gaussian_product(moments);
  const dimension = mean.length;
  const values = new Float64Array(draws * dimension);
  for (let i = 0; i < draws; i++) values.set(mean, i * dimension);
  shards.forEach((shard, b) => {
    // The weights V Σ_b⁻¹ add up to I, so taking the mean off first changes nothing but rounding.
    const matrix = product(covariance, moments[b]?.precision as Float64Array, dimension);
    const share = map_points(shard, { matrix, center: mean, shift: new Float64Array(dimension) });
    const order = shuffled_draws(shard, b, key);
    for (let i = 0; i < draws; i++) {
      const from = order(i) * dimension;
      const to = i * dimension;
      for (let j = 0; j < dimension; j++) {
        values[to + j] = (values[to + j] as number) + (share.values[from + j] as number);
      }
    }
  });
  return { count: draws, dimension, values };
}

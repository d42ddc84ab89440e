/** The product of kernel density estimates of the shards: Neiswanger, Wang and Xing 2014, "nonparametric". */
import type { Points } from '../../diagnostics/points.ts';
import { create_index_chain } from './index_chain.ts';
import { type KernelOptions, type KernelProduct, kernel_product } from './kernel_product.ts';
import { shard_moments } from './shards.ts';
import { whitened_shards } from './whitened.ts';

/**
 * A choice of one draw per shard stands for the kernel N(ū, (h²/M) I) with weight ∏_b N(u_b; ū, h² I), in coordinates where a
 * shard's covariance is about I. Consistent for any shards that overlap; where they do not, it knows only their nearest draws.
 * Throws UserError as `shard_moments`.
 */
export function nonparametric(shards: readonly Points[], options: KernelOptions): KernelProduct {
  const whitened = whitened_shards(shards, options.moments ?? shard_moments(shards));
  const weights = options.log_weights ?? shards.map(({ count }) => new Float64Array(count));
  const chain = create_index_chain(whitened.shards, options.key, weights, () => 0);
  return kernel_product(whitened, chain, (h) => ({ scale: 1, sd: h / Math.sqrt(shards.length) }), options);
}

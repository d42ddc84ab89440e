/** Draws of a product of kernel estimates, with the kernel width annealed and the chain's acceptance watched. */
import { map_points, type Points } from '../../diagnostics/points.ts';
import { normals_at } from '../../random/normals.ts';
import { site } from '../../random/threefry.ts';
import type { IndexChain } from './index_chain.ts';
import type { BaselineOptions } from './options.ts';
import type { ShardMoments } from './shards.ts';
import type { WhitenedShards } from './whitened.ts';

export interface KernelOptions extends BaselineOptions {
  /** Kernel width of draw 1, in standard deviations of a shard; 1 unless told. */
  bandwidth?: number;
  /** [shard][draw] log weights of the draws, which are equal unless told. */
  log_weights?: readonly Float64Array[];
  /** Gaussians near the weighted shards, for coordinates and for the Gaussian part; those of the draws unless told. Any are right. */
  moments?: readonly ShardMoments[];
}

/** Draws with a fact about the chain that made them. */
export interface KernelProduct extends Points {
  /** The share of proposed exchanges that were taken; below a few percent the same draws are used over and over. */
  acceptance: number;
}

/** One kernel of the product: N(scale · ū, sd² I). */
export interface Kernel {
  scale: number;
  sd: number;
}

/** Sweeps per draw at most, however rarely the chain moves. */
const MOST_SWEEPS = 20;
/** Past draws that the acceptance is averaged over to choose the sweeps of the next. */
const MEMORY = 100;

/**
 * Draw i = 1, 2, … has width h_i = bandwidth · i^{−1/(4+d)} in whitened coordinates, Scott's rule for i draws. Before each the chain
 * sweeps as often as one exchange per shard takes at its recent acceptance; sweeps chosen by past acceptance, and not by waiting for
 * an exchange, leave the chain's distribution as it is.
 */
export function kernel_product(
  { shards, back }: WhitenedShards,
  chain: IndexChain,
  kernel: (h: number) => Kernel,
  { draws, key, bandwidth = 1 }: KernelOptions,
): KernelProduct {
  const dimension = shards[0]?.dimension as number;
  const values = new Float64Array(draws * dimension);
  let [exchanged, proposed] = [0, 0];
  // Draws before the first count as exchanges that were all taken.
  let recent = 1;
  for (let i = 0; i < draws; i++) {
    const h = bandwidth * (i + 1) ** (-1 / (4 + dimension));
    const sweeps = Math.min(MOST_SWEEPS, Math.ceil(1 / recent));
    let taken = 0;
    for (let s = 0; s < sweeps; s++) taken += chain.sweep(h);
    recent += (taken / (sweeps * shards.length) - recent) / MEMORY;
    exchanged += taken;
    proposed += sweeps * shards.length;
    const { scale, sd } = kernel(h);
    const noise = normals_at(key, site.state_draw, i, dimension);
    for (let j = 0; j < dimension; j++) {
      values[i * dimension + j] = scale * (chain.mean[j] as number) + sd * (noise[j] as number);
    }
  }
  return { ...map_points({ count: draws, dimension, values }, back), acceptance: exchanged / proposed };
}

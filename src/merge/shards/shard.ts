/** What a merge is given: draws of every shard in the same parameters, with what is known of their densities. */
import { ess_mean } from '../../diagnostics/ess.ts';
import type { Points } from '../../diagnostics/points.ts';

/** Draws from prior^{1/S} × the likelihood of the shard's own rows, S the number of shards. */
export interface Shard {
  /** For messages: `a/draws.csv`, or `all.npy, shard 3`. */
  name: string;
  /** Equally weighted, chain after chain, each in the order in which it was drawn. */
  points: Points;
  /** Equally long. */
  chains: number;
  /** Of draws that came with weights and were resampled: the effective sample size of the weights. Their order means nothing. */
  weights_ess?: number;
  /** [draw][dimension] gradient of the shard's log density with respect to the numbers in `points`. */
  gradients?: Float64Array;
  /** [draw] up to a constant. */
  log_densities?: Float64Array;
}

export interface ShardSet {
  /** Of the parameters. */
  names: readonly string[];
  shards: readonly Shard[];
}

/** A chain shorter than this shows nothing of its autocorrelation. */
const SHORTEST_CHAIN = 6;

/**
 * How many independent draws the shard's are worth for the mean of a quantity: of chains by their autocorrelation, of chains too short
 * to show any their number, of a weighted population the effective sample size of its weights.
 *
 * @param series [draw] the quantity
 */
export function effective_draws({ points: { count }, chains, weights_ess }: Shard, series: Float64Array): number {
  if (weights_ess !== undefined) return weights_ess;
  const length = count / chains;
  if (length < SHORTEST_CHAIN) return count;
  const split = Array.from({ length: chains }, (_, c) => series.subarray(c * length, (c + 1) * length));
  const found = ess_mean(split);
  // NaN: the quantity is the same in every draw, and so its mean is known.
  return Number.isNaN(found) ? count : found;
}

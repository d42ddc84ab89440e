/**
 * Replica exchange between two temperatures with energies that are estimated: particles stay, temperatures move.
 *
 * With Û = U + noise and s² the variance of Û_i − Û_j, a swap is accepted with log probability (β_i − β_j)(Û_i − Û_j) − ½ (β_i − β_j)² s² (the penalty method, Ceperley & Dewing 1999): exact for Gaussian noise
 * of known variance, where the same without the second term swaps too often and leaves every temperature with a mixture of its neighbours.
 */

import { site, uniform_at, type Words } from '../../random/threefry.ts';

export interface Offer {
  /** Inverse temperature. */
  beta: number;
  /** Û of the particle, whose density is exp(−β U). */
  energy: number;
  /** Of the noise of `energy`; 0: all rows were seen. Offers that saw the same minibatch say what their difference has, half each. */
  variance: number;
}

/** Log probability of a swap before it is cut at 0. */
export function log_swap(a: Offer, b: Offer): number {
  const apart = a.beta - b.beta;
  return apart * (a.energy - b.energy) - 0.5 * apart * apart * (a.variance + b.variance);
}

/** Both sides come to the same answer by themselves: the uniform number belongs to the run, the round and the lower place of the pair. */
export function is_swapped(key: Words, round: number, lower: number, a: Offer, b: Offer): boolean {
  return Math.log(uniform_at(key, site.exchange, round, lower)) < log_swap(a, b);
}

/** β_k = least^(k / (count − 1)), from 1 down to `least`. */
export function geometric_ladder(least: number, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, k) => (count === 1 ? 1 : least ** (k / (count - 1))));
}

/**
 * What draws are worth: effective sample sizes by `posterior::ess_mean` (chains split, draws as they are, Geyer's initial monotone sequence), of every coordinate and of its square, the smallest of
 * either. Antithetic chains estimate means better than independent draws and squares far worse, so the worse of the two ranks a sampler.
 */

import type { DrawsFile } from '../../src/data/draws_file.ts';
import type { Chains } from '../../src/diagnostics/chains.ts';
import { ess_mean, ess_square } from '../../src/diagnostics/ess.ts';

export const estimator = 'posterior::ess_mean';

export interface Score {
  /** Smallest over the coordinates. */
  theta: number;
  square: number;
}

/** Zero where a coordinate never moves: then the draws know nothing of it. */
export function score(draws: DrawsFile): Score {
  const all = Array.from(draws.parameters.values());
  const smallest = (of: (chains: Chains) => number) => all.reduce((least, c) => Math.min(least, of(c) || 0), Infinity);
  return { theta: smallest(ess_mean), square: smallest(ess_square) };
}

export const worse = ({ theta, square }: Score): number => Math.min(theta, square);

/** Groups of chains that are left out by turns. */
const most_groups = 10;

/** Standard error of the smallest ess_mean: jackknife over groups of chains, at the coordinate where it is smallest. Undefined for fewer than three chains. */
export function error_of_theta(draws: DrawsFile): number | undefined {
  const groups = Math.min(most_groups, draws.chains);
  if (groups < 3) return undefined;
  const all = Array.from(draws.parameters.values());
  const sizes = all.map(ess_mean);
  const worst = all[sizes.indexOf(Math.min(...sizes))] as Chains;
  const without = Array.from({ length: groups }, (_, g) => {
    const kept = worst.filter((_, c) => c % groups !== g);
    return (ess_mean(kept) * draws.chains) / kept.length;
  });
  const mean = without.reduce((a, b) => a + b, 0) / groups;
  return Math.sqrt(((groups - 1) / groups) * without.reduce((sum, x) => sum + (x - mean) ** 2, 0));
}

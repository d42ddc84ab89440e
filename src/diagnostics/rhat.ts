/**
 * R-hat: how much wider all chains together are than each alone (Gelman and Rubin 1992). 1 where chains agree; above 1.01
 * they do not yet. NaN for draws that are constant or not finite and for chains of fewer than two draws.
 */
import { type Chains, vary } from './chains.ts';
import { mean, variance } from './moments.ts';
import { folded_scores, split_scores } from './ranks.ts';

/** √((n − 1 + n·Var(chain means) / mean(chain variances)) / n) of the chains as they are; ∞ for chains stuck in different places. */
export function rhat_basic(chains: Chains): number {
  const n = chains[0]?.length ?? 0;
  if (!vary(chains) || n < 2) return Number.NaN;
  const means = Float64Array.from(chains, (chain) => mean(chain));
  const within = mean(Float64Array.from(chains, (chain, c) => variance(chain, means[c])));
  return Math.sqrt(((n * variance(means)) / within + n - 1) / n);
}

/** Of rank-normalised half chains: sees differences in location, also where there are no moments. */
export const rhat_bulk = (chains: Chains): number => rhat_basic(split_scores(chains));

/** The same of |x − median|: sees differences in scale. */
export const rhat_folded = (chains: Chains): number => rhat_basic(folded_scores(chains));

/** The R-hat to report: the larger of the two (Vehtari et al. 2021, arXiv 1903.08008). */
export const rhat = (chains: Chains): number => Math.max(rhat_bulk(chains), rhat_folded(chains));

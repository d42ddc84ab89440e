/** What a table says of one parameter's chains. */
import { type Chains, pooled } from './chains.ts';
import { ess, ess_mean, ess_square, ess_tail } from './ess.ts';
import { mean, variance } from './moments.ts';
import { quantile } from './quantiles.ts';
import { folded_scores, split_scores } from './ranks.ts';
import { rhat_basic } from './rhat.ts';
import { sort } from './sort.ts';

/** NaN where undefined: mcse, ess and rhat of draws that do not vary, everything of draws that are not finite. */
export interface ChainStatistics {
  mean: number;
  sd: number;
  /** Monte Carlo standard error of the mean. */
  mcse: number;
  q05: number;
  q50: number;
  q95: number;
  ess_bulk: number;
  ess_tail: number;
  /** Of the mean, which `mcse` rests on. */
  ess_mean: number;
  /** Of the mean of squares. */
  ess_square: number;
  rhat: number;
}

/** One parameter. Its draws are sorted once for all that needs their order. */
export function chain_statistics(chains: Chains): ChainStatistics {
  const all = pooled(chains);
  const center = mean(all);
  const sd = Math.sqrt(variance(all, center));
  const sorted = sort(all);
  const bulk = split_scores(chains, sorted);
  const of_mean = ess_mean(chains);
  // Sorting puts NaN last, so quantiles would pass over it.
  const q = (p: number) => (Number.isFinite(center) ? quantile(sorted.values, p) : Number.NaN);
  return {
    mean: center,
    sd,
    mcse: sd / Math.sqrt(of_mean),
    q05: q(0.05),
    q50: q(0.5),
    q95: q(0.95),
    ess_bulk: ess(bulk),
    ess_tail: ess_tail(chains, sorted.values),
    ess_mean: of_mean,
    ess_square: ess_square(chains),
    rhat: Math.max(rhat_basic(bulk), rhat_basic(folded_scores(chains, sorted))),
  };
}

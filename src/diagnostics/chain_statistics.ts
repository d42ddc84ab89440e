/** What a table says of one parameter's chains. */
import { type Chains, pooled } from './chains.ts';
import { ess, ess_mean, ess_quantile, ess_sd, ess_square } from './ess.ts';
import { mcse_of_sorted, mcse_sd } from './mcse.ts';
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
  /** Monte Carlo standard errors of the sd and of the quantiles. */
  mcse_sd: number;
  mcse_q05: number;
  mcse_q50: number;
  mcse_q95: number;
  /** Of the sd and of the quantiles, which those errors rest on; `ess_tail` is the smaller of the outer two. */
  ess_sd: number;
  ess_q05: number;
  ess_q50: number;
  ess_q95: number;
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
  const of_sd = ess_sd(chains);
  const [of_q05, of_q50, of_q95] = [0.05, 0.5, 0.95].map((p) => ess_quantile(chains, p, sorted.values)) as [
    number,
    number,
    number,
  ];
  return {
    mean: center,
    sd,
    mcse: sd / Math.sqrt(of_mean),
    q05: q(0.05),
    q50: q(0.5),
    q95: q(0.95),
    ess_bulk: ess(bulk),
    ess_tail: Math.min(of_q05, of_q95),
    ess_mean: of_mean,
    ess_square: ess_square(chains),
    rhat: Math.max(rhat_basic(bulk), rhat_basic(folded_scores(chains, sorted))),
    mcse_sd: mcse_sd(chains, of_sd),
    mcse_q05: mcse_of_sorted(sorted.values, of_q05, 0.05),
    mcse_q50: mcse_of_sorted(sorted.values, of_q50, 0.5),
    mcse_q95: mcse_of_sorted(sorted.values, of_q95, 0.95),
    ess_sd: of_sd,
    ess_q05: of_q05,
    ess_q50: of_q50,
    ess_q95: of_q95,
  };
}

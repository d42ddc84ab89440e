/**
 * Effective sample size of chains: how many independent draws would estimate a mean as well. Definitions of the R package
 * `posterior` (Vehtari et al. 2021, arXiv 1903.08008), so that the figures compare with those of Stan and ArviZ. NaN for
 * draws that are constant or not finite, and for chains of fewer than three draws (six where they are split first).
 */
import { mean_autocovariance } from './autocovariance.ts';
import { type Chains, map_chains, pooled, split_chains, vary } from './chains.ts';
import { mean, variance } from './moments.ts';
import { quantile, sorted_draws } from './quantiles.ts';
import { split_scores } from './ranks.ts';

/**
 * ESS of the mean of the chains as they are, not split: S/τ with τ the integrated autocorrelation time of all S draws,
 * which counts disagreement between chains as correlation. τ ends at the first pair of neighbouring lags whose sum is
 * not positive and is made monotone (Geyer 1992), with the even lag of that pair where it is positive, which steadies
 * antithetic chains. ESS is at most S·log₁₀ S.
 */
export function ess(chains: Chains): number {
  const n = chains[0]?.length ?? 0;
  if (!vary(chains) || n < 3) return Number.NaN;
  const covariance = mean_autocovariance(chains);
  const within = ((covariance[0] as number) * n) / (n - 1);
  const means = Float64Array.from(chains, (chain) => mean(chain));
  const total = (within * (n - 1)) / n + (chains.length > 1 ? variance(means) : 0);
  const rho = (lag: number) => 1 - (within - (covariance[lag] as number)) / total;
  const draws = n * chains.length;
  return draws / Math.max(autocorrelation_time(rho, n), 1 / Math.log10(draws));
}

/** τ from the autocorrelation by lag, of which there are n. */
function autocorrelation_time(rho: (lag: number) => number, n: number): number {
  let lag = 0;
  let even = 1;
  let odd = rho(1);
  let pair = Number.POSITIVE_INFINITY;
  let sum = 0;
  while (lag < n - 5 && even + odd > 0) {
    // Never more than the pair before it.
    pair = Math.min(pair, even + odd);
    sum += pair;
    lag += 2;
    even = rho(lag);
    odd = rho(lag + 1);
  }
  // Fewer than six draws, or a chain that jumps from side to side at every step: `posterior` counts lag 0 twice then.
  if (lag === 0) return 2;
  return -1 + 2 * sum + (even > 0 || even + odd >= 0 ? even : 0);
}

/** Of the mean, for distributions that have one: chains split, draws as they are. */
export const ess_mean = (chains: Chains): number => ess(split_chains(chains));

/** Of the centre of the distribution, whatever its tails: chains split, draws rank-normalised. */
export const ess_bulk = (chains: Chains): number => ess(split_scores(chains));

/** The smaller of those of the 5 % and 95 % quantiles. `sorted`, where at hand, are all draws in increasing order. */
export function ess_tail(chains: Chains, sorted = sorted_draws(chains)): number {
  return Math.min(ess_quantile(chains, 0.05, sorted), ess_quantile(chains, 0.95, sorted));
}

/** Of the p-quantile: that of the share of draws not above it. */
export function ess_quantile(chains: Chains, p: number, sorted = sorted_draws(chains)): number {
  if (!vary(chains)) return Number.NaN;
  const threshold = quantile(sorted, p);
  return ess_mean(map_chains(chains, (x) => (x <= threshold ? 1 : 0)));
}

export const ess_median = (chains: Chains): number => ess_quantile(chains, 0.5);

/** Of the standard deviation: that of (x − mean)². */
export function ess_sd(chains: Chains): number {
  const center = mean(pooled(chains));
  return ess_mean(map_chains(chains, (x) => (x - center) ** 2));
}

/**
 * Of the mean of squares. Antithetic chains estimate means better than independent draws would and squares far worse,
 * so both belong beside a sampler's name.
 */
export const ess_square = (chains: Chains): number => ess_mean(map_chains(chains, (x) => x * x));

/**
 * Monte Carlo standard errors of estimates from chains, defined as in the R package `posterior`. NaN where the effective
 * sample size is.
 */
import { beta_quantile } from './beta_quantile.ts';
import { type Chains, map_chains, pooled } from './chains.ts';
import { ess_mean, ess_quantile } from './ess.ts';
import { mean, variance } from './moments.ts';
import { sorted_draws } from './quantiles.ts';

/** Of the mean: sd / √ESS. */
export function mcse_mean(chains: Chains): number {
  return Math.sqrt(variance(pooled(chains)) / ess_mean(chains));
}

/**
 * Of the standard deviation. With d = x − mean the variance's error is Var(d²)/ESS(d²), and the root's is that over
 * 4 E d² (Kenney and Keeping 1951, p. 141): no normality is assumed. `ess`, where at hand, is that of d².
 */
export function mcse_sd(chains: Chains, ess?: number): number {
  const center = mean(pooled(chains));
  const squares = map_chains(chains, (x) => (x - center) ** 2);
  const all = pooled(squares);
  const second = mean(all);
  const fourth = mean(all.map((x) => x * x));
  return Math.sqrt((fourth - second ** 2) / (ess ?? ess_mean(squares)) / second / 4);
}

/** Φ(−1) and Φ(1), to the digits that `posterior` takes, so that the same order statistics are found. */
const ONE_SD = [0.1586553, 0.8413447] as const;

/**
 * Of the p-quantile. With ESS draws the share below it is Beta(ESS·p + 1, ESS·(1 − p) + 1); half the distance between
 * the draws one standard deviation down and up in that share (Vehtari et al. 2021, §4.4).
 */
export function mcse_quantile(chains: Chains, p: number): number {
  const sorted = sorted_draws(chains);
  return mcse_of_sorted(sorted, ess_quantile(chains, p, sorted), p);
}

/** The same from all draws in increasing order and the ESS of the quantile. */
export function mcse_of_sorted(sorted: Float64Array, ess: number, p: number): number {
  if (Number.isNaN(ess)) return Number.NaN;
  const count = sorted.length;
  const [below, above] = ONE_SD.map((mass) => beta_quantile(mass, ess * p + 1, ess * (1 - p) + 1) * count);
  const low = sorted[Math.max(Math.floor(below as number), 1) - 1] as number;
  const high = sorted[Math.min(Math.ceil(above as number), count) - 1] as number;
  return (high - low) / 2;
}

export const mcse_median = (chains: Chains): number => mcse_quantile(chains, 0.5);

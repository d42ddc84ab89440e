/** What the statistical tests share: two-sided z limits, Kolmogorov–Smirnov, chi-square, moments. All float64. */

import { normal_magnitude } from './normal_quantile.ts';

/** The |z| that a standard normal exceeds with probability `rate` divided by `tests` (Bonferroni). */
export function z_limit(rate: number, tests: number): number {
  const above = rate / tests / 2;
  return normal_magnitude(above, 0.5 - above);
}

export const mean_of = (x: ArrayLike<number>) => {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] as number;
  return sum / x.length;
};

/** Unbiased. */
export const variance_of = (x: ArrayLike<number>) => {
  const mean = mean_of(x);
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += ((x[i] as number) - mean) ** 2;
  return sum / (x.length - 1);
};

/** Largest distance between the empirical distribution of `x` and `cdf`. Sorts a copy. */
export function ks_distance(x: ArrayLike<number>, cdf: (x: number) => number): number {
  const sorted = Float64Array.from(x).sort();
  const n = sorted.length;
  let distance = 0;
  sorted.forEach((value, i) => {
    const p = cdf(value);
    distance = Math.max(distance, (i + 1) / n - p, p - i / n);
  });
  return distance;
}

/** The distance that n independent numbers exceed with probability at most `rate` (Dvoretzky, Kiefer & Wolfowitz 1956, with Massart's constant 1990). */
export const ks_limit = (n: number, rate: number) => Math.sqrt(Math.log(2 / rate) / (2 * n));

/** Pearson's statistic as a standard normal score, by the cube root of Wilson & Hilferty (1931). Cells with fewer than `least` expected are pooled into one. */
export function chi_square_score(observed: readonly number[], expected: readonly number[], least = 10): number {
  let cells = 0;
  let statistic = 0;
  let pooled_observed = 0;
  let pooled_expected = 0;
  const add = (o: number, e: number) => {
    statistic += (o - e) ** 2 / e;
    cells++;
  };
  expected.forEach((e, i) => {
    if (e >= least) add(observed[i] as number, e);
    else {
      pooled_observed += observed[i] as number;
      pooled_expected += e;
    }
  });
  if (pooled_expected > 0) add(pooled_observed, pooled_expected);
  const freedom = cells - 1;
  const spread = 2 / (9 * freedom);
  return (Math.cbrt(statistic / freedom) - (1 - spread)) / Math.sqrt(spread);
}

/** log of the mean of exp, and the standard error of that log by the delta method. */
export function log_mean_exp_with_error(x: ArrayLike<number>): { value: number; error: number } {
  const largest = Math.max(...Array.from(x));
  const ratios = Array.from(x, (v) => Math.exp(v - largest));
  const mean = mean_of(ratios);
  return { value: largest + Math.log(mean), error: Math.sqrt(variance_of(ratios) / x.length) / mean };
}

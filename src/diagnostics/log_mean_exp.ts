/**
 * Log of the mean of exponentials: how R independent unbiased estimates of a likelihood, given as logs, become one.
 */

export interface LogMeanExp {
  /** log((1/R) Σ exp x_r). */
  value: number;
  /** Standard error of `value` by the delta method: sd(w) / (mean(w) √R) with w = exp x. NaN for fewer than two. */
  se: number;
  /** Sample standard deviation of the x_r themselves; NaN for fewer than two, or where an x_r is −∞. */
  sd: number;
}

/**
 * Takes logs of non-negative estimates; −∞ stands for zero. The largest is taken out first, so nothing overflows. The
 * delta method needs the spread of x below about 1: beyond, a few estimates carry the mean and `se` is too small.
 */
export function log_mean_exp(x: ArrayLike<number>): LogMeanExp {
  const n = x.length;
  if (n === 0) throw new Error('log_mean_exp: no values.');
  let largest = Number.NEGATIVE_INFINITY;
  let mean = 0;
  for (let i = 0; i < n; i++) {
    largest = Math.max(largest, x[i] ?? Number.NaN);
    mean += (x[i] ?? Number.NaN) / n;
  }
  if (largest === Number.NEGATIVE_INFINITY) return { value: largest, se: Number.NaN, sd: Number.NaN };
  let sum = 0;
  for (let i = 0; i < n; i++) sum += Math.exp((x[i] ?? 0) - largest);
  const mean_weight = sum / n;
  let weight_squares = 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    weight_squares += (Math.exp((x[i] ?? 0) - largest) - mean_weight) ** 2;
    squares += ((x[i] ?? 0) - mean) ** 2;
  }
  const degrees = n > 1 ? n - 1 : Number.NaN;
  return {
    value: largest + Math.log(mean_weight),
    se: Math.sqrt(weight_squares / degrees / n) / mean_weight,
    sd: Math.sqrt(squares / degrees),
  };
}

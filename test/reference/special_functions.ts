/**
 * log Γ, digamma and log densities in float64, by other formulas than shaders/lib uses: log Γ by Stirling's series after a shift to
 * x ≥ 30 (eight terms; error below 1e-16·|value| there), densities by their definitions with log Γ.
 */

/** log Γ(x), x > 0. The shift multiplies up to 30 factors, so the relative error is about 1e-14. */
export function log_gamma(x: number): number {
  let z = x;
  let shift = 0;
  while (z < 30) {
    shift += Math.log(z);
    z += 1;
  }
  const r = 1 / z;
  const q = r * r;
  const series = r * (1 / 12 - q * (1 / 360 - q * (1 / 1260 - q * (1 / 1680 - q / 1188))));
  return (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series - shift;
}

/** The derivative of log Γ. */
export function digamma(x: number): number {
  let z = x;
  let shift = 0;
  while (z < 30) {
    shift += 1 / z;
    z += 1;
  }
  const q = 1 / (z * z);
  return Math.log(z) - 0.5 / z - q * (1 / 12 - q * (1 / 120 - q * (1 / 252 - q * (1 / 240 - q / 132)))) - shift;
}

/** digamma(x + n) - digamma(x) for a whole number n. */
function digamma_rising(x: number, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += 1 / (x + i);
  return sum;
}

export const normal = (y: number, mean: number, sd: number): number =>
  -0.5 * ((y - mean) / sd) ** 2 - Math.log(sd) - 0.5 * Math.log(2 * Math.PI);

export const poisson = (k: number, rate: number): number =>
  (k === 0 ? 0 : k * Math.log(rate)) - rate - log_gamma(k + 1);

/** Mean m, variance m + m²/size. */
export function negative_binomial(k: number, mean: number, size: number): number {
  // size·log(size/(size+m)) + k·log(m/(size+m)), with the k logs paired with those of the rising factorial
  let paired = 0;
  for (let i = 0; i < k; i++) paired += Math.log1p((i - mean) / (size + mean));
  return paired + (k === 0 ? 0 : k * Math.log(mean)) - size * Math.log1p(mean / size) - log_gamma(k + 1);
}

export function negative_binomial_size_score(k: number, mean: number, size: number): number {
  return digamma_rising(size, k) - Math.log1p(mean / size) + (mean - k) / (size + mean);
}

export const binomial = (k: number, n: number, p: number): number =>
  log_gamma(n + 1) -
  log_gamma(k + 1) -
  log_gamma(n - k + 1) +
  (k === 0 ? 0 : k * Math.log(p)) +
  (k === n ? 0 : (n - k) * Math.log1p(-p));

export const student_t = (y: number, df: number, location: number, scale: number): number =>
  log_gamma(0.5 * (df + 1)) -
  log_gamma(0.5 * df) -
  0.5 * Math.log(df * Math.PI) -
  Math.log(scale) -
  0.5 * (df + 1) * Math.log1p(((y - location) / scale) ** 2 / df);

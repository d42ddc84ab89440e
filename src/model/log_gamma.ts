/**
 * log Γ and what Stirling's formula leaves over, in float64. Stirling's series (DLMF 5.11.1) from 12 upward, where its first seven terms leave less than
 * 1e-17; below, Γ(x + 1) = x Γ(x) moves the argument up.
 */

const stirling_coefficients = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156];

/** log Γ(x) − (x − ½) log x + x − ½ log 2π, for x ≥ 12. */
function stirling_series(x: number): number {
  return stirling_coefficients.reduceRight((sum, c) => sum / (x * x) + c, 0) / x;
}

/** log Γ(x), x > 0. */
export function log_gamma(x: number): number {
  let product = 1;
  let z = x;
  for (; z < 12; z++) product *= z;
  return (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + stirling_series(z) - Math.log(product);
}

/** log Γ(x) − (x − ½) log x + x − ½ log 2π, x > 0: about 1/(12x). */
export function stirling_error(x: number): number {
  if (x >= 12) return stirling_series(x);
  return log_gamma(x) - (x - 0.5) * Math.log(x) + x - 0.5 * Math.log(2 * Math.PI);
}

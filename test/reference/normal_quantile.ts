/**
 * The standard normal's distribution function and quantile in float64, by sums of positive terms and bisection: slow and plain.
 *
 * Near the centre Φ(z) − ½ = φ(z) Σ z^(2k+1)/(2k+1)!! (Abramowitz & Stegun 26.2.11, all terms positive); further out the upper tail is Laplace's
 * continued fraction φ(z)/(z + 1/(z + 2/(z + …))) (26.2.14), evaluated from its far end. Both to about 1e-15 relative.
 */

const density = (z: number) => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);

/** Φ(z) − ½ for z ≥ 0. */
function central_mass(z: number): number {
  let term = z;
  let sum = 0;
  for (let k = 1; term > sum * 1e-17; k++) {
    sum += term;
    term *= (z * z) / (2 * k + 1);
  }
  return density(z) * sum;
}

/** 1 − Φ(z) for z ≥ 2.5, with its full relative precision. */
function far_tail(z: number): number {
  let fraction = z;
  for (let k = 200; k >= 1; k--) fraction = z + k / fraction;
  return density(z) / fraction;
}

export function normal_cdf(z: number): number {
  const size = Math.abs(z);
  const above = size < 2.5 ? 0.5 - central_mass(size) : far_tail(size);
  return z < 0 ? above : 1 - above;
}

/**
 * The z ≥ 0 with probability `above` beyond it and `central` = ½ − above between 0 and it. Both are given because each is exact where the other has lost its digits.
 */
export function normal_magnitude(above: number, central: number): number {
  let low = 0;
  let high = 40;
  for (let i = 0; i < 200 && low < high; i++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    const too_small = middle < 2.5 ? central_mass(middle) < central : far_tail(middle) > above;
    if (too_small) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

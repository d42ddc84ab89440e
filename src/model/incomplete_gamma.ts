/**
 * The gamma distribution's two tails, P(a, x) below and Q(a, x) above, both to full relative accuracy: the series (DLMF 8.11.4) where x < a + 1 and the continued
 * fraction (DLMF 8.9.2) elsewhere give the smaller of the two directly, and the other is its complement.
 */

import { stirling_error } from './log_gamma.ts';

export interface Tails {
  below: number;
  above: number;
}

export function incomplete_gamma(a: number, x: number): Tails {
  if (x <= 0) return { below: 0, above: 1 };
  if (x === Infinity) return { below: 1, above: 0 };
  if (x < a + 1) {
    const below = power(a, x) * series(a, x);
    return { below, above: 1 - below };
  }
  const above = power(a, x) * a * continued_fraction(a, x);
  return { below: 1 - above, above };
}

/** xᵃ e⁻ˣ / Γ(a + 1), in the saddle-point form of Loader (2000), which does not cancel where a is large. */
function power(a: number, x: number): number {
  const u = (x - a) / a;
  const distance = u > -0.5 ? u - Math.log1p(u) : u - Math.log(x / a);
  return Math.exp(-a * distance - stirling_error(a)) / Math.sqrt(2 * Math.PI * a);
}

/** Σ xⁿ / ((a + 1) … (a + n)) */
function series(a: number, x: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 1; term > sum * Number.EPSILON; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return sum;
}

/** 1 / (x + 1 − a − 1(1 − a) / (x + 3 − a − 2(2 − a) / …)), by Lentz's method. */
function continued_fraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let value = d;
  for (let n = 1, change = 0; Math.abs(change - 1) > 4 * Number.EPSILON && n < 100_000; n++) {
    const numerator = -n * (n - a);
    b += 2;
    d = 1 / (numerator * d + b);
    c = b + numerator / c;
    change = c * d;
    value *= change;
  }
  return value;
}

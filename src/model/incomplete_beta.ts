/**
 * The beta distribution's two tails, by the continued fraction DLMF 8.17.22, on the side where it converges fast; the other tail is its complement.
 * x and its complement 1 − x are given apart, because near 1 the complement is known better than the difference.
 */

import type { Tails } from './incomplete_gamma.ts';
import { log_gamma } from './log_gamma.ts';

export function incomplete_beta(a: number, b: number, x: number, complement = 1 - x): Tails {
  if (x <= 0) return { below: 0, above: 1 };
  if (complement <= 0) return { below: 1, above: 0 };
  if (x * (a + b + 2) > a + 1) {
    const { below, above } = incomplete_beta_left(b, a, complement, x);
    return { below: above, above: below };
  }
  return incomplete_beta_left(a, b, x, complement);
}

/** log B(a, b) */
export function log_beta(a: number, b: number): number {
  return log_gamma(a) + log_gamma(b) - log_gamma(a + b);
}

function incomplete_beta_left(a: number, b: number, x: number, complement: number): Tails {
  const front = Math.exp(a * Math.log(x) + b * Math.log(complement) - log_beta(a, b)) / a;
  const below = front / continued_fraction(a, b, x);
  return { below, above: 1 - below };
}

/** 1 + d₁ / (1 + d₂ / (1 + …)), by Lentz's method. */
function continued_fraction(a: number, b: number, x: number): number {
  let c = 1;
  let d = 0;
  let value = 1;
  for (let n = 1, change = 0; Math.abs(change - 1) > 4 * Number.EPSILON && n < 100_000; n++) {
    const m = Math.floor(n / 2);
    const numerator =
      n % 2 === 0
        ? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
        : (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonzero(1 + numerator * d);
    c = nonzero(1 + numerator / c);
    change = c * d;
    value *= change;
  }
  return value;
}

const nonzero = (value: number) => (Math.abs(value) < 1e-300 ? 1e-300 : value);

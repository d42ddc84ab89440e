/**
 * Textbook densities and tanh-sinh quadrature in float64: an independent witness for src/model/prior.ts. No special functions but one, log Γ by Lanczos's
 * approximation (g = 7, 9 terms), which is not the method used there; distribution functions are integrals of densities.
 */

import type { PriorFamily } from '../../src/model/types.ts';

const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

export function log_gamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.abs(Math.sin(Math.PI * x))) - log_gamma(1 - x);
  const t = x + 6.5;
  const sum = lanczos.reduce((total, c, i) => total + (i === 0 ? c : c / (x - 1 + i)), 0);
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}

type Density = (x: number, a: number, b: number, c: number) => number;

/** Densities before truncation, inside their supports. */
const densities: Readonly<Record<PriorFamily, Density>> = {
  normal: (x, mean, sd) => Math.exp(-((x - mean) ** 2) / (2 * sd * sd)) / (sd * Math.sqrt(2 * Math.PI)),
  lognormal: (x, m, s) => Math.exp(-((Math.log(x) - m) ** 2) / (2 * s * s)) / (x * s * Math.sqrt(2 * Math.PI)),
  uniform: (_, lower, upper) => 1 / (upper - lower),
  gamma: (x, shape, rate) => Math.exp(shape * Math.log(rate) - log_gamma(shape) - rate * x) * x ** (shape - 1),
  beta: (x, a, b) => Math.exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b)) * x ** (a - 1) * (1 - x) ** (b - 1),
  exponential: (x, rate) => rate * Math.exp(-rate * x),
  half_normal: (x, sd) => (Math.SQRT2 / (sd * Math.sqrt(Math.PI))) * Math.exp((-x * x) / (2 * sd * sd)),
  half_cauchy: (x, scale) => 2 / (Math.PI * scale * (1 + (x / scale) ** 2)),
  student_t: (x, df, location, scale) =>
    (Math.exp(log_gamma((df + 1) / 2) - log_gamma(df / 2)) / (Math.sqrt(df * Math.PI) * scale)) *
    (1 + ((x - location) / scale) ** 2 / df) ** (-(df + 1) / 2),
  // Of one element, given the sum of the other concentrations.
  dirichlet: (x, a, others) => densities.beta(x, a, others, 0),
  flat: () => 1,
};

export function density(family: PriorFamily, values: readonly number[], x: number): number {
  const [a = 0, b = 0, c = 0] = values;
  return densities[family](x, a, b, c);
}

/**
 * ∫ f over (from, to), either may be infinite, cut at `breaks`; put them where f changes its character. Double-exponential quadrature (Takahasi & Mori 1974): good to about 1e-13
 * of the whole for f analytic inside each piece, also with integrable singularities at 0 or decay like a power at infinity.
 */
export function integrate(f: (x: number) => number, from: number, to: number, breaks: readonly number[]): number {
  const inner = breaks.filter((x) => x > from && x < to).sort((a, b) => a - b);
  const points = [from, ...inner, to];
  return points.slice(1).reduce((sum, end, i) => sum + piece(f, points[i] as number, end), 0);
}

function piece(f: (x: number) => number, a: number, b: number): number {
  const h = 1 / 32;
  let sum = 0;
  for (let k = -190; k <= 190; k++) {
    const t = k * h;
    const s = (Math.PI / 2) * Math.sinh(t);
    const s_slope = (Math.PI / 2) * Math.cosh(t);
    const [x, slope] = node(a, b, s);
    if (x <= a || x >= b || !Number.isFinite(x)) continue;
    const value = f(x) * slope * s_slope;
    if (Number.isFinite(value)) sum += value;
  }
  return sum * h;
}

/** The point that s in (−∞, ∞) stands for, and its derivative. */
function node(a: number, b: number, s: number): [x: number, slope: number] {
  if (Number.isFinite(a) && Number.isFinite(b)) {
    const share = 1 / (1 + Math.exp(2 * Math.abs(s)));
    const x = s < 0 ? a + (b - a) * share : b - (b - a) * share;
    return [x, (b - a) * 2 * share * (1 - share)];
  }
  if (Number.isFinite(a)) return [a + Math.exp(s), Math.exp(s)];
  if (Number.isFinite(b)) return [b - Math.exp(s), Math.exp(s)];
  return [Math.sinh(s), Math.cosh(s)];
}

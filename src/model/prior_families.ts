/**
 * The prior families, each before truncation: arguments, support, log density, and the probability on either side of a point. Both sides are given, because a truncation far
 * out in one tail needs that tail itself and not one minus the other.
 *
 * Conventions are Stan's: gamma and exponential take rates, student_t (degrees, location, scale).
 */

import { incomplete_beta, log_beta } from './incomplete_beta.ts';
import { incomplete_gamma, type Tails } from './incomplete_gamma.ts';
import { log_gamma } from './log_gamma.ts';
import type { PriorFamily } from './types.ts';

export interface Family {
  /** Names of the arguments, for messages. */
  arguments: readonly string[];
  /** Those that must be > 0. */
  positive: readonly string[];
  support(a: readonly number[]): [lower: number, upper: number];
  /** The part of the log density that does not depend on x. Together with `kernel` it makes the density integrate to 1 over the support. */
  log_constant(a: readonly number[]): number;
  /** The part that depends on x, for x inside the support: what shaders/lib/prior.wgsl computes. */
  kernel(x: number, a: readonly number[]): number;
  /** d kernel / dx. */
  slope(x: number, a: readonly number[]): number;
  /** Probabilities below and above x, for x within the closed support. */
  tails(x: number, a: readonly number[]): Tails;
}

const whole_line = (): [number, number] => [-Infinity, Infinity];
const positive_half = (): [number, number] => [0, Infinity];
const half_log_two_pi = 0.5 * Math.log(2 * Math.PI);

/** erfc(|z| / √2) / 2 is the normal's tail, and an incomplete gamma function. */
export function normal_tails(z: number): Tails {
  const far = 0.5 * incomplete_gamma(0.5, 0.5 * z * z).above;
  return z < 0 ? { below: far, above: 1 - far } : { below: 1 - far, above: far };
}

const at = (a: readonly number[], i: number) => a[i] as number;
const standard = (x: number, a: readonly number[]) => (x - at(a, 0)) / at(a, 1);

const beta: Family = {
  arguments: ['a', 'b'],
  positive: ['a', 'b'],
  support: () => [0, 1],
  log_constant: (a) => -log_beta(at(a, 0), at(a, 1)),
  kernel: (x, a) => (at(a, 0) - 1) * Math.log(x) + (at(a, 1) - 1) * Math.log1p(-x),
  slope: (x, a) => (at(a, 0) - 1) / x - (at(a, 1) - 1) / (1 - x),
  tails: (x, a) => incomplete_beta(at(a, 0), at(a, 1), x),
};

export const prior_families: Readonly<Record<PriorFamily, Family>> = {
  normal: {
    arguments: ['mean', 'sd'],
    positive: ['sd'],
    support: whole_line,
    log_constant: (a) => -Math.log(at(a, 1)) - half_log_two_pi,
    kernel: (x, a) => -0.5 * standard(x, a) ** 2,
    slope: (x, a) => -standard(x, a) / at(a, 1),
    tails: (x, a) => normal_tails(standard(x, a)),
  },
  lognormal: {
    arguments: ['log_mean', 'log_sd'],
    positive: ['log_sd'],
    support: positive_half,
    log_constant: (a) => -Math.log(at(a, 1)) - half_log_two_pi,
    kernel: (x, a) => -0.5 * standard(Math.log(x), a) ** 2 - Math.log(x),
    slope: (x, a) => -(1 + standard(Math.log(x), a) / at(a, 1)) / x,
    tails: (x, a) => normal_tails(standard(Math.log(x), a)),
  },
  uniform: {
    arguments: ['lower', 'upper'],
    positive: [],
    support: (a) => [at(a, 0), at(a, 1)],
    log_constant: (a) => -Math.log(at(a, 1) - at(a, 0)),
    kernel: () => 0,
    slope: () => 0,
    tails: (x, a) => {
      const width = at(a, 1) - at(a, 0);
      return { below: (x - at(a, 0)) / width, above: (at(a, 1) - x) / width };
    },
  },
  gamma: {
    arguments: ['shape', 'rate'],
    positive: ['shape', 'rate'],
    support: positive_half,
    log_constant: (a) => at(a, 0) * Math.log(at(a, 1)) - log_gamma(at(a, 0)),
    kernel: (x, a) => (at(a, 0) - 1) * Math.log(x) - at(a, 1) * x,
    slope: (x, a) => (at(a, 0) - 1) / x - at(a, 1),
    tails: (x, a) => incomplete_gamma(at(a, 0), at(a, 1) * x),
  },
  beta,
  exponential: {
    arguments: ['rate'],
    positive: ['rate'],
    support: positive_half,
    log_constant: (a) => Math.log(at(a, 0)),
    kernel: (x, a) => -at(a, 0) * x,
    slope: (_, a) => -at(a, 0),
    tails: (x, a) => ({ below: -Math.expm1(-at(a, 0) * x), above: Math.exp(-at(a, 0) * x) }),
  },
  half_normal: {
    arguments: ['sd'],
    positive: ['sd'],
    support: positive_half,
    log_constant: (a) => Math.LN2 - Math.log(at(a, 0)) - half_log_two_pi,
    kernel: (x, a) => -0.5 * (x / at(a, 0)) ** 2,
    slope: (x, a) => -x / at(a, 0) ** 2,
    tails: (x, a) => incomplete_gamma(0.5, 0.5 * (x / at(a, 0)) ** 2),
  },
  half_cauchy: {
    arguments: ['scale'],
    positive: ['scale'],
    support: positive_half,
    log_constant: (a) => Math.log(2 / Math.PI / at(a, 0)),
    kernel: (x, a) => -Math.log1p((x / at(a, 0)) ** 2),
    slope: (x, a) => (-2 * x) / (at(a, 0) ** 2 + x ** 2),
    tails: (x, a) => ({
      below: (2 / Math.PI) * Math.atan(x / at(a, 0)),
      above: (2 / Math.PI) * Math.atan(at(a, 0) / x),
    }),
  },
  student_t: {
    arguments: ['degrees', 'location', 'scale'],
    positive: ['degrees', 'scale'],
    support: whole_line,
    log_constant: (a) => -log_beta(0.5 * at(a, 0), 0.5) - 0.5 * Math.log(at(a, 0)) - Math.log(at(a, 2)),
    kernel: (x, a) => -0.5 * (at(a, 0) + 1) * Math.log1p(((x - at(a, 1)) / at(a, 2)) ** 2 / at(a, 0)),
    slope: (x, a) => (-(at(a, 0) + 1) * (x - at(a, 1))) / (at(a, 0) * at(a, 2) ** 2 + (x - at(a, 1)) ** 2),
    tails: (x, a) => {
      const df = at(a, 0);
      const z = (x - at(a, 1)) / at(a, 2);
      const far = Number.isFinite(z)
        ? 0.5 * incomplete_beta(0.5 * df, 0.5, df / (df + z * z), (z * z) / (df + z * z)).below
        : 0;
      return z < 0 ? { below: far, above: 1 - far } : { below: 1 - far, above: far };
    },
  },
  // One element of it, given the sum of the other concentrations. All elements together: src/model/simplex.ts.
  dirichlet: { ...beta, arguments: ['concentration', 'others'], positive: ['concentration', 'others'] },
  // Improper: "probability" is length, measured from 0. Only differences between two finite points mean anything (prior.ts).
  flat: {
    arguments: [],
    positive: [],
    support: whole_line,
    log_constant: () => 0,
    kernel: () => 0,
    slope: () => 0,
    tails: (x) => ({ below: x, above: -x }),
  },
};

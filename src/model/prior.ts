/**
 * A truncated prior as a distribution, in float64: density, distribution function, quantile.
 *
 * The density is normalised over the truncation, because the evidence depends on it. Probabilities are differences of whichever tail is smaller, so that a truncation far out in a tail
 * loses no digits. The quantile is found in the unconstrained coordinate, by Newton's method on the log of the nearer tail, kept inside a bracket that each step shrinks.
 */

import { prior_families } from './prior_families.ts';
import { constrain, log_slope, transform_kind } from './transform.ts';
import type { Prior } from './types.ts';

/** False for a flat prior that is not bounded on both sides: no density that integrates to 1, nothing to draw from. */
export function is_proper(prior: Prior): boolean {
  return prior.family !== 'flat' || (prior.lower > -Infinity && prior.upper < Infinity);
}

/** The same of the prior's density to a power in (0, 1], which heavy tails may not survive. */
export function is_proper_to_power(prior: Prior, power: number): boolean {
  const { family, arguments: values, lower, upper } = prior;
  if (!is_proper(prior)) return false;
  if (lower > -Infinity && upper < Infinity) return true;
  // The density falls as |x| to the power −(degrees + 1).
  const degrees = family === 'half_cauchy' ? 1 : family === 'student_t' ? (values[0] as number) : Infinity;
  return (degrees + 1) * power > 1;
}

/** What is to be added to the family's kernel to make the log density of the truncated prior; 0 where it is improper. */
export function log_normaliser(prior: Prior): number {
  if (!is_proper(prior)) return 0;
  return prior_families[prior.family].log_constant(prior.arguments) - Math.log(total_mass(prior));
}

/** Log density at x, normalised over (lower, upper); −Infinity outside. Up to a constant where the prior is improper. */
export function log_prior_density(prior: Prior, x: number): number {
  if (!(x >= prior.lower && x <= prior.upper)) return -Infinity;
  return log_normaliser(prior) + prior_families[prior.family].kernel(x, prior.arguments);
}

/** Probability below x. NaN where the prior is improper. */
export function prior_cdf(prior: Prior, x: number): number {
  if (!is_proper(prior)) return Number.NaN;
  const inside = Math.min(Math.max(x, prior.lower), prior.upper);
  return mass_between(prior, prior.lower, inside) / total_mass(prior);
}

/** Probability that the family, before truncation, gives to (lower, upper). 0 when that underflows. */
export function total_mass(prior: Prior): number {
  const [lower, upper] = prior_families[prior.family].support(prior.arguments);
  const is_whole = prior.family !== 'flat' && prior.lower === lower && prior.upper === upper;
  return is_whole ? 1 : mass_between(prior, prior.lower, prior.upper);
}

function mass_between(prior: Prior, from: number, to: number): number {
  const { tails } = prior_families[prior.family];
  const a = tails(from, prior.arguments);
  const b = tails(to, prior.arguments);
  return b.below <= a.above ? b.below - a.below : a.above - b.above;
}

/** The x with probability p below it; p in [0, 1]. Throws where the prior is improper. */
export function quantile(prior: Prior, p: number): number {
  if (!is_proper(prior)) throw new RangeError('an improper prior has no quantiles');
  if (!(p >= 0 && p <= 1)) throw new RangeError(`a probability lies in [0, 1], not ${p}`);
  if (p === 0) return prior.lower;
  if (p === 1) return prior.upper;
  const total = total_mass(prior);
  const from_below = p <= 0.5;
  const log_target = Math.log((from_below ? p : 1 - p) * total);
  const { kernel, log_constant } = prior_families[prior.family];
  const constant = log_constant(prior.arguments);
  /** Increasing in phi, 0 at the quantile; and its slope. */
  const distance = (phi: number): [value: number, slope: number] => {
    const x = constrain(prior, phi);
    const log_tail = Math.log(from_below ? mass_between(prior, prior.lower, x) : mass_between(prior, x, prior.upper));
    const log_density = constant + kernel(x, prior.arguments) + log_slope(prior, phi);
    const value = log_tail - log_target;
    return [ascending(prior, from_below) * value, Math.exp(log_density - log_tail)];
  };
  return constrain(prior, increasing_root(distance, initial_bracket(prior, distance)));
}

/** The prior's draw that belongs to a uniform u in (0, 1): its quantile, so that equal uniforms give comparable draws. */
export function sample_prior(prior: Prior, u: number): number {
  return quantile(prior, u);
}

/** Whether the chosen tail grows with phi: theta falls with phi where only the upper bound is given. */
function ascending(prior: Prior, from_below: boolean): 1 | -1 {
  return from_below === (transform_kind(prior) !== 'upper') ? 1 : -1;
}

type Increasing = (phi: number) => [value: number, slope: number];

/** Beyond ±745 exp is 0 or infinite; without bounds the bracket is doubled until it holds the root. */
function initial_bracket(prior: Prior, f: Increasing): [number, number] {
  if (transform_kind(prior) !== 'identity') return [-745, 709];
  let reach = 1;
  while (f(-reach)[0] > 0 || f(reach)[0] < 0) reach *= 2;
  return [-reach, reach];
}

/** `f` is a log probability. A Newton step from within 1e-8 squares the error: nothing is left after it but the rounding of the tails. */
function increasing_root(f: Increasing, [from, to]: [number, number]): number {
  let [low, high] = [from, to];
  let phi = 0.5 * (low + high);
  let last_step = high - low;
  for (;;) {
    const [value, slope] = f(phi);
    if (value < 0) low = phi;
    else high = phi;
    const newton = phi - value / slope;
    const is_inside = newton >= low && newton <= high;
    if (is_inside && Math.abs(value) < 1e-8) return newton;
    const next = is_inside && Math.abs(newton - phi) < 0.5 * last_step ? newton : 0.5 * (low + high);
    if (next <= low || next >= high) return phi;
    last_step = Math.abs(next - phi);
    phi = next;
  }
}

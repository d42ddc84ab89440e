/** A prior's density, to be drawn over the draws of a posterior. */

import { log_prior_density } from '../model/prior.ts';
import type { Prior } from '../model/types.ts';
import { range_of } from './report/svg.ts';

/** The prior's density over the range that the posterior's draws span, a little beyond, within the support. */
export function prior_curve(prior: Prior, values: ArrayLike<number>): { prior_density?: { x: number[]; y: number[] } } {
  const [low, high] = range_of(Array.from(values));
  const margin = 0.15 * (high - low);
  const first = Math.max(prior.lower, low - margin);
  const last = Math.min(prior.upper, high + margin);
  const x = Array.from({ length: 201 }, (_, i) => first + ((last - first) * i) / 200);
  const y = x.map((at) => Math.exp(log_prior_density(prior, at)));
  return y.every(Number.isFinite) ? { prior_density: { x, y } } : {};
}

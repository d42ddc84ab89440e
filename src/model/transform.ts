/**
 * Between the unconstrained coordinate phi, in which all sampling happens, and the constrained parameter that people see:
 *
 *   no bound        theta = phi
 *   lower only      theta = lower + exp(phi)
 *   upper only      theta = upper − exp(phi)
 *   both            theta = lower + (upper − lower) / (1 + exp(−phi))
 *
 * shaders/lib/transform.wgsl is the same in f32. Nothing here cancels: next to the upper bound of an interval theta is measured from that bound, and the log of the slope is
 * never the log of a computed slope. theta is always strictly inside its bounds, even where the nearest float is a bound.
 */

import type { Prior } from './types.ts';

export type Bounds = Pick<Prior, 'lower' | 'upper'>;
export type TransformKind = 'identity' | 'lower' | 'upper' | 'interval';

export function transform_kind({ lower, upper }: Bounds): TransformKind {
  if (lower === -Infinity) return upper === Infinity ? 'identity' : 'upper';
  return upper === Infinity ? 'lower' : 'interval';
}

/** theta of phi. */
export function constrain(bounds: Bounds, phi: number): number {
  const { lower, upper } = bounds;
  switch (transform_kind(bounds)) {
    case 'identity':
      return phi;
    case 'lower':
      return Math.max(lower + Math.exp(phi), next_float(lower, 1));
    case 'upper':
      return Math.min(upper - Math.exp(phi), next_float(upper, -1));
    case 'interval': {
      const e = Math.exp(-Math.abs(phi));
      const step = (upper - lower) * (e / (1 + e));
      const theta = phi < 0 ? lower + step : upper - step;
      return Math.min(Math.max(theta, next_float(lower, 1)), next_float(upper, -1));
    }
  }
}

/** phi of theta, for theta strictly inside the bounds; ∓Infinity at a bound and NaN outside. */
export function unconstrain(bounds: Bounds, theta: number): number {
  const { lower, upper } = bounds;
  switch (transform_kind(bounds)) {
    case 'identity':
      return theta;
    case 'lower':
      return Math.log(theta - lower);
    case 'upper':
      return Math.log(upper - theta);
    case 'interval':
      return Math.log(theta - lower) - Math.log(upper - theta);
  }
}

/** d theta / d phi. */
export function slope(bounds: Bounds, phi: number): number {
  const size = Math.exp(log_slope(bounds, phi));
  return transform_kind(bounds) === 'upper' ? -size : size;
}

/** log |d theta / d phi|: the log Jacobian. */
export function log_slope(bounds: Bounds, phi: number): number {
  switch (transform_kind(bounds)) {
    case 'identity':
      return 0;
    case 'lower':
    case 'upper':
      return phi;
    case 'interval': {
      const distance = Math.abs(phi);
      return Math.log(bounds.upper - bounds.lower) - distance - 2 * Math.log1p(Math.exp(-distance));
    }
  }
}

/** d log |d theta / d phi| / d phi. */
export function log_slope_gradient(bounds: Bounds, phi: number): number {
  switch (transform_kind(bounds)) {
    case 'identity':
      return 0;
    case 'lower':
    case 'upper':
      return 1;
    case 'interval':
      return -Math.tanh(0.5 * phi);
  }
}

/** The float64 next to x, upward (direction 1) or downward (−1). */
export function next_float(x: number, direction: 1 | -1): number {
  if (x === 0) return direction * Number.MIN_VALUE;
  const bits = new BigInt64Array(new Float64Array([x]).buffer);
  bits[0] = (bits[0] as bigint) + (x > 0 === direction > 0 ? 1n : -1n);
  return new Float64Array(bits.buffer)[0] as number;
}

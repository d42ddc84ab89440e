/**
 * Increasing parameters (Stan reference manual, "Ordered vector" and "Positive ordered vector" transforms):
 *
 *   theta_0 = phi_0, or exp(phi_0) where all are positive,   theta_i = theta_{i−1} + exp(phi_i),   log |J| = Σ phi_i over the exponentials
 *
 * shaders/lib/ordered.wgsl is the same in f32. theta always grows strictly, even where the step is below half a unit in the last place.
 */

import { constrain, next_float, unconstrain } from './transform.ts';

const whole_line = { lower: -Infinity, upper: Infinity };
const half_line = { lower: 0, upper: Infinity };
const first_bounds = (is_positive: boolean) => (is_positive ? half_line : whole_line);

/** theta of phi, of the same length. */
export function constrain_ordered(phi: readonly number[], is_positive: boolean): number[] {
  const theta: number[] = [];
  for (const [i, coordinate] of phi.entries()) {
    const before = theta[i - 1];
    if (before === undefined) theta.push(constrain(first_bounds(is_positive), coordinate));
    else theta.push(Math.max(before + Math.exp(coordinate), next_float(before, 1)));
  }
  return theta;
}

/** phi of theta; NaN or −Infinity where theta does not grow. */
export function unconstrain_ordered(theta: readonly number[], is_positive: boolean): number[] {
  return theta.map((value, i) => {
    const before = theta[i - 1];
    return before === undefined ? unconstrain(first_bounds(is_positive), value) : Math.log(value - before);
  });
}

/** log |d theta / d phi|. */
export function ordered_log_jacobian(phi: readonly number[], is_positive: boolean): number {
  return phi.reduce((sum, coordinate, i) => (i === 0 && !is_positive ? sum : sum + coordinate), 0);
}

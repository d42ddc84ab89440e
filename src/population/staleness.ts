/**
 * What a step of finite size, a gradient that is τ steps old and the noise of a minibatch cost: in a coordinate of curvature λ the stationary variance of SGLD is
 *
 *   Var = (1/λ) (1 + a (τ + ½) + η V / 2 + …),   a = ηλ, η = ε G / 2, V the variance of the gradient's noise
 *
 * (the spectral integral of the linear recursion; Chen et al., arXiv 1610.06664, have the order of the first). Budgets bound a (τ + ½) and η V / 2, and so the step size.
 */

/** Part by which each of both may inflate a variance. */
export const staleness_budget = 0.05;

export interface Steepness {
  /** Largest eigenvalue of √G H √G. */
  curvature: number;
  /** Largest variance of a coordinate of √G g; 0: all rows are seen. */
  noise: number;
  /** τ */
  delay: number;
}

/** By which variances are too large in the stiffest direction because of the step and the delay. */
export const inflation = ({ curvature, delay }: Steepness, step_size: number): number =>
  ((curvature * step_size) / 2) * (delay + 0.5);

/** By which they are too large where the gradient is noisiest. */
export const noise_inflation = ({ noise }: Steepness, step_size: number): number => (step_size * noise) / 4;

/** The largest ε that keeps to both budgets. */
export const largest_step = ({ curvature, noise, delay }: Steepness, budget = staleness_budget): number =>
  Math.min((2 * budget) / (curvature * (delay + 0.5)), noise > 0 ? (4 * budget) / noise : Number.POSITIVE_INFINITY);

/**
 * Twin of the moves of SMC² in float64, written from the definitions: the proposals as densities of the new position, the backward kernels as densities of the old one
 * (arXiv 2507.07461 eqs 25–31; Green et al. 2020). Nothing is cancelled, so that what the shaders cancel is checked.
 */

import {
  cholesky,
  divide,
  dot,
  entry,
  type Matrix,
  minus,
  norm_squared,
  solve,
  times,
  times_vector,
  transpose,
  type Vector,
  weighted_moments,
} from './linear_algebra.ts';

export interface Particle {
  phi: Vector;
  log_likelihood: number;
  log_prior: number;
  likelihood_gradient: Vector;
  prior_gradient: Vector;
}

export interface Move {
  /** L: the covariance is L·Lᵀ. */
  factor: Matrix;
  step: number;
  lambda: number;
  langevin: boolean;
  /** Longest drift in whitened space. */
  drift_limit: number;
}

const plus = (x: Vector, y: Vector) => x.map((v, i) => v + (y[i] as number));

/** ½ step² C G, its whitened length cut to the limit. */
export function drift(move: Move, at: Particle): number[] {
  const gradient = at.likelihood_gradient.map((g, i) => move.lambda * g + (at.prior_gradient[i] as number));
  const whitened = times_vector(transpose(move.factor), gradient).map((g) => 0.5 * move.step ** 2 * g);
  const length = Math.sqrt(norm_squared(whitened));
  const cut = length > move.drift_limit ? move.drift_limit / length : 1;
  return times_vector(move.factor, whitened).map((d) => d * cut);
}

/** Where a particle's proposal is centred. */
export const centre = (move: Move, at: Particle) => (move.langevin ? plus(at.phi, drift(move, at)) : [...at.phi]);

export const propose = (move: Move, at: Particle, normals: Vector) =>
  plus(
    centre(move, at),
    times_vector(move.factor, normals).map((d) => move.step * d),
  );

/** log N(x; mean, factor·factorᵀ·scale²). */
export function gaussian_log_density(x: Vector, mean: Vector, factor: Matrix, scale = 1): number {
  const z = solve(
    factor,
    x.map((v, i) => (v - (mean[i] as number)) / scale),
  );
  const log_determinant = factor.reduce((sum, _, i) => sum + Math.log(scale * entry(factor, i, i)), 0);
  return -0.5 * norm_squared(z) - log_determinant - 0.5 * x.length * Math.log(2 * Math.PI);
}

/** log q(to | from) */
export const forward_log_density = (move: Move, from: Particle, to: Vector) =>
  gaussian_log_density(to, centre(move, from), move.factor, move.step);

/** The Gaussian L(old | new) = N(offset + slope·new, factor·factorᵀ). */
export interface BackwardGaussian {
  slope: Matrix;
  offset: Vector;
  factor: Matrix;
}

/** Conditions the joint Gaussian of weighted pairs (old, new) on the new one. */
export function fit_backward(olds: readonly Vector[], news: readonly Vector[], weights: Vector): BackwardGaussian {
  const n = olds[0]?.length ?? 0;
  const pairs = olds.map((old, m) => [...old, ...(news[m] as Vector)]);
  const { mean, covariance } = weighted_moments(pairs, weights);
  const block = (i: number, j: number) => covariance.slice(i * n, i * n + n).map((row) => row.slice(j * n, j * n + n));
  const slope = transpose(divide(block(1, 0), block(1, 1)));
  const conditional = minus(block(0, 0), times(slope, block(1, 0)));
  const offset = mean.slice(0, n).map((m, i) => m - dot(slope[i] as Vector, mean.slice(n)));
  return { slope, offset, factor: cholesky(conditional) };
}

export const backward_gaussian_log_density = (kernel: BackwardGaussian, old: Vector, to: Vector) =>
  gaussian_log_density(old, plus(kernel.offset, times_vector(kernel.slope, to)), kernel.factor);

export const log_target = (lambda: number, p: Particle) => lambda * p.log_likelihood + p.log_prior;

/** log π(to) − log π(from) + log L(from | to) − log q(to | from). Without a fitted kernel the proposal itself is L. */
export function log_ratio(move: Move, from: Particle, to: Particle, fitted?: BackwardGaussian): number {
  const backward = fitted
    ? backward_gaussian_log_density(fitted, from.phi, to.phi)
    : forward_log_density(move, to, from.phi);
  return (
    log_target(move.lambda, to) - log_target(move.lambda, from) + backward - forward_log_density(move, from, to.phi)
  );
}

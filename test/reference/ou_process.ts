/** The Ornstein–Uhlenbeck process dz = −θ z dt + √D dW from its stationary law, observed with Gaussian noise: evidence and posterior moments as a Gaussian process. */

import { dot, log_determinant, solve } from './linear_algebra.ts';

export interface OuProblem {
  theta: number;
  diffusion: number;
  noise_variance: number;
  times: readonly number[];
  values: readonly number[];
}

export interface OuPosterior {
  log_evidence: number;
  /** Mean and variance, and their derivatives by time where they have one: between observations. */
  at(time: number): { m: number; dm: number; S: number; dS: number };
}

export function ou_posterior({ theta, diffusion, noise_variance, times, values }: OuProblem): OuPosterior {
  const stationary = diffusion / (2 * theta);
  const covariance = (a: number, b: number) => stationary * Math.exp(-theta * Math.abs(a - b));
  const matrix = times.map((a) => times.map((b) => covariance(a, b) + (a === b ? noise_variance : 0)));
  const weights = solve(matrix, values);
  const size = values.length * Math.log(2 * Math.PI);
  return {
    log_evidence: -0.5 * (dot(values, weights) + log_determinant(matrix) + size),
    at(time) {
      const k = times.map((other) => covariance(time, other));
      const slope = times.map((other, i) => -theta * Math.sign(time - other) * (k[i] as number));
      const by = solve(matrix, k);
      return { m: dot(k, weights), dm: dot(slope, weights), S: stationary - dot(k, by), dS: -2 * dot(slope, by) };
    },
  };
}

/**
 * Exact posterior and evidence of the straight-line model of test/smc2/models.ts: y_t ~ N(level + slope·t/2, sd²), level ~ N(0, 2²), slope ~ N(½, 1), independent.
 * With precision Λ = P + XᵀX/sd², P the prior's: covariance Λ⁻¹, mean Λ⁻¹(P·prior mean + Xᵀy/sd²); the evidence is prior times likelihood over posterior, at any point.
 */

import { cholesky, divide, type Joint, solve } from './linear_algebra.ts';
import { gaussian_log_density } from './theta_moves.ts';

export interface LinePosterior extends Joint {
  log_evidence: number;
  /** Cholesky factor of the covariance. */
  factor: number[][];
}

export function line_posterior(y: readonly number[], sd = 0.5): LinePosterior {
  const prior_mean = [0, 0.5];
  const prior_sd = [2, 1];
  const design = y.map((_, t) => [1, (t + 1) / 2] as const);
  const precision = [0, 1].map((i) =>
    [0, 1].map((j) => {
      const information = design.reduce((s, x) => s + (x[i] as number) * (x[j] as number), 0) / sd ** 2;
      return information + (i === j ? (prior_sd[i] as number) ** -2 : 0);
    }),
  );
  const pull = [0, 1].map(
    (i) =>
      (prior_mean[i] as number) * (prior_sd[i] as number) ** -2 +
      design.reduce((s, x, t) => s + (x[i] as number) * (y[t] as number), 0) / sd ** 2,
  );
  const mean = solve(precision, pull);
  const identity = [
    [1, 0],
    [0, 1],
  ];
  const covariance = divide(identity, precision);
  const factor = cholesky(covariance);
  const normal = (x: number, m: number, s: number) => gaussian_log_density([x], [m], [[s]]);
  const [level = 0, slope = 0] = mean;
  const log_likelihood = y.reduce((s, v, t) => s + normal(v, level + (slope * (t + 1)) / 2, sd), 0);
  const log_prior = normal(level, 0, 2) + normal(slope, 0.5, 1);
  return {
    mean,
    covariance,
    factor,
    log_evidence: log_likelihood + log_prior - gaussian_log_density(mean, mean, factor),
  };
}

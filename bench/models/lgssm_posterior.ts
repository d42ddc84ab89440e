/**
 * The exact posterior of `lgssm` given the 100 rows of `portable_lgssm`, under the model's own priors: Kalman filter and Gauss–Legendre quadrature with 60³ and 90³ nodes, which agree to 8 digits
 * (test/reference/posteriors.test.ts computes it again).
 */
export const lgssm_posterior = {
  steps: 100,
  log_evidence: -192.648112,
  mean: { mu: 0.50699, phi: 1.284803, sigma: 0.804237 },
  sd: { mu: 0.154072, phi: 0.317419, sigma: 0.406196 },
} as const;

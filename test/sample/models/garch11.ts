/**
 * GARCH(1, 1): posteriordb's `garch-garch11`. Rows: ../data/garch.csv, in the order of time.
 *
 *   y_t ~ N(mu, s_t²),   s_t² = alpha_0 + alpha_1 (y_{t−1} − mu)² + beta_1 s_{t−1}²,   s_1 = 0.5
 *
 * (alpha_1, beta_1) is uniform on the triangle alpha_1 + beta_1 < 1. Here beta_1 = share (1 − alpha_1), with share in (0, 1), whose Jacobian 1 − alpha_1 is in log_density.
 */

import type { LogDensitySource } from '../../../src/model/types.ts';

export default {
  kind: 'log-density',
  name: 'garch11',
  parameters: {
    mu: { prior: { flat: [] } },
    alpha_0: { prior: { flat: [] }, lower: 0 },
    alpha_1: { prior: { uniform: [0, 1] } },
    share: { prior: { uniform: [0, 1] } },
  },
  constants: { first_sd: 0.5 },
  row: ['y'],
  wgsl: `
fn log_density(theta: Theta) -> f32 {
  let beta_1 = theta.share * (1.0 - theta.alpha_1);
  var variance = first_sd * first_sd;
  var sum = log1p(-theta.alpha_1) + normal_log_density(data[0].y, theta.mu, first_sd);
  for (var t = 1u; t < data_length; t++) {
    let shock = data[t - 1u].y - theta.mu;
    variance = theta.alpha_0 + theta.alpha_1 * shock * shock + beta_1 * variance;
    sum += normal_log_density(data[t].y, theta.mu, sqrt(variance));
  }
  return sum;
}
`,
} satisfies LogDensitySource;

/** A mixture of two normals with ordered means: posteriordb's `low_dim_gauss_mix-low_dim_gauss_mix`. `proportion` is that of the lower one. Rows: ../data/gauss_mix.csv. */

import type { LogDensitySource } from '../../../src/model/types.ts';

export default {
  kind: 'log-density',
  name: 'gauss-mix',
  parameters: {
    mu: { size: 2, ordered: true, prior: { normal: [0, 2] } },
    sigma: { size: 2, prior: { half_normal: 2 } },
    proportion: { prior: { beta: [5, 5] } },
  },
  row: ['y'],
  wgsl: `
fn log_likelihood(row: Row, theta: Theta) -> f32 {
  let lower = log(theta.proportion) + normal_log_density(row.y, theta.mu[0], theta.sigma[0]);
  let upper = log1p(-theta.proportion) + normal_log_density(row.y, theta.mu[1], theta.sigma[1]);
  return log_add_exp(lower, upper);
}
`,
} satisfies LogDensitySource;

/** Linear regression on five covariates whose coefficients are correlated in the posterior: posteriordb's `sblrc-blr`. Rows: ../data/sblrc.csv. */

import type { LogDensitySource } from '../../../src/model/types.ts';

export default {
  kind: 'log-density',
  name: 'sblrc',
  parameters: {
    beta: { size: 5, prior: { normal: [0, 10] } },
    sigma: { prior: { half_normal: 10 } },
  },
  row: ['y', { name: 'x', size: 5 }],
  wgsl: `
fn log_likelihood(row: Row, theta: Theta) -> f32 {
  var mean = 0.0;
  for (var i = 0u; i < 5u; i++) {
    mean += theta.beta[i] * row.x[i];
  }
  return normal_log_density(row.y, mean, theta.sigma);
}
`,
} satisfies LogDensitySource;

/** Test scores of children by their mothers' schooling and IQ: posteriordb's `kidiq-kidscore_momhsiq`. Rows: ../data/kidiq.csv. */

import type { LogDensitySource } from '../../../src/model/types.ts';

export default {
  kind: 'log-density',
  name: 'kidscore-momhsiq',
  parameters: {
    beta: { size: 3, prior: { flat: [] } },
    sigma: { prior: { half_cauchy: 2.5 } },
  },
  row: ['kid_score', 'mom_hs', 'mom_iq'],
  wgsl: `
fn log_likelihood(row: Row, theta: Theta) -> f32 {
  let mean = theta.beta[0] + theta.beta[1] * row.mom_hs + theta.beta[2] * row.mom_iq;
  return normal_log_density(row.kid_score, mean, theta.sigma);
}
`,
} satisfies LogDensitySource;

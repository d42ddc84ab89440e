/**
 * German credit C: logistic regression on the raw attributes with N(0, 1) on every coefficient (jstoehr/eHMC, examples/BLP). Its covariance has condition number 3e5: hard without a metric.
 *
 * Rows: german_credit_rows('c') of ../data/german_credit.ts. beta[0] is the intercept; y is 1 for good credit.
 */

import type { LogDensitySource } from '../../../src/model/types.ts';

export default {
  kind: 'log-density',
  name: 'german-credit-c',
  parameters: { beta: { size: 25, prior: { normal: [0, 1] } } },
  row: ['y', { name: 'x', size: 24 }],
  wgsl: `
fn log_likelihood(row: Row, theta: Theta) -> f32 {
  var score = theta.beta[0];
  for (var i = 0u; i < 24u; i++) {
    score += theta.beta[i + 1u] * row.x[i];
  }
  return -log_add_exp(0.0, select(score, -score, row.y > 0.5));
}
`,
} satisfies LogDensitySource;

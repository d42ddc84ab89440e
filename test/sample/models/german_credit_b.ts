/**
 * German credit B: logistic regression with N(0, 1) on every coefficient, the target `german_credit_numeric_logistic_regression` of TensorFlow Probability's inference gym, which publishes
 * the posterior's means and standard deviations (../data/german_credit_b_moments.ts).
 *
 * Rows: german_credit_rows('b') of ../data/german_credit.ts; y is 1 for bad credit.
 */

import type { LogDensitySource } from '../../../src/model/types.ts';

export default {
  kind: 'log-density',
  name: 'german-credit-b',
  parameters: {
    weights: { size: 24, prior: { normal: [0, 1] } },
    bias: { prior: { normal: [0, 1] } },
  },
  row: ['y', { name: 'x', size: 24 }],
  wgsl: `
fn log_likelihood(row: Row, theta: Theta) -> f32 {
  var score = theta.bias;
  for (var i = 0u; i < 24u; i++) {
    score += theta.weights[i] * row.x[i];
  }
  return -log_add_exp(0.0, select(score, -score, row.y > 0.5));
}
`,
} satisfies LogDensitySource;

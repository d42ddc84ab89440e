/**
 * German credit A: logistic regression with a flat prior, as Wu, Stoehr and Robert 2018 ("Faster Hamiltonian Monte Carlo by learning leapfrog scale", arXiv 1810.04449) run it.
 *
 * Rows: german_credit_rows('a') of ../data/german_credit.ts. beta[0] is the intercept; y is 1 for good credit.
 */

import type { LogDensitySource } from '../../../src/model/types.ts';

export default {
  kind: 'log-density',
  name: 'german-credit-a',
  parameters: { beta: { size: 25, prior: { flat: [] } } },
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

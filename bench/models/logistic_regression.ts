/**
 * Logistic regression with 24 attributes, an intercept and flat priors: German credit A (Wu, Stoehr & Robert 2018, arXiv 1810.04449) where its rows are at hand, and rows of our own of the same size where they are not.
 *
 *   beta[0] the intercept; log-likelihood Σ log logistic(±(beta[0] + Σ beta[i + 1] x[i])), + where y is 1
 */

import type { LogDensityModel } from '../../src/model/types.ts';
import { validate_model } from '../../src/model/validate.ts';
import { normal_from_bits } from '../../src/random/normal.ts';
import { site, uniform_at, type Words, words_at } from '../../src/random/threefry.ts';

const attributes = 24;

export const logistic_regression: LogDensityModel = validate_model({
  kind: 'log-density',
  name: 'logistic-regression',
  parameters: { beta: { size: attributes + 1, prior: { flat: [] } } },
  row: ['y', { name: 'x', size: attributes }],
  wgsl: `
fn log_likelihood(row: Row, theta: Theta) -> f32 {
  var score = theta.beta[0];
  for (var i = 0u; i < ${attributes}u; i++) {
    score += theta.beta[i + 1u] * row.x[i];
  }
  return -log_add_exp(0.0, select(score, -score, row.y > 0.5));
}
`,
});

/** Neighbouring attributes' correlation: the posterior's covariance then has a condition number near 10, as that of German credit A has 15. */
const correlation = 0.5;
const key: Words = [24, 1000];

/** [count][25]: y, then standard normal attributes, each correlated with the one before it; coefficients alternate between 0.4 and −0.2 around an intercept of 1.2. */
export function simulated_rows(count: number): number[][] {
  return Array.from({ length: count }, (_, row) => {
    const x: number[] = [];
    for (let i = 0; i < attributes; i++) {
      const z = normal_from_bits(words_at(key, site.initial, row, i)[0]);
      x.push(i === 0 ? z : correlation * (x[i - 1] as number) + Math.sqrt(1 - correlation ** 2) * z);
    }
    const score = x.reduce((sum, value, i) => sum + (i % 2 === 0 ? 0.4 : -0.2) * value, 1.2);
    return [Number(uniform_at(key, site.observation, row, 0) < 1 / (1 + Math.exp(-score))), ...x];
  });
}

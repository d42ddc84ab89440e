/**
 * Stochastic volatility with its 1000 log-variances as unknowns, 1003 in all (arXiv 1810.04449):
 *
 *   x_1 ~ N(0, σ² / (1 − φ²)),   x_t ~ N(φ x_{t−1}, σ²),   y_t ~ N(0, κ² exp(x_t)),   (φ + 1) / 2 ~ Beta(20, 1.5),   p(κ) ∝ 1/κ,   σ² ~ InvGamma(5, 0.25)
 *
 * With persistence = (φ + 1) / 2 the unconstrained coordinates are the paper's: logit persistence = α, log κ = β, log σ² = γ. What the families of priors do not have, 1/κ and the inverse
 * gamma, is in log_density.
 *
 * Rows: ../data/stochastic_volatility.csv.
 */

import type { LogDensitySource } from '../../../src/model/types.ts';

export default {
  kind: 'log-density',
  name: 'stochastic-volatility-states',
  parameters: {
    x: { size: 1000, prior: { flat: [] } },
    persistence: { prior: { beta: [20, 1.5] } },
    kappa: { prior: { flat: [] }, lower: 0 },
    variance: { prior: { flat: [] }, lower: 0 },
  },
  row: ['y'],
  wgsl: `
fn log_density(theta: Theta) -> f32 {
  let phi = 2.0 * theta.persistence - 1.0;
  // 1 − φ², without the difference of nearly equal numbers
  let start_precision = 4.0 * theta.persistence * (1.0 - theta.persistence);
  var steps = start_precision * theta.x[0] * theta.x[0];
  for (var t = 1u; t < data_length; t++) {
    let step_taken = theta.x[t] - phi * theta.x[t - 1u];
    steps += step_taken * step_taken;
  }
  var levels = 0.0;
  var squares = 0.0;
  for (var t = 0u; t < data_length; t++) {
    levels += theta.x[t];
    squares += data[t].y * data[t].y * exp(-theta.x[t]);
  }
  let n = f32(data_length);
  let states = 0.5 * log(start_precision) - 0.5 * n * log(theta.variance) - 0.5 * steps / theta.variance;
  let observations = -n * log(theta.kappa) - 0.5 * levels - 0.5 * squares / (theta.kappa * theta.kappa);
  let priors = -log(theta.kappa) - 6.0 * log(theta.variance) - 0.25 / theta.variance;
  return states + observations + priors;
}
`,
} satisfies LogDensitySource;

/**
 * Gaussian-process regression on 11 points: posteriordb's `gp_pois_regr-gp_regr`. Rows: ../data/gp_regression.csv.
 *
 *   y ~ N(0, K),   K_ij = alpha² exp(−(x_i − x_j)² / (2 rho²)) + sigma [i = j]          (sigma is a variance)
 *
 * K = L Lᵀ row by row, and with each row of L the next element of L⁻¹ y.
 */

import type { LogDensitySource } from '../../../src/model/types.ts';

export default {
  kind: 'log-density',
  name: 'gp-regression',
  parameters: {
    rho: { prior: { gamma: [25, 4] } },
    alpha: { prior: { half_normal: 2 } },
    sigma: { prior: { half_normal: 1 } },
  },
  row: ['x', 'y'],
  wgsl: `
const points = 11u;

fn covariance(i: u32, j: u32, theta: Theta) -> f32 {
  let distance = (data[i].x - data[j].x) / theta.rho;
  return theta.alpha * theta.alpha * exp(-0.5 * distance * distance);
}

fn log_density(theta: Theta) -> f32 {
  var factor: array<array<f32, points>, points>;
  var whitened: array<f32, points>;
  var sum = 0.0;
  for (var i = 0u; i < points; i++) {
    var pivot = covariance(i, i, theta) + theta.sigma;
    var rest = data[i].y;
    for (var j = 0u; j < i; j++) {
      var entry = covariance(i, j, theta);
      for (var k = 0u; k < j; k++) {
        entry -= factor[i][k] * factor[j][k];
      }
      entry /= factor[j][j];
      factor[i][j] = entry;
      pivot -= entry * entry;
      rest -= entry * whitened[j];
    }
    factor[i][i] = sqrt(pivot);
    whitened[i] = rest / factor[i][i];
    sum += normal_log_density(whitened[i], 0.0, 1.0) - log(factor[i][i]);
  }
  return sum;
}
`,
} satisfies LogDensitySource;

/**
 * A centred normal in 100 dimensions with covariance 0.99^|i − j| (arXiv 1810.04449): a stationary AR(1), so its precision is tridiagonal and the density is the product of
 *
 *   x_0 ~ N(0, 1),   x_t | x_{t−1} ~ N(0.99 x_{t−1}, 1 − 0.99²)
 *
 * Every mean is 0 and every variance 1; the covariance's eigenvalues go from 0.005 to 77.
 */

import type { LogDensitySource } from '../../../src/model/types.ts';

const correlation = 0.99;

export default {
  kind: 'log-density',
  name: 'mvn',
  parameters: { x: { size: 100, prior: { flat: [] } } },
  constants: { correlation, innovation_sd: Math.sqrt(1 - correlation ** 2) },
  wgsl: `
fn log_density(theta: Theta) -> f32 {
  var sum = normal_log_density(theta.x[0], 0.0, 1.0);
  for (var t = 1u; t < 100u; t++) {
    sum += normal_log_density(theta.x[t], correlation * theta.x[t - 1u], innovation_sd);
  }
  return sum;
}
`,
} satisfies LogDensitySource;

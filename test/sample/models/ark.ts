/** Autoregression with five lags, given the first five values: posteriordb's `arK-arK`. Rows: ../data/ark.csv, in the order of time. */

import type { LogDensitySource } from '../../../src/model/types.ts';

export default {
  kind: 'log-density',
  name: 'ark',
  parameters: {
    alpha: { prior: { normal: [0, 10] } },
    beta: { size: 5, prior: { normal: [0, 10] } },
    sigma: { prior: { half_cauchy: 2.5 } },
  },
  row: ['y'],
  wgsl: `
fn log_density(theta: Theta) -> f32 {
  var sum = 0.0;
  for (var t = 5u; t < data_length; t++) {
    var mean = theta.alpha;
    for (var lag = 0u; lag < 5u; lag++) {
      mean += theta.beta[lag] * data[t - 1u - lag].y;
    }
    sum += normal_log_density(data[t].y, mean, theta.sigma);
  }
  return sum;
}
`,
} satisfies LogDensitySource;

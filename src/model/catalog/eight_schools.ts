/**
 * Effects of coaching in eight schools (Rubin 1981, "Estimation in parallel randomized experiments", J. Educ. Stat. 6), non-centred: the effect of school j is
 * mu + tau eta[j]. Priors N(0, 5²) for mu and half-Cauchy(5) for tau, as in posteriordb's `eight_schools_noncentered`.
 *
 * Rows: one per school, the estimated effect y and its standard error sigma. Built-in data: eight-schools.
 */

import type { LogDensitySource } from '../types.ts';

export const eight_schools: LogDensitySource = {
  kind: 'log-density',
  name: 'eight-schools',
  description: 'Eight schools: a hierarchy of effects, non-centred; data eight-schools',
  parameters: {
    mu: { prior: { normal: [0, 5] } },
    tau: { prior: { half_cauchy: 5 } },
    eta: { size: 8, prior: { normal: [0, 1] } },
  },
  row: ['y', 'sigma'],
  wgsl: `
fn log_density(theta: Theta) -> f32 {
  var sum = 0.0;
  for (var school = 0u; school < data_length; school++) {
    let effect = theta.mu + theta.tau * theta.eta[school];
    sum += normal_log_density(data[school].y, effect, data[school].sigma);
  }
  return sum;
}
`,
};

/**
 * A banana: a normal bent along a parabola (Haario, Saksman & Tamminen 1999, "Adaptive proposal distribution for random walk Metropolis algorithm"). Exact: the inverse of the
 * bend makes two independent normals of it.
 *
 *   x ~ N(0, 10²),   y ~ N(0.03 (x² − 100), 1)
 */

import type { LogDensitySource } from '../types.ts';

export const banana: LogDensitySource = {
  kind: 'log-density',
  name: 'banana',
  description: 'Banana in two dimensions: x ~ N(0, 10²), y ~ N(0.03 (x² − 100), 1); exact answers exist',
  parameters: {
    x: { prior: { normal: [0, 10] } },
    y: { prior: { flat: [] } },
  },
  wgsl: `
fn log_density(theta: Theta) -> f32 {
  return normal_log_density(theta.y, 0.03 * (theta.x * theta.x - 100.0), 1.0);
}
`,
};

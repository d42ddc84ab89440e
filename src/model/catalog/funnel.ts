/**
 * Neal's funnel (Neal 2003, "Slice sampling", Ann. Statist. 31, section 8): v sets the scale of nine others, from e^−4.5 to e^4.5 within three standard deviations. No one step
 * size suits it, which makes it a test of a sampler's diagnostics: a run that looks well mixed and has no v below −5 has missed the neck.
 *
 *   v ~ N(0, 3²),   x_i ~ N(0, e^v), variance e^v
 */

import type { LogDensitySource } from '../types.ts';

export const funnel: LogDensitySource = {
  kind: 'log-density',
  name: 'funnel',
  description: 'Neal’s funnel in ten dimensions: v ~ N(0, 3²), x ~ N(0, e^v); hard on purpose',
  parameters: {
    v: { prior: { normal: [0, 3] } },
    x: { size: 9, prior: { flat: [] } },
  },
  wgsl: `
fn log_density(theta: Theta) -> f32 {
  var squares = 0.0;
  for (var i = 0u; i < 9u; i++) {
    squares += theta.x[i] * theta.x[i];
  }
  return -4.5 * theta.v - 0.5 * squares * exp(-theta.v) - 9.0 * 0.9189385;
}
`,
};

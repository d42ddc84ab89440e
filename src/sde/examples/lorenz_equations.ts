/** Lorenz's system with its equations known and their three parameters not. */

import type { SdeExample } from './example.ts';
import { lorenz_drift } from './lorenz.ts';
import { simulate } from './simulate.ts';

export const lorenz_equations: SdeExample = {
  name: 'lorenz-equations',
  what: 'Lorenz’s system with its three parameters to be found, 200 observations per unit of time for 83, noise 1',
  time: 'time',
  channels: ['x', 'y', 'z'],
  config: {
    drift: {
      wgsl: `
fn drift(s: State, theta: Theta, t: f32) -> State {
  return State(theta.sigma * (s.y - s.x), s.x * (theta.rho - s.z) - s.y, s.x * s.y - theta.beta * s.z);
}`,
      states: ['x', 'y', 'z'],
      parameters: { sigma: 8, rho: 25, beta: 2 },
    },
    encoder: { hidden: [32, 32], sees: 15 },
    every: 8,
    rotation: false,
    training: { steps: 4000, learning_rate: 0.01 },
  },
  drift: lorenz_drift,
  truth: { noise: [1, 1, 1], parameters: { sigma: 10, rho: 28, beta: 8 / 3 } },
  simulate: (key) =>
    simulate(
      { drift: lorenz_drift, start: [8, -2, 36.05], diffusion: 0, count: 16_601, spacing: 0.005, inner: 5, noise: 1 },
      key,
    ),
};

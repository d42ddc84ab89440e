/** An Ornstein–Uhlenbeck process, whose exact likelihood is Kalman's: a drift of a person's own, with one parameter. */

import type { SdeExample } from './example.ts';
import { simulate } from './simulate.ts';

const drift = (z: ArrayLike<number>) => [-(z[0] as number)];

export const ou: SdeExample = {
  name: 'ou',
  what: 'Ornstein–Uhlenbeck process, dz = −z dt + dW, 2000 observations half a unit of time apart, noise 0.3 known',
  time: 'time',
  channels: ['y'],
  config: {
    drift: {
      wgsl: 'fn drift(z: State, theta: Theta, t: f32) -> State { return State(-theta.decay * z.y); }',
      states: ['y'],
      parameters: { decay: 0.5 },
    },
    encoder: { hidden: [], sees: 31 },
    every: 1,
    noise: 0.3,
    diffusion: { prior_sd: 10 },
    estimator: { windows: 8, paths: 8 },
    training: { steps: 3000, learning_rate: 0.01, warm_up: 100, ramp: 100 },
  },
  drift,
  truth: { diffusion: [1], noise: [0.3], parameters: { decay: 1 } },
  simulate: (key) =>
    simulate({ drift, start: [0.7], diffusion: 1, count: 2000, spacing: 0.5, inner: 50, noise: 0.3 }, key),
};

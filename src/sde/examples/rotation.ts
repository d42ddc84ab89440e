/** A state that turns while it decays: a posterior that cannot turn with it loses nats at every observation. */

import type { SdeExample } from './example.ts';
import { simulate } from './simulate.ts';

const turn = 4;
const drift = (z: ArrayLike<number>) => {
  const [x = 0, y = 0] = Array.from(z);
  return [-0.5 * x + turn * y, -turn * x - 0.5 * y];
};

export const rotation: SdeExample = {
  name: 'rotation',
  what: 'a linear SDE in the plane that turns by 4 radians per unit of time, 800 observations with noise 0.3',
  time: 'time',
  channels: ['x', 'y'],
  config: {
    drift: { hidden: [] },
    encoder: { hidden: [], sees: 21 },
    every: 1,
    rotation: true,
    estimator: { windows: 4, paths: 4 },
    training: { steps: 3000, learning_rate: 0.01, warm_up: 100, ramp: 100 },
  },
  drift,
  truth: { diffusion: [1, 1], noise: [0.3, 0.3] },
  simulate: (key) =>
    simulate({ drift, start: [1, 0], diffusion: 1, count: 800, spacing: 0.125, inner: 25, noise: 0.3 }, key),
};

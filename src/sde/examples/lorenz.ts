/** Lorenz's system of 1963, chaotic: errors grow tenfold in 2.5 units of time. */

import type { SdeExample } from './example.ts';
import { simulate } from './simulate.ts';

export const lorenz_drift = (z: ArrayLike<number>) => {
  const [x = 0, y = 0, w = 0] = Array.from(z);
  return [10 * (y - x), x * (28 - w) - y, x * y - (8 / 3) * w];
};

/** A tenth of each component's sd on the attractor. */
const noise = [0.79, 0.9, 0.86];

export const lorenz: SdeExample = {
  name: 'lorenz',
  what: 'Lorenz’s system with a drift that is a network, 100 observations per unit of time for 100, noise a tenth of the sd',
  time: 'time',
  channels: ['x', 'y', 'z'],
  config: {
    drift: { hidden: [64, 64] },
    encoder: { hidden: [64], sees: 9 },
    every: 4,
    rotation: false,
    training: { steps: 2000 },
  },
  drift: lorenz_drift,
  truth: { noise },
  simulate: (key) =>
    simulate(
      { drift: lorenz_drift, start: [8, -2, 36.05], diffusion: 0, count: 10_001, spacing: 0.01, inner: 10, noise },
      key,
    ),
};

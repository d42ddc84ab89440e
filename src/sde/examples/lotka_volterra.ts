/** Predators and prey, with the settings of the first experiment of arXiv 2312.10550 (α = 2/3, β = 4/3, δ = γ = 1). */

import type { SdeExample } from './example.ts';
import { simulate } from './simulate.ts';

const drift = (z: ArrayLike<number>) => {
  const [prey = 0, predators = 0] = Array.from(z);
  return [(2 / 3) * prey - (4 / 3) * prey * predators, prey * predators - predators];
};

export const lotka_volterra: SdeExample = {
  name: 'lotka-volterra',
  what: 'predators and prey, ten observations per unit of time for 65, noise 0.01, the last 15 withheld',
  time: 'time',
  channels: ['prey', 'predators'],
  hold_out: 15 / 65,
  config: {
    drift: { hidden: [64, 64, 64] },
    encoder: { hidden: [32], sees: 9 },
    every: 2,
    rotation: false,
    training: { steps: 3000 },
  },
  drift,
  truth: { diffusion: [1e-6, 1e-6], noise: [0.01, 0.01] },
  simulate: (key) =>
    simulate({ drift, start: [0.9, 0.2], diffusion: 1e-6, count: 651, spacing: 0.1, inner: 10, noise: 0.01 }, key),
};

// Chains share a step size and a metric, so a chain that starts where no step but a tiny one is possible must not be left behind: it would be rejected for ever, and be in every metric.
//
// Ten numbers with mean m and unknown sd, flat priors. Of 32 chains two start at log sigma = −8, where the log density is −4e7 and falls by 8e7 per unit. So they come down with an energy that carries
// them to log sigma = 4e6, were there no wall where exp ends: beyond it theta stands still and the likelihood falls no more.
//
// Acceptance: no chain apart from the others (R-hat below 1.02, 4 sds above its mean of 1.005 for 32 chains of 150 independent draws), and |z| < 4.5 for the mean of mu, which is m by symmetry.

import { expect, it } from 'vitest';
import { rhat } from '../../src/diagnostics/rhat.ts';
import type { LogDensitySource } from '../../src/model/types.ts';
import { use_device } from '../device.ts';
import { numbers } from '../smc2/population.ts';
import { sample_model, z_score } from './sampled.ts';

const device = use_device();
const chains = 32;
const y = [0.3, -1.2, 0.7, 1.9, -0.4, 0.1, 1.1, -0.8, 0.5, 2.3];
const mean = y.reduce((sum, v) => sum + v, 0) / y.length;

const source: LogDensitySource = {
  kind: 'log-density',
  name: 'normal-sample',
  parameters: { mu: { prior: { flat: true } }, sigma: { prior: { flat: true }, lower: 0 } },
  row: ['y'],
  wgsl: 'fn log_likelihood(row: Row, theta: Theta) -> f32 { return normal_log_density(row.y, theta.mu, theta.sigma); }',
};

it.each([
  ['nuts', 150],
  ['chees', 150],
  ['hmc', 150],
  // A tenth of which are independent.
  ['mala', 1500],
] as const)('%s brings all chains home', async (sampler, draws) => {
  const start = Float32Array.from([
    ...numbers(chains, (c) => 0.1 * (c % 7)),
    ...numbers(chains, (c) => (c % 16 === 5 ? -8 : 0.05 * (c % 5))),
  ]);
  const sampled = await sample_model(
    device(),
    source,
    y.map((v) => [v]),
    { sampler, seed: 1, chains, warm_up: 300, draws, start },
  );
  for (const parameter of sampled.draws.parameters.values()) expect(rhat(parameter)).toBeLessThan(1.02);
  expect(
    Math.abs(
      z_score(
        sampled.quantity(([mu = 0]) => mu),
        mean,
      ),
    ),
  ).toBeLessThan(4.5);
});

// German credit B: the whole path, 1000 rows and 25 parameters, against the moments that TensorFlow Probability publishes (data/german_credit_b_moments.ts).
//
// Acceptance: mean and standard deviation of every parameter within 4 standard errors, theirs included; 100 in both runs: were they independent and normal, one would be above at 6e-3 of seeds.
// Runs only where the raw file is.

import { expect, it } from 'vitest';
import { mcse_sd } from '../../src/diagnostics/mcse.ts';
import { use_device } from '../device.ts';
import { variance_of } from '../reference/statistics.ts';
import { german_credit_rows, has_german_credit } from './data/german_credit.ts';
import { german_credit_b_moments } from './data/german_credit_b_moments.ts';
import german_credit_b from './models/german_credit_b.ts';
import { type Settings, sample_model, z_score } from './sampled.ts';

const device = use_device();

const runs: Settings[] = [
  { sampler: 'nuts', seed: 1, chains: 32, warm_up: 200, draws: 250 },
  { sampler: 'chees', seed: 3, chains: 64, warm_up: 150, draws: 300 },
];

it.skipIf(!has_german_credit).each(runs)('$sampler', async (settings) => {
  const sampled = await sample_model(device(), german_credit_b, german_credit_rows('b'), settings);
  expect(sampled.divergences).toBe(0);
  german_credit_b_moments.forEach(([mean, mcse, sd], p) => {
    const chains = sampled.quantity((theta) => theta[p] as number);
    const { name } = sampled.options.model.scalars[p] as { name: string };
    expect(Math.abs(z_score(chains, mean, mcse)), name).toBeLessThan(4);
    const found = Math.sqrt(variance_of(chains.flatMap((chain) => Array.from(chain))));
    const error = Math.hypot(mcse_sd(chains), mcse / Math.SQRT2);
    expect(Math.abs(found - sd) / error, `sd of ${name}`).toBeLessThan(4);
  });
});

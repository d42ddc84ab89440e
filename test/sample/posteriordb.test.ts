// Seven posteriors of posteriordb by the real sampler, as a user would run it, against their reference expectations (posteriordb.ts).
//
// Acceptance: |mean − reference| < 4 √(MCSE² + reference MCSE²) for every quantity and its square, 78 in all: were they independent and normal, one of them would be above at 5e-3 of seeds. No divergence
// after warm-up, as in the references. NUTS; what else had to be set for that, and why, stands beside each target.

import { expect, it } from 'vitest';
import { use_device } from '../device.ts';
import { read_rows } from './data/read_rows.ts';
import { posteriordb } from './posteriordb.ts';
import { type Settings, sample_model, z_score } from './sampled.ts';

const device = use_device();

const few = { sampler: 'nuts', seed: 1, chains: 16, warm_up: 300 } as const;
// Correlated coefficients: a dense metric takes 3 to 6 steps where a diagonal one takes 25. While the metric is still the unit's, trajectories of 1023 steps only cost time.
const correlated = { ...few, draws: 500, metric: 'dense', most_depth: 7 } as const;

const settings: Readonly<Record<string, Settings>> = {
  // At the default 0.8, 33 of 16 000 transitions diverge where tau is small.
  'eight_schools-eight_schools_noncentered': { sampler: 'nuts', seed: 1, target_acceptance: 0.95 },
  'kidiq-kidscore_momhsiq': correlated,
  'sblrc-blr': correlated,
  'arK-arK': { ...few, draws: 400 },
  'garch-garch11': { ...few, draws: 500 },
  'low_dim_gauss_mix-low_dim_gauss_mix': { ...few, draws: 400 },
  'gp_pois_regr-gp_regr': { ...few, draws: 500 },
};

it.each(posteriordb)('$posterior', async ({ posterior, model, data, expectations, quantities = Array.from }) => {
  const sampled = await sample_model(device(), model, read_rows(data), settings[posterior] as Settings);
  expect(sampled.divergences).toBe(0);
  expectations.forEach(([name, mean, mcse, square, square_mcse], i) => {
    const value = (theta: readonly number[]) => quantities(theta)[i] as number;
    const squared = (theta: readonly number[]) => value(theta) ** 2;
    expect(Math.abs(z_score(sampled.quantity(value), mean, mcse)), name).toBeLessThan(4);
    expect(Math.abs(z_score(sampled.quantity(squared), square, square_mcse)), `${name}²`).toBeLessThan(4);
  });
});

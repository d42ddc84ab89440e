// SMC² on posteriors that are known exactly: lgssm on the portable data, the unknown AR coefficient, the 1978 influenza by its differential equation.
//
// Acceptance: z-scores of means and log-evidence by the errors that the run reports, |z| < 5; the errors rest on 20 to 60 families, so a z is about a Student's t with that
// many degrees of freedom, and |t| > 5 has probability 1e-4 or less: 3e-3 in the whole file, at fixed seeds. (test/smc2/calibration.test.ts checks the errors themselves.) Sds within
// 5 of their own errors, taken as for a Gaussian, sd·√(1/(2·ESS)), times √2 for the kurtosis of these posteriors.

import { describe, expect, it } from 'vitest';
import { influenza_1978 } from '../../src/model/catalog/data/influenza_1978.ts';
import { portable_lgssm } from '../../src/model/catalog/data/portable_lgssm.ts';
import { built_in_model } from '../../src/model/resolve.ts';
import type { Smc2Result } from '../../src/smc2/options.ts';
import { run_smc2 } from '../../src/smc2/smc2.ts';
import { use_device } from '../device.ts';
import {
  type BoxPosterior,
  box_posterior,
  lgssm_posterior,
  unknown_ar_log_likelihood,
} from '../reference/kalman_posterior.ts';
import { unknown_ar, unknown_ar_data } from './models.ts';
import { smc2_options } from './options.ts';

const device = use_device();
const limit = 5;

function expect_posterior(found: Smc2Result, exact: BoxPosterior) {
  Object.values(found.parameters).forEach(({ mean, sd, mcse, ess }, i) => {
    expect(mcse).toBeLessThan(0.25 * (exact.sd[i] as number));
    expect(Math.abs(mean - (exact.mean[i] as number))).toBeLessThan(limit * mcse);
    expect(Math.abs(sd / (exact.sd[i] as number) - 1)).toBeLessThan(limit / Math.sqrt(ess));
  });
  expect(found.log_evidence.se).toBeLessThan(0.5);
  expect(Math.abs(found.log_evidence.value - exact.log_evidence)).toBeLessThan(limit * found.log_evidence.se);
}

describe('lgssm, 100 portable observations', () => {
  const y = portable_lgssm(100);
  const problem = { model: built_in_model('lgssm'), data: { y } };
  const exact = lgssm_posterior(y, 24);

  it.each([
    { filter_proposal: 'guided', proposal: 'langevin', particles: 80 },
    { filter_proposal: 'guided', proposal: 'random-walk', particles: 80 },
    { filter_proposal: 'bootstrap', proposal: 'random-walk', particles: 200 },
  ] as const)('$filter_proposal filter with $particles particles, $proposal', async (method) => {
    const found = await run_smc2(device(), smc2_options(problem, { ...method, thetas: 256, iterations: 4, seed: 100 }));
    expect_posterior(found, exact);
  });
});

it('unknown AR coefficient, 100 observations', async () => {
  const { y } = unknown_ar_data;
  const exact = box_posterior([[0.5, 1.3]], 60, ([a = 0]) => unknown_ar_log_likelihood(a, y));
  const found = await run_smc2(
    device(),
    smc2_options(
      { model: unknown_ar, data: unknown_ar_data },
      { proposal: 'random-walk', thetas: 256, particles: 150, iterations: 4, seed: 101 },
    ),
  );
  expect_posterior(found, exact);
});

describe('influenza 1978 by its differential equation', () => {
  // Quadrature with 60 and 90 nodes an axis, smc2.md §4.2; test/model/catalog.test.ts repeats it.
  const exact = { mean: [1.7349, 0.542, 0.1375], sd: [0.0528, 0.0454, 0.0748], log_evidence: -67.2398 };
  const problem = { model: built_in_model('sir-ode'), data: influenza_1978.columns };

  it.each(['langevin', 'random-walk'] as const)('%s', async (proposal) => {
    const found = await run_smc2(device(), smc2_options(problem, { proposal, thetas: 512, iterations: 6, seed: 102 }));
    expect_posterior(found, exact);
    expect(found.likelihood_sd).toBe(0);
  });
});

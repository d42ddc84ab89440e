// Simulation-based calibration (Talts et al. 2018): parameters drawn from the prior, data from the parameters; then the posterior's distribution function at the true parameter is
// uniform, whatever the prior, the data and the noise of the filters. It sees errors that one data set hides: a wrong prior, a wrong Jacobian, an interval too narrow.
//
// Acceptance: 80 replications are independent; distances of the empirical distribution from the uniform one stay below the Dvoretzky–Kiefer–Wolfowitz bound for a false-alarm rate of
// 1e-3 in the file. The weighted share of draws below the truth takes steps of about 1/100 (96 thetas, four of them of one family at times), which widens it by as much. The chi-square of
// four quarters sees intervals too narrow or too wide; the same rate.

import { expect, it } from 'vitest';
import { sample_prior } from '../../src/model/prior.ts';
import { built_in_model } from '../../src/model/resolve.ts';
import type { Smc2Result } from '../../src/smc2/options.ts';
import { run_smc2 } from '../../src/smc2/smc2.ts';
import { use_device } from '../device.ts';
import { chi_square_score, ks_distance, ks_limit, z_limit } from '../reference/statistics.ts';
import { smc2_options } from './options.ts';
import { draws, numbers } from './population.ts';

const device = use_device();
const model = built_in_model('lgssm');
const replications = 80;
const thetas = 96;
const tests = 2 * 3;

/** theta from the prior, and y_1 … y_T of x_t = mu x_{t−1} + phi v_t, y_t = x_t + sigma e_t. */
function simulate(seed: number, steps: number) {
  const random = draws(seed);
  const theta = model.scalars.map((s) => sample_prior(s.prior, random.uniform()));
  const [mu = 0, phi = 0, sigma = 0] = theta;
  let x = random.normal();
  const y = numbers(steps, () => {
    x = mu * x + phi * random.normal();
    return x + sigma * random.normal();
  });
  return { theta, y };
}

/** Share of the posterior below `value`, all iterations counted. */
function share_below(result: Smc2Result, i: number, value: number): number {
  const shares = result.records.map((r) =>
    r.weights.reduce((s, w, m) => s + ((r.theta[i]?.[m] as number) < value ? w : 0), 0),
  );
  return shares.reduce((a, b) => a + b, 0) / shares.length;
}

it('true parameters have uniform ranks in their posteriors', async () => {
  const ranks: number[][] = [[], [], []];
  for (let r = 0; r < replications; r++) {
    const { theta, y } = simulate(1000 + r, 8);
    const result = await run_smc2(
      device(),
      smc2_options({ model, data: { y } }, { thetas, particles: 30, iterations: 3, seed: 2000 + r }),
    );
    theta.forEach((value, i) => {
      ranks[i]?.push(share_below(result, i, value));
    });
  }
  for (const rank of ranks) {
    expect(ks_distance(rank, (u) => Math.min(1, Math.max(0, u)))).toBeLessThan(
      ks_limit(replications, 1e-3 / tests) + 1 / thetas,
    );
    const quarters = numbers(4, (q) => rank.filter((u) => Math.min(3, Math.floor(4 * u)) === q).length);
    expect(chi_square_score(quarters, new Array<number>(4).fill(replications / 4))).toBeLessThan(z_limit(2e-3, tests));
  }
});

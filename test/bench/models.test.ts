// Acceptance: the benchmark's own models are what their heads say. Unknown AR: the log of the mean likelihood estimate over 64 filters lies within four standard errors (false alarm 6e-5 each, at a fixed seed) of the
// exact log-likelihood, −141.5766 at a = 0.9 by Kalman filter, for both proposals. Pull: with every weight at its constant the log-likelihood does not depend on how many of them are
// parameters; the sums of eight terms are the same, term by term, so only how the compiler fuses them may differ: 1e-3 in 20 steps of a random walk whose errors do not grow.

import { describe, expect, it } from 'vitest';
import { many_parameters, most_parameters, weight } from '../../bench/models/many_parameters.ts';
import { unknown_ar, unknown_ar_data } from '../../bench/models/unknown_ar.ts';
import { log_mean_exp } from '../../src/diagnostics/log_mean_exp.ts';
import { type BankOptions, create_filter_bank, result_row } from '../../src/filter/bank.ts';
import { portable_lgssm } from '../../src/model/catalog/data/portable_lgssm.ts';
import { threefry } from '../../src/random/threefry.ts';
import { use_device } from '../device.ts';

const device = use_device();

async function log_likelihoods(options: Omit<BankOptions, 'gradient'>, theta: readonly number[]): Promise<number[]> {
  const { filters } = options;
  const bank = await create_filter_bank(device(), { ...options, gradient: false });
  const { queue } = device().gpu;
  queue.writeBuffer(bank.theta, 0, Float32Array.from(theta.flatMap((value) => new Array<number>(filters).fill(value))));
  queue.writeBuffer(
    bank.keys,
    0,
    Uint32Array.from(Array.from({ length: filters }, (_, f) => threefry([f, 7], [0, 0])).flat()),
  );
  await bank.evaluate(filters);
  const words = await device().read(bank.results, 4 * filters, 4 * filters * result_row.log_likelihood);
  bank.destroy();
  return [...new Float32Array(words)];
}

describe('the autoregression with an unknown coefficient', () => {
  it.each(['guided', 'bootstrap'] as const)('has the exact likelihood, %s', async (proposal) => {
    const work = { model: unknown_ar, data: { y: unknown_ar_data }, particles: 512, filters: 64, proposal };
    const estimate = log_mean_exp(await log_likelihoods(work, [0.9]));
    expect(Math.abs(estimate.value + 141.5766)).toBeLessThan(4 * estimate.se);
    expect(estimate.se).toBeLessThan(0.2);
  });

  it('has the hundred rows of the published recipe', () => {
    expect(unknown_ar_data).toHaveLength(100);
    expect([unknown_ar_data[0], unknown_ar_data[99]]).toEqual([0.4011, -0.6391]);
  });
});

it('the model with D parameters is the same model for every D', async () => {
  const values: number[][] = [];
  for (const dimension of [1, 3, most_parameters]) {
    const model = many_parameters(dimension);
    expect(model.scalars).toHaveLength(dimension);
    const work = { model, data: { y: portable_lgssm(20) }, particles: 64, filters: 4 };
    values.push(await log_likelihoods(work, new Array<number>(dimension).fill(weight)));
  }
  const [one = [], ...others] = values;
  const worst = Math.max(...others.flatMap((other) => other.map((value, f) => Math.abs(value - (one[f] as number)))));
  expect(worst).toBeLessThan(1e-3);
});

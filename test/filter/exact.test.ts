// Acceptance: the linear-Gaussian model on the portable data, T = 100, whose likelihood and gradient are known (Kalman; smc2.md §4.1).
//
// A particle filter's likelihood is unbiased, so the log-mean-exp of many filters is within 4 standard errors of the exact log-likelihood; the carried gradient is consistent, its bias of order 1/N, and is
// held to 4 standard errors too at 1000 particles. Each z-test has a false-alarm rate of 6e-5; 2 shapes × (2 + 3 + 3) tests: 1e-3 for the file, at fixed seeds. The fixed-ancestor gradient is biased but
// close with the guided proposal: within 10 % of the exact gradient's length (smc2.md §2, where it is seen within 5 %), with a smaller spread than the carried one.

import { describe, expect, it } from 'vitest';
import type { BankOptions } from '../../src/filter/bank.ts';
import { portable_lgssm } from '../../src/model/catalog/data/portable_lgssm.ts';
import { use_device } from '../device.ts';
import { kalman } from '../reference/kalman.ts';
import { log_mean_exp_with_error, mean_of, variance_of } from '../reference/statistics.ts';
import { linear } from './models.ts';
import { keys_for, run_bank } from './run_bank.ts';

const device = use_device();
const theta = [0.75, 1, 1] as const;
const y = portable_lgssm(100);
const filters = 64;
const exact = { log_likelihood: -190.5807829011, gradient: [-14.33889987, 2.43109903, 9.32605963] };

type Given = Pick<BankOptions, 'shape' | 'proposal' | 'blend'>;
const run = (given: Given, seed: number, particles: number) =>
  run_bank(
    device(),
    { model: linear.model, data: { y }, particles, gradient: true, width: 16, ...given },
    Array.from({ length: filters }, () => theta),
    keys_for(filters, seed),
  );

it('the Kalman twin gives the published numbers', () => {
  const found = kalman(theta, y);
  expect(found.log_likelihood).toBeCloseTo(exact.log_likelihood, 9);
  found.gradient.forEach((g, d) => {
    expect(g).toBeCloseTo(exact.gradient[d] as number, 7);
  });
  expect(found.increments.slice(0, 3).map((g) => g.toFixed(9))).toEqual([
    '-4.841621642',
    '-1.490392873',
    '-1.632663141',
  ]);
});

describe.each(['lane', 'workgroup'] as const)('%s per filter', (shape) => {
  it.each(['bootstrap', 'guided'] as const)(
    'has an unbiased likelihood and the gradient by the carried estimator: %s',
    async (proposal) => {
      const found = await run({ shape, proposal, blend: 1 }, 11, 1000);
      const { value, error } = log_mean_exp_with_error(found.log_likelihood);
      expect(error).toBeLessThan(0.2);
      expect(Math.abs(value - exact.log_likelihood)).toBeLessThan(4 * error);
      found.gradient.forEach((g, d) => {
        const z = (mean_of(g) - (exact.gradient[d] as number)) / Math.sqrt(variance_of(g) / filters);
        expect(Math.abs(z), `parameter ${d}`).toBeLessThan(4);
      });
      expect(Math.min(...found.resampled)).toBeGreaterThan(0);
    },
  );

  it('has a fixed-ancestor gradient that is close and steadier, with the guided proposal', async () => {
    const fixed = await run({ shape, proposal: 'guided', blend: 0 }, 12, 200);
    const carried = await run({ shape, proposal: 'guided', blend: 1 }, 12, 200);
    const off = Math.hypot(...fixed.gradient.map((g, d) => mean_of(g) - (exact.gradient[d] as number)));
    expect(off).toBeLessThan(0.1 * Math.hypot(...exact.gradient));
    fixed.gradient.forEach((g, d) => {
      expect(variance_of(g)).toBeLessThan(variance_of(carried.gradient[d] as Float32Array));
    });
    // The estimator of the gradient has no say in what the particles do.
    expect(fixed.log_likelihood).toEqual(carried.log_likelihood);
  });
});

// Without resampling the log-likelihood is a smooth function of theta at fixed keys, and the gradient its exact derivative. A central difference over 2h errs by h²/6 times the third derivative (here below 300
// on a gradient of up to 10: 5e-4·… at h = 1/256) and by the rounding of two log-likelihoods near −20 with errors of 4e-6 each: 1e-3. Asked for: 5e-3·(1 + |gradient|).
it.each(['lane', 'workgroup'] as const)(
  'the gradient is the slope of the GPU’s own log-likelihood at fixed keys: %s',
  async (shape) => {
    const h = 1 / 256;
    const options = {
      model: linear.model,
      data: { y: y.slice(0, 10) },
      particles: 100,
      resample_below: 0,
      gradient: true,
      shape,
      width: 16,
    };
    const keys = keys_for(7, 13).map((_, i, all) => all[i - (i % 7)] as [number, number]);
    const thetas = [
      [...theta],
      ...theta.flatMap((_, d) => [h, -h].map((e) => theta.map((value, i) => (i === d ? value + e : value)))),
    ];
    const found = await run_bank(device(), options, thetas, keys);
    theta.forEach((_, d) => {
      const slope =
        ((found.log_likelihood[1 + 2 * d] as number) - (found.log_likelihood[2 + 2 * d] as number)) / (2 * h);
      const gradient = found.gradient[d]?.[0] as number;
      expect(Math.abs(gradient - slope), `parameter ${d}: ${gradient}, ${slope}`).toBeLessThan(
        5e-3 * (1 + Math.abs(slope)),
      );
    });
  },
);

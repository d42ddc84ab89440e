// Acceptance: the linear-Gaussian model, whose likelihood and gradient are known (test/reference/kalman.ts), with one filter of 10⁶ particles. The sd of a filter's log-likelihood, and of its carried gradient, falls
// as 1/√N, so their standard error at 10⁶ follows from 64 filters of 4096 particles in the lane shape, an estimate good to 9 % (1/√128). Held to 4 of these standard errors, with the 9 % counted twice, and the rounding
// of f32 sums: 2·(64 + 16 + 1 + 977/256 + 16 + 16)·2⁻²⁴ + 4e-6 per step (grid.test.ts). Four tests beyond 4 standard errors: a false alarm of 3e-4 over seeds; the seed is fixed.

import { expect, it } from 'vitest';
import { portable_lgssm } from '../../src/model/catalog/data/portable_lgssm.ts';
import { use_device } from '../device.ts';
import { kalman } from '../reference/kalman.ts';
import { variance_of } from '../reference/statistics.ts';
import { linear } from './models.ts';
import { keys_for, run_bank } from './run_bank.ts';

const device = use_device();

it('a filter of 10⁶ particles finds the exact likelihood and gradient', async () => {
  const steps = 6;
  const y = portable_lgssm(steps);
  const theta = [0.75, 1, 1] as const;
  const exact = kalman(theta, y);
  const options = {
    model: linear.model,
    data: { y },
    gradient: true,
    proposal: 'bootstrap',
    resample_below: 1,
  } as const;
  const small = { particles: 4096, filters: 64 };
  const many = await run_bank(
    device(),
    { ...options, ...small, shape: 'lane' },
    Array.from({ length: small.filters }, () => theta),
    keys_for(small.filters, 41),
  );
  const particles = 1_000_000;
  const one = await run_bank(device(), { ...options, particles }, [theta], keys_for(1, 42));
  expect(one.resampled[0]).toBe(steps - 1);

  const rounding = steps * (2 * 117 * 2 ** -24 + 4e-6);
  const expect_within = (found: number, truth: number, of_small: Float32Array, scale: number, what: string) => {
    const se = Math.sqrt((variance_of(of_small) * small.particles) / particles);
    expect(Math.abs(found - truth), `${what}: ${found}, exactly ${truth}, se ${se}`).toBeLessThan(
      4 * 1.18 * se + scale * rounding,
    );
    // The bound means something: a filter of 4096 particles would most likely miss it.
    expect(4 * 1.18 * se + scale * rounding).toBeLessThan(0.4 * Math.sqrt(variance_of(of_small)));
  };
  expect_within(one.log_likelihood[0] as number, exact.log_likelihood, many.log_likelihood, 1, 'log-likelihood');
  one.gradient.forEach((g, d) => {
    // Scores of a path of six steps stay below 50.
    expect_within(g[0] as number, exact.gradient[d] as number, many.gradient[d] as Float32Array, 50, `gradient ${d}`);
  });
});

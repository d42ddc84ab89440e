// Acceptance: failure is data on the GPU: exact step numbers, exact sentinels, exact counts; filters beside a dead one keep every bit. Memory: bytes are counted, so equality.

import { describe, expect, it } from 'vitest';
import { create_filter_bank, most_particles } from '../../src/filter/bank.ts';
import { most_grid_particles } from '../../src/filter/grid.ts';
import { UserError } from '../../src/model/user_error.ts';
import { use_device } from '../device.ts';
import { observations } from './data.ts';
import { growth, linear, ring, walk } from './models.ts';
import { fill_bank, keys_for, read_bank, run_bank, spread_thetas } from './run_bank.ts';

const device = use_device();
const shapes = ['lane', 'workgroup', 'grid'] as const;

const y = [0.1, -0.3, 0.2, 2, 0.4, 0.5, 3, 0.1];
/** The second value is where each filter meets the first observation above its limit. */
const limits = [
  [10, 0],
  [1, 4],
  [2.5, 7],
  [0.15, 3],
  [20, 0],
] as const;
const thetas = limits.map(([limit]) => [limit]);

describe.each(shapes)('the shape %s', (shape) => {
  const bad = {
    'minus infinity': 'return log(0.0 * density * density);',
    // Not log of a negative number: WGSL leaves the value open, and SwiftShader's is finite.
    NaN: 'return sqrt(-1.0 - density * density);',
  };
  it.each(Object.entries(bad))(
    'a filter with weights of %s alone dies at that step; its neighbours do not notice',
    async (name, at_bad) => {
      const particles = 40;
      const options = { model: walk(at_bad), data: { y }, particles, gradient: true, shape, width: 16 };
      const run = await run_bank(device(), options, thetas, keys_for(5));
      const healthy = await run_bank(
        device(),
        options,
        thetas.map(() => [10]),
        keys_for(5),
      );
      limits.forEach(([, died], f) => {
        expect(run.died[f]).toBe(died);
        if (died > 0) expect(run.log_likelihood[f]).toBe(Math.fround(-1e30));
        else expect(run.log_likelihood[f]).toBe(healthy.log_likelihood[f]);
        // Minus infinity is an honest answer; NaN is a fault of each particle.
        expect(run.faults[f]).toBe(died > 0 && name === 'NaN' ? particles : 0);
      });
      expect([...healthy.died]).toEqual([0, 0, 0, 0, 0]);
    },
  );

  it('particles with NaN are lost and counted, and the others carry on', async () => {
    const model = walk('if (x.x > 0.0) { return sqrt(-1.0 - density * density); }');
    const options = { model, data: { y }, particles: 200, gradient: true, shape, width: 16 };
    const run = await run_bank(device(), options, thetas, keys_for(5));
    limits.forEach(([limit], f) => {
      const bad_rows = y.filter((value) => value > Math.fround(limit)).length;
      expect(run.died[f]).toBe(0);
      expect(run.log_likelihood[f]).toBeGreaterThan(-1e3);
      for (const g of run.gradient) expect(Number.isFinite(g[f])).toBe(true);
      if (bad_rows === 0) expect(run.faults[f]).toBe(0);
      // About half of the particles at each bad row; 200 particles, so a quarter to three quarters is beyond doubt (7 standard deviations).
      else {
        expect(run.faults[f]).toBeGreaterThan(50 * bad_rows);
        expect(run.faults[f]).toBeLessThan(150 * bad_rows);
      }
    });
  });

  it('a filter that died comes back to life in the next evaluation', async () => {
    const bank = await create_filter_bank(device(), {
      model: walk(bad.NaN),
      data: { y },
      particles: 40,
      filters: 5,
      gradient: false,
      shape,
      width: 16,
    });
    fill_bank(device(), bank, thetas, keys_for(5));
    await bank.evaluate(5);
    fill_bank(
      device(),
      bank,
      thetas.map(() => [10]),
      keys_for(5),
    );
    await bank.evaluate(5);
    const run = await read_bank(device(), bank, 5);
    bank.destroy();
    expect([...run.died, ...run.faults]).toEqual(new Array(10).fill(0));
    for (const value of run.log_likelihood) expect(value).toBeGreaterThan(-100);
  });

  it('no row at all has log-likelihood 0 and no gradient', async () => {
    const run = await run_bank(
      device(),
      { model: linear.model, data: { y: [] }, particles: 10, gradient: true, shape, width: 16 },
      [linear.theta],
      [[1, 2]],
    );
    expect(run.log_likelihood[0]).toBe(0);
    expect(run.gradient.map((g) => g[0])).toEqual([0, 0, 0]);
  });

  it('only missing rows have log-likelihood 0', async () => {
    const data = { y: new Float32Array(6).fill(Number.NaN) };
    const run = await run_bank(
      device(),
      { model: linear.model, data, particles: 64, gradient: true, shape, width: 16 },
      [linear.theta],
      [[1, 2]],
    );
    expect(Math.abs(run.log_likelihood[0] as number)).toBeLessThan(1e-5);
    expect(run.resampled[0]).toBe(0);
  });

  it('the most particles run, resample, and come near the exact likelihood of a deterministic model', async () => {
    // All particles are equal, so the likelihood is exact however many there are: a wrapped sum or index would show.
    const data = observations(growth.model, 3);
    const many = await run_bank(
      device(),
      { model: growth.model, data, particles: most_particles, gradient: true, shape, width: 16 },
      [growth.theta],
      [[1, 2]],
    );
    const one = await run_bank(
      device(),
      { model: growth.model, data, particles: 1, gradient: true, shape, width: 16 },
      [growth.theta],
      [[1, 2]],
    );
    expect(many.log_likelihood[0]).toBeCloseTo(one.log_likelihood[0] as number, 4);
    expect(many.gradient[0]?.[0]).toBeCloseTo(one.gradient[0]?.[0] as number, 2);
    // With a noisy model the parents are most_particles different numbers; the estimate's own sd is below 0.02 here.
    const noisy = {
      model: linear.model,
      data: { y: [3, -2, 1] },
      gradient: false,
      shape,
      width: 16,
      resample_below: 1,
      proposal: 'guided' as const,
    };
    const wide = await run_bank(device(), { ...noisy, particles: most_particles }, [linear.theta], [[1, 2]]);
    const rest = await run_bank(device(), { ...noisy, particles: 10_000 }, [linear.theta], [[3, 4]]);
    expect(wide.resampled[0]).toBe(2);
    expect(Math.abs((wide.log_likelihood[0] as number) - (rest.log_likelihood[0] as number))).toBeLessThan(0.06);
  });
});

it.each([0, -1, 1.5, most_grid_particles + 1, Number.NaN])('refuses %f particles', async (particles) => {
  const options = { model: linear.model, data: { y }, particles, filters: 1, gradient: false };
  await expect(create_filter_bank(device(), options)).rejects.toThrow(UserError);
});

it.each(['lane', 'workgroup'] as const)(
  'refuses more particles than one workgroup’s arithmetic holds: %s',
  async (shape) => {
    const options = {
      model: linear.model,
      data: { y },
      particles: most_particles + 1,
      filters: 1,
      gradient: false,
      shape,
    };
    await expect(create_filter_bank(device(), options)).rejects.toThrow(
      `particles must be a whole number from 1 to ${most_particles} in the shape ${shape}`,
    );
  },
);

it('refuses the guided proposal of a model that has none', async () => {
  const options = {
    model: ring.model,
    data: { y },
    particles: 8,
    filters: 1,
    gradient: false,
    proposal: 'guided' as const,
  };
  await expect(create_filter_bank(device(), options)).rejects.toThrow(/ring has no function "guided"/);
});

it('takes no more memory for the tenth bank and evaluation than for the first', async () => {
  const cycle = () =>
    run_bank(
      device(),
      { model: ring.model, data: observations(ring.model, 4), particles: 20, gradient: true, trace: { draws: 1 } },
      spread_thetas(ring.theta, 3),
      keys_for(3),
    );
  const before = device().buffers.in_use;
  await cycle();
  const allocated = device().buffers.allocated;
  for (let i = 0; i < 9; i++) await cycle();
  expect(device().buffers.allocated).toBe(allocated);
  expect(device().buffers.in_use).toBe(before);
});

// Acceptance. Both shapes do the same arithmetic on the same numbers for each particle, and resample by integers made from them, so particles, weights and ancestors are equal bit for bit on one
// adapter; only sums over particles are added in another order. A sum of N positive terms is off by at most N·2⁻²⁴ of itself either way, so an increment by 2·N·2⁻²⁴ + 4e-6 (its own rounding and that
// of log), and the log-likelihood by the sum of these. Mean scores are weighted sums of terms of both signs: the same bound times the largest score, taken as 50.
// What leaves the order of additions alone (chunks, capacity, where the noise comes from) must not change a bit: equality.

import { describe, expect, it } from 'vitest';
import { type BankOptions, create_filter_bank } from '../../src/filter/bank.ts';
import { create_shared_noise } from '../../src/filter/shared_noise.ts';
import type { Device } from '../../src/gpu/device.ts';
import { use_device } from '../device.ts';
import { observations } from './data.ts';
import { linear, ring, type TestModel, test_models, trend } from './models.ts';
import { type BankRun, fill_bank, keys_for, read_bank, run_bank, spread_thetas } from './run_bank.ts';

const device = use_device();
const steps = 40;

interface Setting {
  particles: number;
  width: number;
  gradient: boolean;
  resample_below: number;
  blend: number;
}

const settings: Setting[] = [
  { particles: 64, width: 16, gradient: true, resample_below: 0.5, blend: 1 },
  { particles: 101, width: 32, gradient: true, resample_below: 1, blend: 0 },
  { particles: 33, width: 64, gradient: false, resample_below: 0.5, blend: 1 },
  { particles: 130, width: 16, gradient: false, resample_below: 1, blend: 1 },
  { particles: 1, width: 16, gradient: true, resample_below: 1, blend: 0.5 },
];
const cases = Object.entries(test_models).flatMap(([name, entry]) =>
  settings.map((setting) => ({ ...entry, setting, title: `${name} ${JSON.stringify(setting)}` })),
);

function expect_near(a: ArrayLike<number>, b: ArrayLike<number>, tolerance: number, what: string) {
  for (let i = 0; i < a.length; i++) {
    expect(
      Math.abs((a[i] as number) - (b[i] as number)),
      `${what}, filter ${i}: ${a[i]} and ${b[i]}`,
    ).toBeLessThanOrEqual(tolerance);
  }
}

/** Every number that the two have to tell is the same, bit for bit. */
function expect_equal(a: BankRun, b: BankRun) {
  for (const part of ['log_likelihood', 'died', 'faults', 'resampled'] as const) expect(a[part]).toEqual(b[part]);
  expect(a.gradient).toEqual(b.gradient);
}

describe.each(cases)('both shapes agree: $title', ({ model, theta, setting }) => {
  it('in log-likelihood, resampling, gradient and trace', async () => {
    const filters = 7;
    const data = observations(model, steps, [2, 9]);
    const thetas = spread_thetas(theta, filters);
    const options = { model, data, ...setting, trace: { draws: 3 } };
    const lane = await run_bank(device(), { ...options, shape: 'lane', width: 4 }, thetas, keys_for(filters));
    const workgroup = await run_bank(device(), { ...options, shape: 'workgroup' }, thetas, keys_for(filters));
    const rounding = 2 * setting.particles * 2 ** -24 + 4e-6;
    expect(lane.resampled).toEqual(workgroup.resampled);
    expect_near(lane.log_likelihood, workgroup.log_likelihood, steps * rounding, 'log-likelihood');
    lane.gradient.forEach((g, d) => {
      expect_near(g, workgroup.gradient[d] as Float32Array, 50 * steps * rounding, `gradient ${d}`);
    });
    for (let t = 0; t <= steps; t++) {
      expect_near(lane.trace(t, 0), workgroup.trace(t, 0), rounding, `increment ${t}`);
      expect_near(lane.trace(t, 1), workgroup.trace(t, 1), setting.particles * rounding, `ESS ${t}`);
      for (let i = 0; i < model.state_size; i++) {
        expect_near(lane.trace(t, 2 + i), workgroup.trace(t, 2 + i), 10 * rounding, `mean ${t}`);
        // Drawn by integers: the very same particles.
        for (let draw = 0; draw < 3; draw++) {
          const row = 2 + model.state_size * (1 + draw) + i;
          expect(lane.trace(t, row)).toEqual(workgroup.trace(t, row));
        }
      }
    }
  });
});

it.each([4, 16, 64])('gives the same bits for any width of the lane shape: %i', async (width) => {
  const options = {
    model: ring.model,
    data: observations(ring.model, steps),
    particles: 50,
    gradient: true,
    shape: 'lane' as const,
  };
  const thetas = spread_thetas(ring.theta, 21);
  const one = await run_bank(device(), { ...options, width: 1 }, thetas, keys_for(21));
  expect_equal(await run_bank(device(), { ...options, width }, thetas, keys_for(21)), one);
});

it.each(['lane', 'workgroup', 'grid'] as const)(
  'evaluates fewer filters than there is room for, to the same bits: %s',
  async (shape) => {
    const options: Omit<BankOptions, 'filters'> = {
      model: trend.model,
      data: observations(trend.model, steps),
      particles: 50,
      gradient: true,
      shape,
    };
    const thetas = spread_thetas(trend.theta, 5);
    const exact = await run_bank(device(), options, thetas, keys_for(5));
    expect_equal(await run_bank(device(), { ...options, filters: 19 }, thetas, keys_for(5)), exact);
  },
);

describe.each(['lane', 'workgroup', 'grid'] as const)('chunks of time steps, %s', (shape) => {
  /** A bank evaluated twice, and how many dispatches each evaluation took. `kind` decides how many steps the first chunk dares. */
  async function evaluate_twice({ model, theta }: TestModel, kind: 'hardware' | 'software') {
    let dispatches = 0;
    const real = device();
    const counting: Device = {
      ...real,
      adapter: { ...real.adapter, kind },
      submit(stage, record) {
        dispatches++;
        real.submit(stage, record);
      },
    };
    const filters = 30;
    const bank = await create_filter_bank(counting, {
      model,
      data: observations(model, steps, [5]),
      particles: 700,
      filters,
      gradient: true,
      blend: 0.5,
      shape,
      width: 16,
    });
    fill_bank(real, bank, spread_thetas(theta, filters), keys_for(filters));
    await bank.evaluate(filters);
    const first = { dispatches, run: await read_bank(real, bank, filters) };
    await bank.evaluate(filters);
    const second = { dispatches: dispatches - first.dispatches, run: await read_bank(real, bank, filters) };
    bank.destroy();
    return { first, second };
  }

  it('do not change a bit, nor does evaluating again', async () => {
    const whole = await evaluate_twice(linear, 'hardware');
    const cut = await evaluate_twice(linear, 'software');
    expect(whole.first.dispatches).toBe(1);
    expect(cut.first.dispatches).toBeGreaterThan(1);
    expect_equal(cut.first.run, whole.first.run);
    expect_equal(cut.second.run, whole.first.run);
    expect_equal(whole.second.run, whole.first.run);
  });
});

describe.each(Object.entries(test_models))('shared noise, %s', (_, { model, theta }) => {
  it.each(['lane', 'workgroup', 'grid'] as const)(
    'is the noise of a filter with that key, bit for bit: %s',
    async (shape) => {
      const data = observations(model, steps, [7]);
      const particles = 45;
      const key = [123, 456] as const;
      const thetas = spread_thetas(theta, 6);
      const keys = thetas.map(() => key);
      const options = { model, data, particles, gradient: true, shape, width: 16 };
      const fresh = await run_bank(device(), options, thetas, keys);
      const shared_noise = await create_shared_noise(device(), model, data, particles, key);
      const shared = await run_bank(device(), { ...options, shared_noise }, thetas, keys);
      device().buffers.give(shared_noise);
      expect_equal(shared, fresh);
    },
  );
});

it.each(['lane', 'workgroup', 'grid'] as const)(
  'waves of filters do not change a bit, the trace included: %s',
  async (shape) => {
    const { model, theta } = ring;
    const data = observations(model, steps, [5]);
    const filters = 20;
    const thetas = spread_thetas(theta, filters);
    const options = { model, data, particles: 51, gradient: true, blend: 0.5, shape, width: 16, trace: { draws: 2 } };
    const whole = await run_bank(device(), options, thetas, keys_for(filters));
    for (const cut of [{ filters: 7 }, { filters: 1, steps: 17 }, { steps: 1 }, { filters: 6, steps: 39 }]) {
      const waves = await run_bank(device(), { ...options, filters: filters + 3, cut }, thetas, keys_for(filters));
      expect_equal(waves, whole);
      for (let t = 0; t <= steps; t++) {
        for (let row = 0; row < 2 + 3 * model.state_size; row++)
          expect(waves.trace(t, row)).toEqual(whole.trace(t, row));
      }
    }
  },
);

// Acceptance: memory and dispatches are counted, so equality between what is planned and what a bank and an SMC² engine take and record; the work of a grid exactly, that of the other shapes at least.

import { afterEach, describe, expect, it } from 'vitest';
import { type BankOptions, create_filter_bank } from '../../src/filter/bank.ts';
import { bank_work, plan_bank } from '../../src/filter/bank_plan.ts';
import { predict_memory, shared_noise_memory } from '../../src/filter/memory.ts';
import { predict } from '../../src/filter/predict.ts';
import { create_shared_noise } from '../../src/filter/shared_noise.ts';
import { type BufferPlan, plan_buffer } from '../../src/gpu/buffer_plan.ts';
import type { Device } from '../../src/gpu/device.ts';
import { create_engine, engine_dispatches } from '../../src/smc2/engine.ts';
import { engine_memory, history_memory } from '../../src/smc2/memory.ts';
import { use_device } from '../device.ts';
import { default_params } from '../smc2/stage.ts';
import { observations } from './data.ts';
import { growth, linear, ring, type TestModel, trend } from './models.ts';
import { fill_bank, keys_for, spread_thetas } from './run_bank.ts';

const device = use_device();

const allocated = (plans: readonly BufferPlan[]) =>
  plans.reduce((sum, { bytes }) => sum + device().buffers.size_of('test', bytes), 0);

/** A device that counts the dispatches submitted to it. An evaluation of a bank must read nothing back. */
function counting({ readable }: { readable: boolean }): { device: Device; dispatches(): number } {
  let dispatches = 0;
  const real = device();
  return {
    dispatches: () => dispatches,
    device: {
      ...real,
      ...(readable ? {} : { read: () => Promise.reject(new Error('read back while evaluating')) }),
      submit: (stage, record) =>
        real.submit(stage, (pass) =>
          record(
            new Proxy(pass, {
              get(target, name) {
                if (name === 'dispatchWorkgroups') dispatches++;
                const value = Reflect.get(target, name);
                return typeof value === 'function' ? value.bind(target) : value;
              },
            }),
          ),
        ),
    },
  };
}

afterEach(() => {
  expect(device().buffers.in_use).toBe(0);
});

it('a formula says what is multiplied', () => {
  expect(plan_buffer('x', [3, 'rows'], [7, 'filters'], [4, 'bytes'])).toEqual({
    role: 'x',
    formula: '3 rows × 7 filters × 4 bytes',
    bytes: 84,
  });
});

interface Case extends Partial<BankOptions> {
  of: TestModel;
  particles: number;
  filters: number;
  gradient: boolean;
}

const cases: Record<string, Case> = {
  'lane, value only': { of: linear, particles: 100, filters: 40, gradient: false, shape: 'lane' },
  'lane, value only, lineage': { of: ring, particles: 33, filters: 3, gradient: false, shape: 'lane', lineage: true },
  'workgroup, gradient, trace': {
    of: ring,
    particles: 65,
    filters: 7,
    gradient: true,
    shape: 'workgroup',
    trace: { draws: 3 },
  },
  'lane, gradient, in waves': {
    of: trend,
    particles: 90,
    filters: 20,
    gradient: true,
    shape: 'lane',
    cut: { filters: 6 },
  },
  'grid, gradient': { of: linear, particles: 5000, filters: 3, gradient: true, shape: 'grid' },
  'grid, gradient, blend, trace': {
    of: ring,
    particles: 2049,
    filters: 2,
    gradient: true,
    blend: 0.5,
    shape: 'grid',
    trace: { draws: 2 },
  },
  'grid, value only, trace, in waves': {
    of: trend,
    particles: 1500,
    filters: 3,
    gradient: false,
    shape: 'grid',
    trace: { draws: 1 },
    cut: { filters: 2, steps: 2 },
  },
  'grid, no row': { of: linear, particles: 30, filters: 1, gradient: true, shape: 'grid', trace: { draws: 1 } },
};

describe.each(Object.entries(cases))('%s', (name, { of, ...given }) => {
  const steps = name.includes('no row') ? 0 : 5;
  it('takes the memory and the dispatches that are planned', async () => {
    const options = { model: of.model, data: observations(of.model, steps), ...given };
    const plan = plan_bank(device(), options);
    const start = device().buffers.in_use;
    const count = counting({ readable: true });
    const bank = await create_filter_bank(count.device, options);
    expect(device().buffers.in_use - start).toBe(allocated(plan.memory));
    fill_bank(device(), bank, spread_thetas(of.theta, given.filters), keys_for(given.filters));
    await bank.evaluate(given.filters);
    await device().finish();
    const work = bank_work(plan, options, false);
    if (given.shape === 'grid') expect(count.dispatches()).toBe(work.dispatches);
    else expect(count.dispatches()).toBeGreaterThanOrEqual(work.dispatches);
    expect(work.particle_steps).toBe(given.filters * given.particles * steps);
    bank.destroy();
  });
});

it.each(Object.entries({ linear, growth, ring }))('shared noise takes what is planned: %s', async (_, { model }) => {
  const start = device().buffers.in_use;
  const noise = await create_shared_noise(device(), model, observations(model, 9), 333, [1, 2]);
  expect(device().buffers.in_use - start).toBe(allocated([shared_noise_memory(model, 9, 333)]));
  device().buffers.give(noise);
});

it('predictions take what is planned', async () => {
  const { model, theta } = trend;
  const real = device();
  const taken: number[] = [];
  const watching: Device = {
    ...real,
    buffers: {
      ...real.buffers,
      size_of: real.buffers.size_of,
      give: real.buffers.give,
      take(label, bytes, usage) {
        if (/predictions$/.test(label)) taken.push(bytes);
        return real.buffers.take(label, bytes, usage);
      },
    } as Device['buffers'],
    upload(label, data, usage) {
      if (/starts$/.test(label)) taken.push(data.byteLength);
      return real.upload(label, data, usage);
    },
  };
  const starts = { states: new Float32Array(3 * 2 * 8), count: 3, first: 1 };
  const keys = Uint32Array.from(keys_for(4).flat());
  const thetas = Float32Array.from(theta.flatMap((x) => [x, x, x, x]));
  await predict(watching, { model, theta: thetas, keys, filters: 4, draws: 2, horizon: 5, starts });
  expect(taken).toEqual(predict_memory(model, 3, 5, 8).map(({ bytes }) => bytes));
});

it('an SMC² engine with its bank takes the memory and the dispatches that are planned', async () => {
  const { model } = linear;
  const thetas = 50;
  const options = { model, data: observations(model, 5), particles: 33, filters: thetas, gradient: true };
  const start = device().buffers.in_use;
  const count = counting({ readable: true });
  const bank = await create_filter_bank(count.device, options);
  const engine = await create_engine(count.device, {
    model,
    bank,
    thetas,
    langevin: true,
    metropolis: true,
    gaussian: false,
    preconditioned: true,
    shared: false,
  });
  const planned = [...plan_bank(device(), options).memory, ...engine_memory(model, thetas)];
  expect(device().buffers.in_use - start).toBe(allocated(planned));
  expect(engine.record_bytes * 16).toBe(history_memory(model, thetas, 16).bytes);
  // The filters' own dispatches, one chunk of steps here, are not counted.
  const phi = Float32Array.from({ length: 3 * thetas }, (_, i) => 0.01 * i);
  const by_filters = bank_work(plan_bank(device(), options), {}, false).dispatches;
  await engine.start(phi, { ...default_params(thetas), iteration: 0 });
  expect(count.dispatches()).toBeGreaterThanOrEqual(engine_dispatches.start + by_filters);
  // Measured by now, so that the filters take one chunk for certain.
  const after_start = count.dispatches();
  await engine.iterate({ ...default_params(thetas), iteration: 1 });
  expect(count.dispatches() - after_start).toBe(engine_dispatches.iteration + by_filters);
  engine.destroy();
  bank.destroy();
});

// Acceptance. The grid shape does the same arithmetic on the same numbers for each particle as the other two, and resamples by the same integers, so particles, weights and parents are equal bit for bit on one
// adapter. Seen here: as many resamplings, as many faults, the very same states drawn at every step. Only sums are added in another order. In the workgroup shape with 64 invocations a sum of N terms is a chain of
// N/64 + 6 additions; in the grid, with 16, one of 64 + 16 + 1 within a tile and, for up to 16 tiles, 1 + 16 + 16 over them. A chain of c additions of positive terms is off by c·2⁻²⁴ of the sum. An increment is the
// difference of two logs of such sums: off by 2·(N/64 + 6 + 114)·2⁻²⁴, and 4e-6 for its own rounding and that of log. The log-likelihood by the sum of these over the steps; mean scores by the same times the largest
// score, taken as 50 for the linear model and 2000 for `sir`, whose gradient is near 100. In the lane shape the chain has N additions.
// What leaves the order of additions alone (cuts, the walk over a tile, the neighbours) must not change a bit: equality.

import { describe, expect, it } from 'vitest';
import { plan_bank } from '../../src/filter/bank_plan.ts';
import type { Columns } from '../../src/filter/observations.ts';
import { create_shared_noise } from '../../src/filter/shared_noise.ts';
import type { Device } from '../../src/gpu/device.ts';
import { influenza_1978 } from '../../src/model/catalog/data/influenza_1978.ts';
import { sir } from '../../src/model/catalog/sir.ts';
import type { StateSpaceModel } from '../../src/model/types.ts';
import { validate_model } from '../../src/model/validate.ts';
import { use_device } from '../device.ts';
import { observations } from './data.ts';
import { linear, trend, walk } from './models.ts';
import { type BankRun, keys_for, run_bank, spread_thetas } from './run_bank.ts';

const device = use_device();

interface Problem {
  model: StateSpaceModel;
  theta: number[];
  data: Columns;
  largest_score: number;
}

const problems: Readonly<Record<string, Problem>> = {
  lgssm: { ...linear, data: observations(linear.model, 20, [2, 9]), largest_score: 50 },
  sir: {
    model: validate_model(sir),
    theta: [1.8, 0.5, 0.1],
    data: { in_bed: influenza_1978.columns.in_bed.map((n, i) => (i === 4 ? Number.NaN : n)) },
    largest_score: 2000,
  },
};

interface Case {
  of: string;
  particles: number;
  proposal: 'bootstrap' | 'guided';
  gradient: boolean;
  blend: number;
  resample_below: number;
  shared?: true;
}

const cases: Case[] = [
  { of: 'lgssm', particles: 4096, proposal: 'guided', gradient: true, blend: 1, resample_below: 0.5 },
  { of: 'lgssm', particles: 4096, proposal: 'bootstrap', gradient: true, blend: 0, resample_below: 1 },
  { of: 'lgssm', particles: 4096, proposal: 'bootstrap', gradient: false, blend: 1, resample_below: 0.5 },
  { of: 'lgssm', particles: 3001, proposal: 'guided', gradient: true, blend: 0.5, resample_below: 0.9, shared: true },
  { of: 'lgssm', particles: 1025, proposal: 'bootstrap', gradient: true, blend: 1, resample_below: 1 },
  { of: 'sir', particles: 4096, proposal: 'bootstrap', gradient: true, blend: 0, resample_below: 0.5 },
  { of: 'sir', particles: 4096, proposal: 'bootstrap', gradient: false, blend: 1, resample_below: 0.5 },
  { of: 'sir', particles: 2500, proposal: 'bootstrap', gradient: true, blend: 1, resample_below: 0.5 },
];

const filters = 3;
const draws = 8;

/** The same device, that passes for a GPU where kernels are chosen. */
const as_hardware = (): Device => ({ ...device(), adapter: { ...device().adapter, kind: 'hardware' } });

function expect_near(a: ArrayLike<number>, b: ArrayLike<number>, tolerance: number, what: string) {
  for (let i = 0; i < a.length; i++) {
    const off = Math.abs((a[i] as number) - (b[i] as number));
    expect(off, `${what}, filter ${i}: ${a[i]} and ${b[i]}`).toBeLessThanOrEqual(tolerance);
  }
}

/** Every number that the two have to tell is the same, bit for bit. */
function expect_equal(a: BankRun, b: BankRun, rows: number, steps: number) {
  for (const part of ['log_likelihood', 'died', 'faults', 'resampled'] as const) expect(a[part]).toEqual(b[part]);
  expect(a.gradient).toEqual(b.gradient);
  for (let t = 0; t <= steps; t++) {
    for (let row = 0; row < rows; row++) expect(a.trace(t, row), `step ${t}, row ${row}`).toEqual(b.trace(t, row));
  }
}

describe.each(cases.map((c) => ({ ...c, title: JSON.stringify(c) })))('the three shapes agree: $title', (given) => {
  const { of, particles, shared, title: _, ...options } = given;
  const { model, theta, data, largest_score } = problems[of] as Problem;
  const steps = (data[model.observation[0] as string] as ArrayLike<number>).length;
  it('in log-likelihood, resampling, gradient and trace', async () => {
    const thetas = spread_thetas(theta, filters);
    const keys = keys_for(filters, 5);
    const noise = shared ? await create_shared_noise(device(), model, data, particles, [8, 9]) : undefined;
    const run = (shape: 'lane' | 'workgroup' | 'grid', width: number, on = device()) =>
      run_bank(
        on,
        {
          model,
          data,
          particles,
          ...options,
          shape,
          width,
          trace: { draws },
          ...(noise ? { shared_noise: noise } : {}),
        },
        thetas,
        keys,
      );
    const grid = await run('grid', 16);
    const others = [
      { run: await run('workgroup', 64), chain: particles / 64 + 6 },
      { run: await run('lane', 16), chain: particles },
      // As on a GPU, whose invocations take pairs of slots; its sums are trees like the grid's own.
      { run: await run('grid', 128, as_hardware()), chain: 114 },
    ];
    if (noise) device().buffers.give(noise);
    expect(Math.min(...grid.resampled)).toBeGreaterThan(0);
    for (const { run: other, chain } of others) {
      const rounding = 2 * (chain + 114) * 2 ** -24 + 4e-6;
      expect(grid.resampled).toEqual(other.resampled);
      expect(grid.faults).toEqual(other.faults);
      expect([...grid.died]).toEqual([0, 0, 0]);
      expect_near(grid.log_likelihood, other.log_likelihood, steps * rounding, 'log-likelihood');
      grid.gradient.forEach((g, d) => {
        expect_near(g, other.gradient[d] as Float32Array, largest_score * steps * rounding, `gradient ${d}`);
      });
      for (let t = 0; t <= steps; t++) {
        expect_near(grid.trace(t, 0), other.trace(t, 0), rounding, `increment ${t}`);
        expect_near(grid.trace(t, 1), other.trace(t, 1), particles * rounding, `ESS ${t}`);
        for (let i = 0; i < model.state_size; i++) {
          // A mean is off by the same part of the largest state, here at most 10, in `sir` all 763 people.
          const largest = of === 'sir' ? 763 : 10;
          expect_near(grid.trace(t, 2 + i), other.trace(t, 2 + i), largest * rounding, `mean ${t}`);
          for (let draw = 0; draw < draws; draw++) {
            const row = 2 + model.state_size * (1 + draw) + i;
            expect(grid.trace(t, row), `state drawn at ${t}`).toEqual(other.trace(t, row));
          }
        }
      }
    }
  });
});

describe('many tiles', () => {
  const steps = 12;
  const options = {
    model: trend.model,
    data: observations(trend.model, steps, [3]),
    particles: 3500,
    gradient: true,
    blend: 0.5,
    resample_below: 0.8,
    shape: 'grid',
    width: 32,
    trace: { draws: 2 },
  } as const;
  const thetas = spread_thetas(trend.theta, 5);
  const rows = 2 + 3 * trend.model.state_size;

  it('give the same bits however steps and filters are cut', async () => {
    const whole = await run_bank(device(), options, thetas, keys_for(5));
    expect(Math.min(...whole.resampled)).toBeGreaterThan(0);
    for (const cut of [{ filters: 2 }, { steps: 1 }, { filters: 1, steps: 5 }]) {
      const parts = await run_bank(device(), { ...options, filters: 7, cut }, thetas, keys_for(5));
      expect_equal(parts, whole, rows, steps);
    }
  });

  it('give the same bits whether invocations take pairs of slots, as on a GPU, or runs of them', async () => {
    const runs = await run_bank(device(), options, thetas, keys_for(5));
    const pairs = await run_bank(as_hardware(), options, thetas, keys_for(5));
    expect_equal(pairs, runs, rows, steps);
  });

  it('die together, at the step at which the filter does, and leave other filters alone', async () => {
    const y = [0.1, -0.3, 0.2, 2, 0.4, 0.5, 3, 0.1];
    const limits = [[10], [1], [2.5], [20]];
    const one = {
      model: walk('return sqrt(-1.0 - density * density);'),
      data: { y },
      particles: 2500,
      gradient: true,
    } as const;
    const grid = await run_bank(device(), { ...one, shape: 'grid' }, limits, keys_for(4));
    const lane = await run_bank(device(), { ...one, shape: 'lane' }, limits, keys_for(4));
    expect([...grid.died]).toEqual([0, 4, 7, 0]);
    expect([...grid.faults]).toEqual([0, 2500, 2500, 0]);
    expect(grid.log_likelihood[1]).toBe(Math.fround(-1e30));
    expect_near(
      grid.log_likelihood,
      lane.log_likelihood,
      y.length * (2 * (2500 + 114) * 2 ** -24 + 4e-6),
      'log-likelihood',
    );
  });

  it('count the faults of each particle', async () => {
    const model = walk('if (x.x > 0.0) { return sqrt(-1.0 - density * density); }');
    const one = { model, data: { y: [0.1, 3, 0.2, 3] }, particles: 2500, gradient: true } as const;
    const grid = await run_bank(device(), { ...one, shape: 'grid' }, [[1]], keys_for(1));
    const lane = await run_bank(device(), { ...one, shape: 'lane' }, [[1]], keys_for(1));
    expect(grid.faults).toEqual(lane.faults);
    expect(grid.faults[0]).toBeGreaterThan(1000);
  });
});

describe('the shape chosen', () => {
  const chosen = (kind: 'hardware' | 'software', particles: number, filters: number) => {
    const options = { model: linear.model, data: { y: [1] }, particles, filters, gradient: false };
    return plan_bank({ ...device(), adapter: { ...device().adapter, kind } }, options).shape;
  };
  it('is grid for what no other can hold, and for few large filters on hardware', () => {
    expect(chosen('software', 16384, 1)).toBe('lane');
    expect(chosen('software', 16385, 1)).toBe('grid');
    expect(chosen('hardware', 16385, 1000)).toBe('grid');
    expect(chosen('hardware', 8192, 8)).toBe('grid');
    expect(chosen('hardware', 8192, 9)).toBe('workgroup');
    expect(chosen('hardware', 8191, 1)).toBe('workgroup');
  });
});

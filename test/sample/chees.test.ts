// ChEES-HMC's adaptation (Hoffman, Radul & Sountsov 2021) on trajectories that are known exactly: those of a Gaussian whose metric fits, q cos t + v sin t in whitened coordinates.
//
// Acceptance:
//   halton   exact fractions, equality
//   slope    central differences of the criterion over the same chains, its centres held: truncation of order (1e-4)² and the f32 positions' rounding, 6e-8 · n^½ terms: 1e-5 of the sum of sizes
//   time     for jitter uniform on (0, 1) the criterion is ½ − sin(2T)/4T per dimension, at its largest where tan 2T = 2T: T = 2.2467. Adam's moves are 0.025 of log T and averaged: 5 %

import { describe, expect, it } from 'vitest';
import { chees_slope, halton, halton_law, learn_time, time_to_steps } from '../../src/sample/chees.ts';
import type { Engine } from '../../src/sample/engine.ts';
import type { Metric } from '../../src/sample/metric.ts';
import { unit_metric } from '../../src/sample/metric.ts';
import { run_sample } from '../../src/sample/sample.ts';
import { mean_length } from '../../src/sample/trajectory.ts';
import { use_device } from '../device.ts';
import { times_vector } from '../reference/linear_algebra.ts';
import { mean_of } from '../reference/statistics.ts';
import { draws, numbers } from '../smc2/population.ts';
import { no_rows } from './chains.ts';
import { column, gaussian, gaussian_draws } from './gaussian.ts';
import { factor_matrix } from './momenta.ts';

it('halton: the first terms in base 2', () => {
  expect(numbers(8, (i) => halton(i + 1))).toEqual([1 / 2, 1 / 4, 3 / 4, 1 / 8, 5 / 8, 3 / 8, 7 / 8, 1 / 16]);
  const terms = numbers(1023, (i) => halton(i + 1)).sort((a, b) => a - b);
  expect(terms).toEqual(numbers(1023, (i) => (i + 1) / 1024));
});

describe('the frozen law', () => {
  it('takes at least one step, at most a thousand, and the time rounded up', () => {
    expect(time_to_steps(1e-9, 0.5)).toBe(1);
    expect(time_to_steps(1, 0.5)).toBe(2);
    expect(time_to_steps(1.01, 0.5)).toBe(3);
    expect(time_to_steps(1e9, 0.5)).toBe(1000);
  });

  it('goes through Halton times of the learned one', () => {
    const law = halton_law(3, 0.01);
    expect(law.kind).toBe('cycle');
    expect(Array.from(law.lengths.slice(0, 4))).toEqual([150, 75, 225, 38]);
    // Uniform on (0, 300), rounded up.
    expect(Math.abs(mean_length(law) - 150.5)).toBeLessThan(1);
  });
});

const dimension = 3;
const chains = 200;
const metrics: Metric[] = [
  unit_metric('unit', dimension),
  { kind: 'diagonal', factor: Float32Array.of(0.5, 2, 8) },
  { kind: 'dense', factor: Float32Array.of(0.5, 0, 0, 1, 2, 0, -3, 4, 8) },
];

/** Positions and momenta, [D][chains], after a time, in whitened coordinates; from draws of N(shift, I). */
function flow(seed: number, time: number) {
  const random = draws(seed);
  const shift = [0, 1, -2];
  const q = numbers(dimension * chains, (i) => random.normal() + (shift[Math.floor(i / chains)] as number));
  const v = numbers(dimension * chains, () => random.normal());
  return {
    q,
    x: q.map((value, i) => value * Math.cos(time) + (v[i] as number) * Math.sin(time)),
    r: q.map((value, i) => -value * Math.sin(time) + (v[i] as number) * Math.cos(time)),
  };
}

/** F·x for every chain. */
function unwhitened(metric: Metric, x: readonly number[]): Float32Array<ArrayBuffer> {
  const factor = factor_matrix(metric, dimension);
  const rows = new Float32Array(x.length);
  for (let c = 0; c < chains; c++) {
    times_vector(factor, column(x, chains, c)).forEach((value, d) => {
      rows[d * chains + c] = value;
    });
  }
  return rows;
}

const squared_distance = (x: readonly number[], centre: readonly number[], c: number) =>
  column(x, chains, c).reduce((sum, value, d) => sum + (value - (centre[d] as number)) ** 2, 0);

describe.each(metrics)('the slope, $kind metric', (metric) => {
  const acceptance = Float32Array.from({ length: chains }, (_, c) => 0.25 + (c % 4) / 8);
  const weights = Array.from(acceptance);
  const total = weights.reduce((a, b) => a + b, 0);
  const slope_of = (ends: Float32Array, momenta: Float32Array, accepted: Float32Array, time: number) =>
    chees_slope(metric, dimension, {
      before: unwhitened(metric, flow(1, time).q),
      ends,
      momenta,
      acceptance: accepted,
    });

  it.each([0.3, 1.1, 2.6])('is the derivative of the criterion after time %d', (time) => {
    const { q, x, r } = flow(1, time);
    const start_centre = numbers(dimension, (d) => mean_of(q.slice(d * chains, (d + 1) * chains)));
    const end_centre = numbers(dimension, (d) =>
      weights.reduce((sum, w, c) => sum + (w * (x[d * chains + c] as number)) / total, 0),
    );
    const criterion = (t: number) => {
      const end = flow(1, t).x;
      const changes = weights.map(
        (w, c) => w * (squared_distance(end, end_centre, c) - squared_distance(q, start_centre, c)) ** 2,
      );
      return changes.reduce((a, b) => a + b, 0) / (4 * total);
    };
    const h = 1e-4;
    const wanted = (criterion(time + h) - criterion(time - h)) / (2 * h);
    const seen = slope_of(unwhitened(metric, x), Float32Array.from(r), acceptance, time);
    expect(Math.abs(seen - wanted)).toBeLessThan(1e-5 * (Math.abs(wanted) + criterion(time)) + 1e-5);
  });

  it('does not look at chains that accept nothing, or ended nowhere', () => {
    const { x, r } = flow(1, 0.7);
    const [ends, momenta] = [unwhitened(metric, x), Float32Array.from(r)];
    const some = acceptance.map((a, c) => (c < 20 ? 0 : a));
    const without = slope_of(ends, momenta, some, 0.7);
    expect(without).not.toBe(slope_of(ends, momenta, acceptance, 0.7));
    for (let c = 0; c < 20; c++) {
      ends[c] = Number.NaN;
      momenta[c] = Infinity;
    }
    expect(slope_of(ends, momenta, some, 0.7)).toBe(without);
    expect(slope_of(ends, momenta, acceptance, 0.7)).toBe(without);
    expect(slope_of(ends, momenta, new Float32Array(chains), 0.7)).toBeNaN();
  });
});

/** An engine that has run exact trajectories of a given time, from draws of N(0, I). */
function exact_engine(sizes: { dimension: number; chains: number }) {
  const random = draws(77);
  const normals = () => numbers(sizes.dimension * sizes.chains, () => random.normal());
  let state: [Float32Array, Float32Array] | undefined;
  return {
    engine: { sizes, read: async () => state } as unknown as Engine,
    run(time: number): Float32Array {
      const [q, v] = [normals(), normals()];
      const [cos, sin] = [Math.cos(time), Math.sin(time)];
      state = [
        Float32Array.from(q, (x, i) => x * cos + (v[i] as number) * sin),
        Float32Array.from(q, (x, i) => -x * sin + (v[i] as number) * cos),
      ];
      return Float32Array.from(q);
    },
  };
}

it('learns the time that is best for a standard normal', async () => {
  const sizes = { dimension: 10, chains: 100 };
  const epsilon = 0.005;
  const { engine, run } = exact_engine(sizes);
  const time = learn_time(engine, unit_metric('unit', sizes.dimension));
  const nothing = new Float32Array();
  const acceptance = new Float32Array(sizes.chains).fill(1);
  for (let n = 0; n < 800; n++) {
    const steps = time.next(epsilon).lengths[0] as number;
    const before = run(steps * epsilon);
    await time.observe(before, {
      chains: sizes.chains,
      draws: nothing,
      energy: nothing,
      acceptance,
      extra: nothing,
      diverging: nothing,
    });
  }
  expect(Math.abs(time.time / 2.2467 - 1)).toBeLessThan(0.05);
});

describe('a whole warm-up', () => {
  const device = use_device();

  // The search for the first step size must leave the time alone: it would start from a step of another size, and be too long for a narrow target and too short for a wide one. Steps are 0.3 sds
  // or so, and times are rounded up to them: within a factor 1.4.
  it.each([1e-3, 1, 1e3])('finds the time in units of the target, sd %d', async (sd) => {
    const target = gaussian(
      numbers(10, () => sd),
      0,
    );
    const { learned } = await run_sample(device(), {
      model: target.model,
      data: { rows: no_rows },
      sampler: 'chees',
      chains: 64,
      warm_up: 300,
      draws: 2,
      thinning: 1,
      keep: 'draws',
      metric: 'unit',
      target_acceptance: 0.99,
      jitter: 0,
      learn: 0,
      length_per_chain: false,
      most_depth: 1,
      start: gaussian_draws(target, 64, 15),
      seed: 2,
    });
    const ratio = (learned?.time as number) / (2.2467 * sd);
    expect(ratio).toBeGreaterThan(1 / 1.4);
    expect(ratio).toBeLessThan(1.4);
  });
});

// eHMC's longest batches (arXiv 1810.04449): the first ℓ with (q_ℓ − q₀)·v_ℓ < 0.
//
// Acceptance: whole numbers, so the device's equal those of a float64 twin wherever no product of the twin's is closer to zero than 1e-3 of its factors' lengths; f32 moves it by 1e-4 at most in
// at most 100 steps of a Gaussian (test/sample/nuts_tree.test.ts). Laws made of a list are lists of whole numbers, so equality.

import { describe, expect, it } from 'vitest';
import { learn_lengths, learned_law, thinned } from '../../src/sample/learn_lengths.ts';
import type { MetricKind } from '../../src/sample/metric.ts';
import type { Runner } from '../../src/sample/runner.ts';
import { fixed_length, type Law, trajectory_length, uniform_lengths } from '../../src/sample/trajectory.ts';
import { use_device } from '../device.ts';
import { add, inverse_mass, leapfrog, momentum, quadratic, type State, velocity } from '../reference/leapfrog.ts';
import { dot } from '../reference/linear_algebra.ts';
import { draws, numbers } from '../smc2/population.ts';
import { run_chains, with_runner } from './chains.ts';
import { column, gaussian, gaussian_draws, metric_of } from './gaussian.ts';
import { factor_matrix, whitened_momentum } from './momenta.ts';

const device = use_device();
const key = [5, 55] as const;

describe.each<MetricKind>(['unit', 'diagonal', 'dense'])('%s metric', (kind) => {
  const target = gaussian([1, 0.5, 2], 0.5);
  const { dimension } = target;
  const chains = 400;
  const metric = metric_of(target, kind);
  const epsilon = 0.15;
  const start = gaussian_draws(target, chains, 8);

  it('a trajectory goes on until it turns, and to its proposal', async () => {
    const length = 9;
    const ran = await run_chains(device(), {
      model: target.model,
      chains,
      metric,
      start,
      key,
      transition: { machine: 'hmc', epsilon, most_steps: 200, law: fixed_length(length), learning: true },
      iterations: 1,
    });
    const factor = factor_matrix(metric, dimension);
    const h = { ...quadratic(target.precision), inverse_mass: inverse_mass(factor) };
    let compared = 0;
    for (let c = 0; c < chains; c++) {
      const q = column(start, chains, c);
      let state: State = { q, p: momentum(factor, whitened_momentum(key, 0, c, dimension)) };
      let turned = 0;
      let margin = Infinity;
      let proposal = q;
      for (let n = 1; turned === 0 || n <= length; n++) {
        state = leapfrog(h, state, epsilon);
        const [way, v] = [add(state.q, -1, q), velocity(h, state.p)];
        const product = dot(way, v);
        if (turned === 0) margin = Math.min(margin, Math.abs(product) / (Math.hypot(...way) * Math.hypot(...v)));
        if (turned === 0 && product < 0) turned = n;
        if (n === length) proposal = state.q as number[];
      }
      if (margin < 1e-3) continue;
      compared += 1;
      expect(ran.stat(0, 'extra')[c]).toBe(turned);
      expect(ran.stat(0, 'steps')[c]).toBe(Math.max(turned, length));
      // Following it further does not change what is proposed.
      const draw = numbers(dimension, (d) => ran.draws(0, d)[c] as number);
      const from = (x: readonly number[]) => Math.max(...draw.map((v, d) => Math.abs(v - (x[d] as number))));
      expect(Math.min(from(q), from(proposal))).toBeLessThan(1e-4);
    }
    expect(compared).toBeGreaterThan(0.95 * chains);
  });

  it('a trajectory that does not turn within the longest counts as that long', async () => {
    const ran = await run_chains(device(), {
      model: target.model,
      chains,
      metric,
      start,
      key,
      transition: { machine: 'hmc', epsilon: 0.001, most_steps: 12, law: fixed_length(3), learning: true },
      iterations: 1,
    });
    const steps = Array.from(ran.stat(0, 'steps'));
    expect(Array.from(ran.stat(0, 'extra'))).toEqual(steps);
    // Most have not turned after a hundredth of a period.
    expect(steps.filter((n) => n === 12).length).toBeGreaterThan(0.9 * chains);
  });
});

describe('learning', () => {
  const target = gaussian([3], 0);
  const chains = 64;
  const setting = { model: target.model, chains, start: gaussian_draws(target, chains, 9), key };

  it('gathers the batches of all chains, ascending', async () => {
    await with_runner(device(), { ...setting, machines: ['hmc'] }, async (runner) => {
      const told: number[] = [];
      const { batches, unfinished } = await learn_lengths(runner, 0.2, 300, (done) => told.push(done));
      expect(told).toEqual([64, 128, 192, 256, 320]);
      expect(batches.length + unfinished).toBe(320);
      expect(unfinished).toBe(0);
      expect(Array.from(batches)).toEqual(Array.from(batches).sort((a, b) => a - b));
      // It turns where its velocity does, after half a period, 3π, at the latest: 48 steps of 0.2.
      expect(batches.at(-1)).toBeLessThanOrEqual(48);
      expect(batches.at(-1)).toBeGreaterThan(40);
    });
  });

  it('counts trajectories that diverge, and puts none of them in the list, though an unstable one turns at every step', async () => {
    await with_runner(device(), { ...setting, machines: ['hmc'] }, async (runner) => {
      const { batches, unfinished } = await learn_lengths(runner, 1000, 64, () => {});
      expect(batches).toHaveLength(0);
      expect(unfinished).toBe(64);
    });
  });
});

// Sorting all batches again in every iteration would take minutes here.
it('follows the 0.95 quantile of all batches so far, 180 000 in the end', async () => {
  const per_iteration = 50;
  const random = draws(12);
  const told = numbers(4000, (n) =>
    // Longer and longer, so that the quantile moves; a tenth unfinished.
    Float32Array.from({ length: per_iteration }, () =>
      random.uniform() < 0.1 ? 0 : Math.min(4096, 1 + Math.floor((20 + n / 8) * random.uniform() ** 2)),
    ),
  );
  const laws: number[] = [];
  const runner = {
    iterate({ law }: { law: Law }) {
      laws.push(law.lengths.at(-1) as number);
      return Promise.resolve({ extra: told[laws.length - 1] });
    },
  } as unknown as Runner;
  const { batches, unfinished } = await learn_lengths(runner, 0.1, told.length * per_iteration, () => {});
  expect(laws).toHaveLength(told.length);
  expect(laws[0]).toBe(10);
  const sorted = (iterations: number) =>
    Float64Array.from(told.slice(0, iterations).flatMap((row) => Array.from(row).filter((x) => x > 0))).sort();
  for (const n of [1, 2, 3, 100, 1000, 3999]) {
    const list = sorted(n);
    expect(laws[n]).toBe(list[Math.ceil(0.95 * list.length) - 1]);
  }
  expect(batches).toEqual(Uint32Array.from(sorted(told.length)));
  expect(batches.length + unfinished).toBe(told.length * per_iteration);
});

describe('laws', () => {
  const batches = Uint32Array.from([1, 2, 2, 3, 3, 3, 4, 4, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 30, 400]);
  const lengths = (law: ReturnType<typeof learned_law>) => numbers(4000, (n) => trajectory_length(law, key, n, n % 5));

  it('ehmc takes batches', () => {
    const law = learned_law('ehmc', batches);
    expect(law).toEqual({ kind: 'draw', lengths: batches });
    expect(new Set(lengths(law))).toEqual(new Set(batches));
  });

  it('ehmcu takes any length up to a batch', () => {
    const law = learned_law('ehmcu', batches);
    expect(law).toEqual({ kind: 'draw_below', lengths: batches });
    expect(Math.min(...lengths(law))).toBe(1);
    expect(Math.max(...lengths(law))).toBeLessThanOrEqual(400);
  });

  it('a list that is too long is thinned evenly, and a short one is itself', () => {
    const long = Uint32Array.from({ length: 200_000 }, (_, i) => 1 + Math.floor(i / 100));
    const short = thinned(long, 65536);
    expect(short).toHaveLength(65536);
    for (const p of [0, 0.05, 0.5, 0.95, 0.99999]) {
      // Quantiles of the thinned list are those of the list, within one place of it: a hundredth of a value here.
      const [a, b] = [short, long].map((list) => list[Math.floor(p * list.length)] as number) as [number, number];
      expect(Math.abs(a - b)).toBeLessThanOrEqual(1);
    }
    expect(thinned(batches, 20)).toBe(batches);
  });

  it('ehmcq takes any length up to the 0.95 quantile, which one in twenty batches exceeds', () => {
    expect(learned_law('ehmcq', batches)).toEqual(uniform_lengths(1, 30));
    expect(learned_law('ehmcq', Uint32Array.of(3))).toEqual(uniform_lengths(1, 3));
  });
});

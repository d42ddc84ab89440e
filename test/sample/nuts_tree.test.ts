// The tree that the state machine walks leaf by leaf is the textbook's recursive one.
//
// Acceptance. From the same position, momentum and directions: steps, depth and the reason to stop are whole numbers and equal, wherever no decision of the float64 twin is closer than 1e-3 to
// its threshold. f32 moves those by less: trajectories of at most 128 steps of a Gaussian do not stretch differences, 128 · 1.2e-6 = 1.5e-4 at worst, and they add up like the root of their number.
// At least 95 % of trees have to be so clear. The acceptance is a mean of numbers below 1 whose energies, of order 10, are off by 1.5e-4 times that at worst: 2e-3. Seeds are fixed, so nothing fails
// by chance.

import { describe, expect, it } from 'vitest';
import type { MetricKind } from '../../src/sample/metric.ts';
import { use_device } from '../device.ts';
import { energy, inverse_mass, momentum, quadratic } from '../reference/leapfrog.ts';
import { type NutsTree, nuts_tree } from '../reference/nuts.ts';
import { numbers } from '../smc2/population.ts';
import { run_chains } from './chains.ts';
import { column, gaussian, gaussian_draws, metric_of } from './gaussian.ts';
import { factor_matrix, whitened_momentum } from './momenta.ts';
import { goes_forward } from './nuts_directions.ts';

const device = use_device();
const chains = 600;
const key = [7, 77] as const;
const clear = 1e-3;

interface Case {
  name: string;
  sds: readonly number[];
  correlation: number;
  metric: MetricKind;
  epsilon: number;
  deepest: number;
  /** Why its trees end. */
  ends: readonly NutsTree['stopped'][];
}

/** The trees of the first iteration, by the device and by the twin. */
async function trees(setting: Case) {
  const target = gaussian(setting.sds, setting.correlation);
  const { dimension } = target;
  const metric = metric_of(target, setting.metric);
  const start = gaussian_draws(target, chains, 31);
  const ran = await run_chains(device(), {
    model: target.model,
    chains,
    metric,
    start,
    key,
    transition: { machine: 'nuts', epsilon: setting.epsilon, most_steps: setting.deepest },
    iterations: 1,
  });
  const factor = factor_matrix(metric, dimension);
  const h = { ...quadratic(target.precision), inverse_mass: inverse_mass(factor) };
  return numbers(chains, (c) => {
    const state = {
      q: column(start, chains, c),
      p: momentum(factor, whitened_momentum(key, 0, c, dimension)),
    };
    const twin = nuts_tree(h, state, setting.epsilon, (depth) => goes_forward(key, 0, c, depth), setting.deepest);
    const stat = (row: Parameters<typeof ran.stat>[1]) => ran.stat(0, row)[c] as number;
    const seen = {
      steps: stat('steps'),
      depth: stat('extra'),
      diverging: stat('diverging'),
      acceptance: stat('acceptance'),
      energy: stat('energy'),
      log_density: stat('log_density'),
      draw: numbers(dimension, (d) => ran.draws(0, d)[c] as number),
      evaluations: ran.evaluations[c] as number,
    };
    return { seen, twin, h };
  });
}

const cases: Case[] = [
  {
    name: 'unit metric',
    sds: [0.5, 1, 2],
    correlation: 0.6,
    metric: 'unit',
    epsilon: 0.25,
    deepest: 10,
    ends: ['turned'],
  },
  {
    name: 'diagonal metric',
    sds: [0.1, 1, 10],
    correlation: 0.8,
    metric: 'diagonal',
    epsilon: 0.2,
    deepest: 10,
    ends: ['turned'],
  },
  {
    name: 'dense metric',
    sds: [0.1, 1, 10, 3],
    correlation: 0.8,
    metric: 'dense',
    epsilon: 0.1,
    deepest: 10,
    ends: ['turned'],
  },
  { name: 'one coordinate', sds: [2], correlation: 0, metric: 'unit', epsilon: 0.3, deepest: 10, ends: ['turned'] },
  {
    name: 'a depth that is reached',
    sds: [1, 1],
    correlation: 0.3,
    metric: 'unit',
    epsilon: 0.15,
    deepest: 3,
    ends: ['deepest', 'turned'],
  },
  {
    name: 'steps almost too long',
    sds: [1, 0.25],
    correlation: 0.2,
    metric: 'unit',
    epsilon: 0.45,
    deepest: 10,
    ends: ['turned'],
  },
  {
    name: 'steps too long',
    sds: [3, 0.25],
    correlation: 0.2,
    metric: 'unit',
    epsilon: 0.55,
    deepest: 10,
    ends: ['diverged', 'turned'],
  },
];

const twin_numbers = ({ steps, depth, stopped }: NutsTree) => ({
  steps,
  depth,
  diverging: Number(stopped === 'diverged'),
});

describe.each(cases)('$name', (setting) => {
  it('makes the textbook tree', async () => {
    const all = await trees(setting);
    const compared = all.filter(({ twin }) => twin.margin > clear);
    expect(compared.length).toBeGreaterThan(0.95 * chains);
    expect(new Set(compared.map(({ twin }) => twin.stopped))).toEqual(new Set(setting.ends));
    for (const { seen, twin, h } of compared) {
      const { steps, depth, diverging } = seen;
      expect({ steps, depth, diverging }).toEqual(twin_numbers(twin));
      expect(Math.abs(seen.acceptance - twin.acceptance)).toBeLessThan(2e-3);
      expect(seen.evaluations).toBe(1 + steps);
      // The draw is a leaf of the tree that could be drawn, with its own log density and energy.
      const distances = twin.leaves.map(({ state }) =>
        Math.max(...state.q.map((x, d) => Math.abs(x - (seen.draw[d] as number)) / (setting.sds[d] as number))),
      );
      const leaf = twin.leaves[distances.indexOf(Math.min(...distances))] as NutsTree['leaves'][number];
      expect(Math.min(...distances)).toBeLessThan(2e-3);
      expect(leaf.probability).toBeGreaterThan(0);
      expect(Math.abs(seen.log_density - h.log_density(leaf.state.q))).toBeLessThan(2e-3);
      expect(Math.abs(seen.energy - energy(h, leaf.state))).toBeLessThan(2e-3);
    }
  });
});

// Every kind of transition keeps its target.
//
// Acceptance: 16 384 independent exact draws of a correlated Gaussian, one per chain, make a few transitions; they stay independent exact draws. Means, variances, fourth moments and covariances of
// the coordinates (in units of their sds), and log densities, are compared with their exact values: |z| < 4.5. A z exceeds that with probability 6.8e-6, and there are 20 in each of 14 cases, so the
// file's false-alarm rate is 2e-3 at seeds that are fixed.

import { describe, expect, it } from 'vitest';
import { halton_law } from '../../src/sample/chees.ts';
import type { MetricKind } from '../../src/sample/metric.ts';
import type { Transition } from '../../src/sample/steps.ts';
import { fixed_length, type Law, uniform_lengths } from '../../src/sample/trajectory.ts';
import { use_device } from '../device.ts';
import { entry } from '../reference/linear_algebra.ts';
import { mean_of } from '../reference/statistics.ts';
import { numbers } from '../smc2/population.ts';
import { run_chains } from './chains.ts';
import { column, gaussian, gaussian_draws, metric_of } from './gaussian.ts';

const device = use_device();
const chains = 16_384;
const target = gaussian([0.1, 1, 10], 0.7);
const { dimension } = target;

interface Case {
  name: string;
  metric: MetricKind;
  transition: Transition;
  iterations: number;
  diverges?: boolean;
}

const batches: Law['lengths'] = Uint32Array.of(2, 3, 3, 4, 7, 11);
/** The step is such that a good part is rejected. */
const hmc = (law: Law, more: Partial<Transition> = {}): Transition => ({
  machine: 'hmc',
  epsilon: 0.8,
  most_steps: 100,
  law,
  ...more,
});
const cases: Case[] = [
  { name: 'hmc, fixed length', metric: 'diagonal', transition: hmc(fixed_length(3)), iterations: 6 },
  { name: 'hmc, jittered length', metric: 'diagonal', transition: hmc(uniform_lengths(2, 6)), iterations: 6 },
  {
    name: 'hmc, a length for each chain',
    metric: 'diagonal',
    transition: hmc(uniform_lengths(2, 6), { shared_length: false }),
    iterations: 6,
  },
  {
    name: 'hmc, dense metric',
    metric: 'dense',
    transition: hmc(uniform_lengths(1, 4), { epsilon: 1.4 }),
    iterations: 6,
  },
  { name: 'hmc, unit metric', metric: 'unit', transition: hmc(fixed_length(4), { epsilon: 0.13 }), iterations: 6 },
  { name: 'ehmc', metric: 'diagonal', transition: hmc({ kind: 'draw', lengths: batches }), iterations: 6 },
  {
    name: 'ehmcu, a length for each chain',
    metric: 'diagonal',
    transition: hmc({ kind: 'draw_below', lengths: batches }, { shared_length: false }),
    iterations: 6,
  },
  { name: "chees' Halton lengths", metric: 'diagonal', transition: hmc(halton_law(4, 0.8)), iterations: 6 },
  {
    name: 'while lengths are learned',
    metric: 'diagonal',
    transition: hmc(uniform_lengths(1, 5), { shared_length: false, learning: true }),
    iterations: 6,
  },
  { name: 'mala', metric: 'diagonal', transition: hmc(fixed_length(1), { epsilon: 0.9 }), iterations: 10 },
  {
    name: 'nuts, diagonal metric',
    metric: 'diagonal',
    transition: { machine: 'nuts', epsilon: 0.8, most_steps: 10 },
    iterations: 5,
  },
  {
    name: 'nuts, dense metric',
    metric: 'dense',
    transition: { machine: 'nuts', epsilon: 1.2, most_steps: 10 },
    iterations: 5,
  },
  {
    name: 'nuts, steps that diverge at times',
    metric: 'unit',
    transition: { machine: 'nuts', epsilon: 0.155, most_steps: 6 },
    iterations: 4,
    diverges: true,
  },
  {
    name: 'nuts, trees cut short',
    metric: 'diagonal',
    transition: { machine: 'nuts', epsilon: 0.5, most_steps: 2 },
    iterations: 5,
  },
];

/** Values that have mean `expected` under the target, by chain. */
function statistics(z: readonly (readonly number[])[], log_density: ArrayLike<number>) {
  const correlation = (i: number, j: number) =>
    entry(target.covariance, i, j) / Math.sqrt(entry(target.covariance, i, i) * entry(target.covariance, j, j));
  const pairs = numbers(dimension, (i) => numbers(i, (j) => [i, j] as const)).flat();
  const powers = [1, 2, 3, 4].flatMap((power) =>
    z.map((x, d) => ({
      what: `z${d}^${power}`,
      values: x.map((v) => v ** power),
      expected: [0, 0, 1, 0, 3][power] as number,
    })),
  );
  const products = pairs.flatMap(([i, j]) =>
    [1, 2].map((power) => ({
      what: `(z${i} z${j})^${power}`,
      values: (z[i] as number[]).map((v, c) => (v * (z[j]?.[c] as number)) ** power),
      expected: power === 1 ? correlation(i, j) : 1 + 2 * correlation(i, j) ** 2,
    })),
  );
  // −2 log density is chi-square with D degrees of freedom.
  const densities = [1, 2].map((power) => ({
    what: `log density^${power}`,
    values: Array.from(log_density, (l) => (-2 * l) ** power),
    expected: power === 1 ? dimension : dimension * (dimension + 2),
  }));
  return [...powers, ...products, ...densities];
}

describe.each(cases)('$name', ({ metric, transition, iterations, diverges = false }) => {
  it('keeps the target', async () => {
    const start = gaussian_draws(target, chains, 71);
    const ran = await run_chains(device(), {
      model: target.model,
      chains,
      metric: metric_of(target, metric),
      start,
      key: [29, 92],
      transition,
      iterations,
    });
    const z = numbers(dimension, (d) =>
      Array.from(ran.draws(iterations - 1, d), (x) => x / Math.sqrt(entry(target.covariance, d, d))),
    );
    for (const { what, values, expected } of statistics(z, ran.stat(iterations - 1, 'log_density'))) {
      const mean = mean_of(values);
      const error = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0)) / chains;
      expect(Math.abs((mean - expected) / error), what).toBeLessThan(4.5);
    }
    // The steps are long enough for a wrong acceptance to be seen, and short enough for chains to move.
    const acceptance = mean_of(ran.stat(iterations - 1, 'acceptance'));
    expect(acceptance).toBeGreaterThan(0.15);
    expect(acceptance).toBeLessThan(0.97);
    expect(mean_of(ran.stat(iterations - 1, 'diverging')) > 0).toBe(diverges);
    const stayed = numbers(chains, (c) =>
      column(start, chains, c).every((x, d) => x === (ran.draws(iterations - 1, d)[c] as number)),
    );
    expect(stayed.filter((x) => x).length).toBeLessThan(0.1 * chains);
  });
});

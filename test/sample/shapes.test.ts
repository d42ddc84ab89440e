// The two ways to share out a gradient, all rows by one invocation or blocks of rows by many, differ by the order of additions only.
//
// Acceptance. 203 rows give terms of the log density that sum to about 300 in size, added in runs of at most 64: rounding is 64 · 2⁻²⁴ · 300 = 1.2e-3 at worst, and in the gradient, measured in
// posterior sds (0.07), 64 · 2⁻²⁴ · 203 · 0.07 = 5e-5 per kick and 5e-4 after the nine of a trajectory of a target that is nearly Gaussian. So draws agree to 1e-3 sds in each transition from the same
// place, log densities to 2.4e-3, unless a decision was closer than that: at most 5 % of chains. Statistically: two-sample z-scores of means and squares, six at |z| < 4.5: false alarms 4e-5.

import { describe, expect, it } from 'vitest';
import { pack_rows } from '../../src/model/pack_rows.ts';
import type { LogDensityModel } from '../../src/model/types.ts';
import { validate_model } from '../../src/model/validate.ts';
import type { Metric } from '../../src/sample/metric.ts';
import type { Transition } from '../../src/sample/steps.ts';
import { fixed_length, uniform_lengths } from '../../src/sample/trajectory.ts';
import { use_device } from '../device.ts';
import { mean_of, variance_of } from '../reference/statistics.ts';
import { draws, numbers } from '../smc2/population.ts';
import { type Ran, run_chains } from './chains.ts';

const device = use_device();
const dimension = 3;

const model = validate_model({
  kind: 'log-density',
  name: 'line',
  parameters: {
    a: { prior: { normal: [0, 5] } },
    b: { prior: { normal: [0, 5] } },
    sigma: { prior: { half_normal: 3 } },
  },
  row: ['x', 'y'],
  wgsl: 'fn log_likelihood(row: Row, theta: Theta) -> f32 { return normal_log_density(row.y, theta.a + theta.b * row.x, theta.sigma); }',
}) as LogDensityModel;

const random = draws(12);
const x = numbers(203, () => random.normal());
const rows = pack_rows(model, { x, y: x.map((v) => 1 - 0.5 * v + random.normal()) });
const sds = [0.07, 0.07, 0.05];
const metric: Metric = { kind: 'diagonal', factor: Float32Array.from(sds) };

/** About where the posterior is, in phi: a, b, log sigma. */
const starts = (chains: number, seed: number) => {
  const own = draws(seed);
  return Float32Array.from(
    [1, -0.5, 0].flatMap((m, d) => numbers(chains, () => m + (sds[d] as number) * own.normal())),
  );
};

const transitions: (Transition & { name: string })[] = [
  { name: 'hmc', machine: 'hmc', epsilon: 0.5, most_steps: 10, law: fixed_length(3) },
  { name: 'nuts', machine: 'nuts', epsilon: 0.5, most_steps: 10 },
];

describe.each(transitions)('$name', ({ name: _, ...transition }) => {
  it('makes the same draws, up to rounding', async () => {
    const chains = 150;
    const run = (blocks: number) =>
      run_chains(device(), {
        model,
        rows,
        blocks,
        chains,
        metric,
        start: starts(chains, 3),
        key: [1, 11],
        transition,
        iterations: 2,
      });
    const [fused, split] = [await run(1), await run(7)] as [Ran, Ran];
    const differs = (n: number, c: number) =>
      sds.some(
        (sd, d) => Math.abs((fused.draws(n, d)[c] as number) - (split.draws(n, d)[c] as number)) > 1e-3 * (n + 1) * sd,
      ) || Math.abs((fused.stat(n, 'log_density')[c] as number) - (split.stat(n, 'log_density')[c] as number)) > 2.4e-3;
    for (const n of [0, 1]) {
      const different = numbers(chains, (c) => c).filter((c) => differs(n, c));
      expect(different.length).toBeLessThan(0.05 * chains);
    }
    // It was not the same program.
    expect(Array.from(fused.stat(1, 'log_density'))).not.toEqual(Array.from(split.stat(1, 'log_density')));
  });

  it('samples the same distribution', async () => {
    const chains = 1024;
    const iterations = 6;
    const run = (blocks: number, seed: number) =>
      run_chains(device(), {
        model,
        rows,
        blocks,
        chains,
        metric,
        start: starts(chains, seed),
        key: [seed, 1],
        transition: { ...transition, ...(transition.law ? { law: uniform_lengths(2, 5) } : {}) },
        iterations,
      });
    const last = (ran: Ran, d: number) => Array.from(ran.draws(iterations - 1, d));
    const [fused, split] = [await run(1, 5), await run(7, 6)] as [Ran, Ran];
    for (let d = 0; d < dimension; d++) {
      const centre = mean_of(last(fused, d));
      for (const power of [1, 2]) {
        const [a, b] = [fused, split].map((ran) => last(ran, d).map((v) => (v - centre) ** power)) as [
          number[],
          number[],
        ];
        const error = Math.sqrt((variance_of(a) + variance_of(b)) / chains);
        expect(Math.abs((mean_of(a) - mean_of(b)) / error)).toBeLessThan(4.5);
      }
    }
  });
});

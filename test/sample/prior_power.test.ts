// Priors to a power in every shape of the gradient: what the kernels tell of a draw, lp, is the density of theta that evaluate_densities gives (test/sample/evaluate.test.ts has that against definitions) and
// the whole log |J|; and a conjugate posterior, which the gradient has to know of.
//
// Acceptance. lp is a sum in f32 of up to 300 in size: 8 · (96 + rows/64) · 2⁻²⁴ · 300 < 0.02, as in evaluate.test.ts. Without the power it would be (1 − power) |log prior| off, on average above
// five times that, which is tested. Normal mean: |z| < 4.5 for mean and square, false alarms 1e-5.

import { describe, expect, it } from 'vitest';
import { log_jacobian } from '../../src/merge/shards/space.ts';
import { built_in_data } from '../../src/model/catalog/data/index.ts';
import { pack_rows } from '../../src/model/pack_rows.ts';
import { built_in_model } from '../../src/model/resolve.ts';
import { unconstrain_all } from '../../src/model/space.ts';
import { prior_of_theta } from '../../src/model/theta_density.ts';
import type { LogDensityModel, LogDensitySource, Model } from '../../src/model/types.ts';
import { validate_model } from '../../src/model/validate.ts';
import { evaluate_densities } from '../../src/sample/evaluate.ts';
import type { SampleOptions } from '../../src/sample/options.ts';
import { run_sample, sample_key } from '../../src/sample/sample.ts';
import type { Data } from '../../src/sample/target.ts';
import { use_device } from '../device.ts';
import { numbers, draws as random_draws } from '../smc2/population.ts';
import { read_rows } from './data/read_rows.ts';
import sblrc from './models/sblrc.ts';
import { sample_model, z_score } from './sampled.ts';

const device = use_device();
const power = 0.125;

/** Bounded, ordered and on a simplex, of rows. */
const constrained: LogDensitySource = {
  kind: 'log-density',
  name: 'constrained',
  parameters: {
    s: { prior: { gamma: [2, 1] } },
    p: { prior: { beta: [2, 3] } },
    cut: { prior: { normal: [0, 2] }, size: 2, ordered: true },
    w: { prior: { dirichlet: [2, 1.5, 3] }, size: 3, simplex: true },
  },
  row: ['x', 'y'],
  wgsl: `fn log_likelihood(row: Row, theta: Theta) -> f32 {
    return normal_log_density(row.y, theta.p * row.x + theta.w[0] * theta.cut[0] + theta.w[1] * theta.cut[1], theta.s);
  }`,
};
const random = random_draws(8);
const x = numbers(130, () => random.normal());
const rows_of_constrained = pack_rows(validate_model(constrained) as LogDensityModel, {
  x,
  y: x.map((v) => 0.4 * v + random.normal()),
});
const sblrc_rows = read_rows('sblrc.csv');

interface Case {
  name: string;
  shape: 'fused' | 'split' | 'tile' | 'bank';
  model: Model;
  data: Data;
  blocks?: number;
}
const influenza = built_in_data['influenza-1978'];
const cases: Case[] = [
  ...(['fused', 'split'] as const).map((shape, i) => ({
    ...{ name: shape, shape, model: validate_model(constrained), data: { rows: rows_of_constrained } },
    blocks: 1 + 2 * i,
  })),
  {
    ...{ name: 'tile', shape: 'tile', model: validate_model(sblrc) },
    data: { rows: { count: sblrc_rows.length, values: Float32Array.from(sblrc_rows.flat()) } },
  },
  {
    ...{ name: 'bank', shape: 'bank', model: built_in_model('sir-ode') },
    data: {
      series: { in_bed: Float64Array.from(influenza?.columns.in_bed as readonly number[]) },
      particles: 1,
    },
  },
];

const settings: Omit<SampleOptions, 'model' | 'data'> = {
  ...{ sampler: 'nuts', chains: 8, warm_up: 60, draws: 6, thinning: 1, keep: 'draws', metric: 'diagonal', jitter: 1 },
  ...{ learn: 100, length_per_chain: false, most_depth: 6, seed: 5 },
};

describe.each(cases)('$name', ({ shape, model, data, blocks }) => {
  it.each([power, 1])('samples the prior to the power %d', async (prior_power) => {
    const asked = { ...settings, model, data, prior_power, ...(blocks === undefined ? {} : { blocks }) };
    const found = await run_sample(device(), asked);
    expect(found.shape).toBe(shape);
    const columns = Array.from(found.draws.parameters.values(), (chains) => chains.flatMap((c) => Array.from(c)));
    const lp = found.draws.sampler.lp?.flatMap((c) => Array.from(c)) as number[];
    const theta = lp.map((_, i) => columns.map((column) => column[i] as number));
    const points = { count: lp.length, dimension: columns.length, values: Float64Array.from(theta.flat()) };
    const options = { prior_power, key: sample_key(asked.seed) };
    const { log_densities } = await evaluate_densities(device(), model, data, points, options);
    let prior_size = 0;
    theta.forEach((one, i) => {
      const wanted = (log_densities[i] as number) + log_jacobian(model, unconstrain_all(model, one));
      expect(Math.abs((lp[i] as number) - wanted), `draw ${i}`).toBeLessThan(0.02);
      prior_size += Math.abs(prior_of_theta(model, one).log_density) / lp.length;
    });
    expect((1 - power) * prior_size).toBeGreaterThan(0.1);
  });

  it('is the same run, bit for bit, with the power 1 and without', async () => {
    const run = (more: Partial<SampleOptions>) =>
      run_sample(device(), {
        ...settings,
        warm_up: 20,
        model,
        data,
        ...(blocks === undefined ? {} : { blocks }),
        ...more,
      });
    const [one, none] = [await run({ prior_power: 1 }), await run({})];
    for (const [name, chains] of none.draws.parameters) expect(one.draws.parameters.get(name)).toEqual(chains);
  });
});

it('has the posterior of the tempered prior', async () => {
  // y_i ~ N(mu, 1), mu ~ N(3, 0.5²), to the power 1/8 N(3, 2): precision 0.5 + n, where the whole prior has 4 + n.
  const y = [0.2, -0.4, 0.9, 0.1];
  const model: LogDensitySource = {
    kind: 'log-density',
    name: 'mean',
    parameters: { mu: { prior: { normal: [3, 0.5] } } },
    row: ['y'],
    wgsl: 'fn log_likelihood(row: Row, theta: Theta) -> f32 { return normal_log_density(row.y, theta.mu, 1.0); }',
  };
  const sampled = await sample_model(
    device(),
    model,
    y.map((v) => [v]),
    { sampler: 'nuts', seed: 3, prior_power: power },
  );
  const precision = 0.5 + y.length;
  const mean = (0.5 * 3 + y.reduce((a, b) => a + b, 0)) / precision;
  expect(
    Math.abs(
      z_score(
        sampled.quantity(([mu]) => mu as number),
        mean,
      ),
    ),
  ).toBeLessThan(4.5);
  const square = sampled.quantity(([mu]) => ((mu as number) - mean) ** 2);
  expect(Math.abs(z_score(square, 1 / precision))).toBeLessThan(4.5);
});

it('refuses powers that are none', async () => {
  const { model, data } = cases[0] as Case;
  await expect(run_sample(device(), { ...settings, model, data, prior_power: 0 })).rejects.toThrow(
    /power of the prior/,
  );
  await expect(run_sample(device(), { ...settings, model, data, prior_power: 1.5 })).rejects.toThrow(
    /at most 1, not 1.5/,
  );
});

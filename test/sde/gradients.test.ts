// Acceptance: the terms of the bound and its gradient, every parameter of every part, against float64 with the same draws: the terms to 1e-5 of the largest number summed, the gradient by central differences
// to 1e-3 of the largest component of its block, as the reference asks. f32 rounding of sums over 32 to 128 samples is some 1e-5 of it; differences with step 1e-5 err by 1e-9.

import { describe, expect, it } from 'vitest';
import { initial_net } from '../../src/network/mlp.ts';
import { tiling_for } from '../../src/network/tiles.ts';
import { normal_from_bits } from '../../src/random/normal.ts';
import { site, words_at } from '../../src/random/threefry.ts';
import type { OwnDrift, OwnDriftUnits } from '../../src/sde/own_drift.ts';
import {
  batch,
  diffusion_count,
  type Estimator,
  is_exact,
  type SdeModel,
  sample_quads,
  sde_layout,
} from '../../src/sde/problem.ts';
import { tabulate } from '../../src/sde/series.ts';
import { first_state } from '../../src/sde/state.ts';
import { create_sde_trainer, type Terms } from '../../src/sde/trainer.ts';
import { use_device } from '../device.ts';
import { type BoundOptions, bound_terms, type Draw, type Draws } from '../reference/sde.ts';
import { expect_gradient } from './expect_gradient.ts';

const device = use_device();
const key = [5, 9] as const;

const model: SdeModel = {
  latent: 3,
  observed: 2,
  drift: { hidden: [16, 16], activation: 'tanh', moves_in_time: true },
  decoder: { hidden: [8], activation: 'softplus' },
  likelihood: 'gaussian',
  encoder: { hidden: [16], activation: 'tanh' },
  rotation: true,
  diffusion_knots: 2,
  learns: { diffusion: true, noise: true, start: true },
};
const estimator: Estimator = { nets: 1, windows: 1, nodes: 32, pairs: 30, paths: 3, repeats: 2 };

const units: OwnDriftUnits = { mean: [0.5, -1], sd: [1.5, 0.8], time: 2, longest: 4 };
/** Time, a parameter that stands still, one that bends. */
const own_drift: OwnDrift = {
  wgsl: `
fn drift(z: State, theta: Theta, t: f32) -> State {
  return State(theta.rate * (z.y - z.x) + theta.push * sin(t), -theta.bend * z.x * z.y - 0.3 * z.y);
}`,
  states: ['x', 'y'],
  parameters: [
    { name: 'rate', start: 0.7, learns: true },
    { name: 'push', start: 0.4, learns: false },
    { name: 'bend', start: -0.2, learns: true },
  ],
};

interface Case {
  model: SdeModel;
  estimator: Estimator;
  counts?: boolean;
  own?: NonNullable<BoundOptions['own']>;
}

const cases: Record<string, Case> = {
  'Gaussian noise through a perceptron, with rotation': { model, estimator },
  'channels as they are, expectation in closed form': {
    model: { ...model, latent: 2, decoder: 'identity', rotation: false, diffusion_knots: 1 },
    estimator: { ...estimator, repeats: 1 },
  },
  'slopes of a deep kernel': {
    model: { ...model, latent: 2, decoder: 'identity', rotation: false, interpolation: 'deep_kernel' },
    estimator: { ...estimator, repeats: 1 },
  },
  'heavy tails through a linear map': {
    model: { ...model, decoder: { hidden: [], activation: 'tanh' }, likelihood: 'student_t' },
    estimator,
  },
  'a person’s own drift': {
    model: { ...model, latent: 2, drift: own_drift },
    estimator,
    own: {
      units,
      drift: ([x = 0, y = 0], [rate = 0, push = 0, bend = 0], t) => [
        rate * (y - x) + push * Math.sin(t),
        -bend * x * y - 0.3 * y,
      ],
    },
  },
  counts: {
    model: { ...model, likelihood: 'poisson', learns: { ...model.learns, noise: false } },
    estimator,
    counts: true,
  },
  'zeros and ones': {
    model: { ...model, likelihood: 'bernoulli', learns: { ...model.learns, noise: false } },
    estimator,
    counts: true,
  },
};

describe.each(Object.entries(cases))('%s', (_, { model, estimator, counts, own }) => {
  it('has the terms and the gradient of the bound', async () => {
    const { latent, observed } = model;
    // Irregular times, values missing.
    const times = Float64Array.from({ length: 41 }, (_, i) => 0.1 * i + 0.04 * Math.sin(3 * i));
    const values = Float64Array.from({ length: 41 * observed }, (_, i) => {
      if (i % 7 === 3) return Number.NaN;
      return counts ? Number(Math.sin(i) > 0) : Math.sin(0.3 * i) + (i % observed);
    });
    const options = {
      latent,
      observed,
      every: 3,
      sees: 5,
      nodes: estimator.nodes,
      is_identity: model.decoder === 'identity',
    };
    const tables = tabulate([{ times, values }], options);
    const layout = sde_layout(tiling_for(device(), batch / 4), model, tables.encoder_inputs);
    const start = initial_net(layout, key, 0, {});
    for (const { free_first, free } of Object.values(layout.parts)) {
      for (let n = 0; n < free; n++) start[free_first + n] = -0.3 + 0.1 * Math.sin(n);
    }
    const schedule = { steps: 10, warm_up: 1, learning_rate: 1e-3, last_rate: 0.1, most_slope: 1, average: 0.9 };
    const diffusion = { mean: -0.5, sd: 0.7 };
    const trainer = await create_sde_trainer(device(), {
      model,
      estimator,
      layout,
      tables,
      schedule,
      ramp: 1,
      diffusion,
      ...(own ? { units: own.units } : {}),
      key,
      start: first_state(layout, start),
    });
    const { terms, slopes } = await trainer.differentiate(0);
    const samples = await trainer.read_samples();
    const { path, all } = sample_quads(estimator, tables.most_observations);
    const at = (row: number, sample: number) => samples[row * 4 * all + sample] as number;
    const draw = (sample: number): Draw => ({
      weight: at(0, sample),
      u: at(1, sample),
      interval: at(2, sample),
      eps: Array.from({ length: latent }, (_, d) => at(5 + d, sample)),
    });
    const range = (count: number) => Array.from({ length: count }, (_, i) => i);
    const knots = model.diffusion_knots;
    const draws: Draws = {
      path: range(2 * estimator.pairs).map(draw),
      observations: range(estimator.repeats * (tables.windows[0]?.observations ?? 0)).map((n) => draw(4 * path + n)),
      repeats: estimator.repeats,
      diffusion: range(2 * estimator.pairs).map((s) =>
        range(knots * latent).map((index) => {
          const which = (Math.floor(s / 2) % estimator.paths) * knots * latent + index;
          return normal_from_bits(words_at(key, site.start, 0, which)[0]);
        }),
      ),
    };
    const at_bound = { model, layout, tables, window: 0, diffusion, ...(own ? { own } : {}) };
    const expected = bound_terms(start, draws, at_bound);
    for (const name of ['path', 'likelihood', 'start', 'prior'] as const) {
      const scale = Math.abs(expected.path) + Math.abs(expected.likelihood);
      expect(Math.abs((terms[0] as Terms)[name] * tables.numbers - expected[name]), name).toBeLessThan(1e-5 * scale);
    }
    // The parameter `push`.
    const stands_still = own ? layout.parts.drift.free_first + diffusion_count(model) + 1 : undefined;
    const loss = (weights: Float64Array) => {
      const t = bound_terms(weights, draws, at_bound);
      return (t.path - t.likelihood + t.start + t.prior) / tables.numbers;
    };
    const gradient = { weights: start, slopes, parts: layout.parts, loss };
    expect_gradient({ ...gradient, ...(stands_still === undefined ? {} : { still: stands_still }) });
    expect(is_exact(model)).toBe(estimator.repeats === 1);
    trainer.destroy();
  }, 120_000);
});

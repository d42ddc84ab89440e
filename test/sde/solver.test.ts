// Acceptance: the terms of the simulated bound and its gradient against float64 with the same draws: the terms to 1e-5 of the largest number summed, the gradient by central differences to 1e-3 of the largest component
// of its block, as gradients.test.ts has it. The drift turns and shrinks: rounding of a state is not made larger by the steps behind it.

import { expect, it } from 'vitest';
import { initial_net } from '../../src/network/mlp.ts';
import { tiling_for } from '../../src/network/tiles.ts';
import { normal_from_bits } from '../../src/random/normal.ts';
import { site, words_at } from '../../src/random/threefry.ts';
import { places_per_batch } from '../../src/sde/modules.ts';
import type { OwnDrift } from '../../src/sde/own_drift.ts';
import { batch, type Estimator, type SdeModel, sample_quads, sde_layout } from '../../src/sde/problem.ts';
import { tabulate } from '../../src/sde/series.ts';
import { first_state } from '../../src/sde/state.ts';
import { create_sde_trainer, type Terms } from '../../src/sde/trainer.ts';
import { use_device } from '../device.ts';
import type { BoundOptions } from '../reference/sde.ts';
import { type SolverDraws, solver_terms } from '../reference/sde_solver.ts';
import { expect_gradient } from './expect_gradient.ts';

const device = use_device();
const key = [7, 3] as const;

const model: SdeModel = {
  latent: 2,
  observed: 2,
  drift: { hidden: [16], activation: 'tanh', moves_in_time: true },
  decoder: 'identity',
  likelihood: 'gaussian',
  encoder: { hidden: [16], activation: 'tanh' },
  rotation: false,
  diffusion_knots: 1,
  learns: { diffusion: true, noise: false, start: true },
};
const own: OwnDrift = {
  wgsl: `
fn drift(z: State, theta: Theta, t: f32) -> State {
  return State(theta.rate * z.y - 0.2 * z.x, -theta.rate * z.x - theta.bend * z.y * z.y);
}`,
  states: ['x', 'y'],
  parameters: [
    { name: 'rate', start: 0.7, learns: true },
    { name: 'bend', start: 0.2, learns: true },
  ],
};
const units = { mean: [0, 0], sd: [1, 1], time: 1, longest: 1 };
const of_own = {
  units,
  drift: ([x = 0, y = 0]: number[], [rate = 0, bend = 0]: number[]) => [rate * y - 0.2 * x, -rate * x - bend * y * y],
};
const steps_per_observation = 2;
/** Two windows of five intervals; the other places have none. */
const intervals = 5;
const every = 2;
const steps = intervals * every * steps_per_observation;
const estimator: Estimator = { nets: 1, windows: places_per_batch, nodes: 32, pairs: steps, paths: 1, repeats: 1 };

it.each([
  ['a perceptron', model, undefined],
  ['a person’s own drift', { ...model, drift: own }, of_own],
])(
  '%s has the terms and the gradient of the bound of a simulated path',
  async (_, model, given) => {
    const { latent, observed } = model;
    const count = 2 * intervals * every + 1;
    const times = Float64Array.from({ length: count }, (_, i) => 0.1 * i);
    const values = Float64Array.from({ length: count * observed }, (_, i) =>
      i % 7 === 3 ? Number.NaN : Math.sin(0.3 * i) + (i % observed),
    );
    const tables = tabulate([{ times, values }], {
      ...{ latent, observed, every, sees: 5, nodes: intervals + 1, is_identity: true },
    });
    const layout = sde_layout(tiling_for(device(), batch / 4), model, tables.encoder_inputs);
    const start = initial_net(layout, key, 0, {});
    for (const { free_first, free } of Object.values(layout.parts)) {
      for (let n = 0; n < free; n++) start[free_first + n] = -0.3 + 0.1 * Math.sin(n);
    }
    const diffusion = { mean: -0.5, sd: 0.7 };
    const options = {
      ...{
        model,
        estimator,
        layout,
        tables,
        diffusion,
        key,
        ramp: 1,
        solver: { steps_per_observation, windows: places_per_batch },
      },
      schedule: { steps: 10, warm_up: 1, learning_rate: 1e-3, last_rate: 0.1, most_slope: 1, average: 0.9 },
      ...(given ? { units } : {}),
      start: first_state(layout, start),
    } as const;
    const trainer = await create_sde_trainer(device(), options);
    const { terms, slopes } = await trainer.differentiate(0);
    const samples = await trainer.read_samples();
    const { all } = sample_quads(estimator, tables.most_observations);
    const rows = 5 + 5 * latent;
    const range = (length: number) => Array.from({ length }, (_, i) => i);
    const draws_of = (samples: Float32Array, place: number): SolverDraws => ({
      eps: range(2).map((path) =>
        range(steps).map((step) =>
          range(latent).map((d) => samples[(place * rows + 5 + d) * 4 * all + 2 * step + path] as number),
        ),
      ),
      diffusion: range(latent).map((d) => normal_from_bits(words_at(key, site.start, 0, d)[0])),
      steps_per_observation,
    });
    const both = range(2).map((place) => draws_of(samples, place));
    const at = (window: number): BoundOptions => ({
      ...{ model, layout, tables, window, diffusion },
      ...(given ? { own: { units, drift: given.drift } } : {}),
    });
    const total = (weights: ArrayLike<number>) =>
      both
        .map((own, window) => solver_terms(weights, own, at(window)))
        .reduce((a, b) => ({
          ...{ path: a.path + b.path, likelihood: a.likelihood + b.likelihood },
          start: a.start + b.start,
        }));
    const expected = total(start);
    const scale = expected.path + Math.abs(expected.likelihood);
    for (const name of ['path', 'likelihood', 'start'] as const) {
      expect(Math.abs((terms[0] as Terms)[name] * tables.numbers - expected[name]), name).toBeLessThan(1e-5 * scale);
    }
    const { free_first } = layout.parts.drift;
    const prior = (weights: ArrayLike<number>) =>
      range(latent).reduce((sum, d) => {
        const distance = ((weights[free_first + d] as number) - diffusion.mean) / diffusion.sd;
        const ratio = Math.exp(weights[free_first + latent + d] as number) / diffusion.sd;
        return sum + 0.5 * (distance ** 2 + ratio ** 2 - 1) - Math.log(ratio);
      }, 0);
    const loss = (weights: Float64Array) => {
      const it = total(weights);
      return (it.path - it.likelihood + it.start + prior(weights)) / tables.numbers;
    };
    const { encoder, drift } = layout.parts;
    expect_gradient({ weights: start, slopes, parts: { encoder, drift }, loss });
    trainer.destroy();
  },
  120_000,
);

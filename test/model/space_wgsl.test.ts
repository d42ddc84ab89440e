/**
 * `package::model_space` on the device against its twin in float64.
 *
 * Acceptance. exp may be wrong by 3 + 2|phi| units in the last place (WGSL §15.7.4.1), which is as if phi were moved by delta = (3 + 2|phi|)·2⁻²³; this also covers the rounding of
 * phi less a constant. So whatever is computed may be wrong by what it changes over ± 2 delta in every coordinate ("wobble"). Beside that:
 *   theta      n operations after one another, n the number of elements before it in its array, each with at most 5 units of 2⁻²³ (a division has 2.5, the rest ½ each)
 *   value      4e-6 of the sizes of its terms, as in prior_wgsl.test.ts, where the terms are the priors' arguments, their log densities, and phi
 *   gradient   1e-5 of the sizes of its terms (central differences of the twin, step 1e-4, have 1e-8), and n·2⁻²² of them for the n terms that a sum over an array adds up
 */

import { describe, expect, it } from 'vitest';
import { model_declarations } from '../../src/model/declarations.ts';
import { log_normaliser, log_prior_density } from '../../src/model/prior.ts';
import { built_in_model } from '../../src/model/resolve.ts';
import { constrain_all, log_prior } from '../../src/model/space.ts';
import { model_space_module } from '../../src/model/space_wgsl.ts';
import { join, member } from '../../src/model/struct_text.ts';
import type { Model, ParameterField, ScalarParameter } from '../../src/model/types.ts';
import { run_kernel, use_device } from '../device.ts';
import { every_kind, long_arrays } from './log_density_models.ts';

const device = use_device();

interface Tempered {
  model: Model;
  /** The priors' densities of theta count to this power. */
  power: number;
}
const cases: readonly Tempered[] = [
  { model: every_kind, power: 1 },
  { model: every_kind, power: 0.125 },
  { model: long_arrays, power: 0.125 },
  { model: built_in_model('sir'), power: 1 },
  { model: built_in_model('eight-schools'), power: 1 },
];

/** One invocation per case: what constrain and pull_back make of phi and theta_bar. */
const kernel = (model: Model) => `
import package::model::Theta;
import package::model_space::{Phi, dimension, theta_size, constrain, pull_back};
@group(0) @binding(0) var<storage, read> inputs: array<f32>;
@group(0) @binding(1) var<storage, read_write> outputs: array<f32>;
override count: u32;
@compute @workgroup_size(4)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= count) {
    return;
  }
  let source = id.x * (dimension + theta_size);
  let goal = id.x * (1u + theta_size + dimension);
  var phi: Phi;
  for (var d = 0u; d < dimension; d++) {
    phi[d] = inputs[source + d];
  }
  var theta: Theta;
  outputs[goal] = constrain(&phi, &theta);
  var bar: Theta;
  ${join(model.scalars.length, (i) => `outputs[goal + ${1 + i}u] = ${member(model.fields, i, 'theta')};`, '\n  ')}
  ${join(model.scalars.length, (i) => `${member(model.fields, i, 'bar')} = inputs[source + dimension + ${i}u];`, '\n  ')}
  var gradient: Phi;
  pull_back(&phi, &bar, &gradient);
  for (var d = 0u; d < dimension; d++) {
    outputs[goal + 1u + theta_size + d] = gradient[d];
  }
}
`;

interface Case {
  phi: number[];
  bar: number[];
  value: number;
  theta: number[];
  gradient: number[];
}

async function run(model: Model, cases: readonly Pick<Case, 'phi' | 'bar'>[], power: number): Promise<Case[]> {
  const words = 1 + model.scalars.length + model.dimension;
  const out = await run_kernel(device(), {
    wgsl: kernel(model),
    modules: { model: model_declarations(model), model_space: model_space_module(model, power) },
    inputs: { inputs: new Float32Array(cases.flatMap(({ phi, bar }) => [...phi, ...bar])) },
    output: { name: 'outputs', words: cases.length * words },
    workgroups: Math.ceil(cases.length / 4),
    overrides: { count: cases.length },
  });
  return cases.map((c, n) => {
    const [value = Number.NaN, ...rest] = new Float32Array(out, 4 * n * words, words);
    return { ...c, value, theta: rest.slice(0, model.scalars.length), gradient: rest.slice(model.scalars.length) };
  });
}

/** Step of central differences. */
const h = 1e-4;

const moved = (phi: readonly number[], d: number, step: number) => phi.map((v, i) => (i === d ? v + step : v));
const delta = (phi: number) => (3 + 2 * Math.abs(phi)) * 2 ** -22;

/** What f changes over ± 2 delta in each coordinate, added up; f gives several numbers at once. */
function wobble(f: (phi: readonly number[]) => ArrayLike<number>, phi: readonly number[]): number[] {
  const changes = phi.map((v, d) => {
    const [high, low] = [f(moved(phi, d, delta(v))), f(moved(phi, d, -delta(v)))];
    return Array.from(high, (value, i) => Math.abs(value - (low[i] as number)));
  });
  return (changes[0] ?? []).map((_, i) => changes.reduce((sum, change) => sum + (change[i] as number), 0));
}

const prior_size = ({ prior }: ScalarParameter, theta: number) =>
  [...prior.arguments, log_prior_density(prior, theta), log_normaliser(prior)].reduce((sum, v) => sum + Math.abs(v), 0);

/** One parameter as a model of its own. Parameters do not know of each other, so that its derivatives are all that a whole model has. */
function part(model: Model, field: ParameterField): Model {
  const { offset, size, unconstrained } = field;
  return {
    ...model,
    fields: [{ ...field, offset: 0, unconstrained: { ...unconstrained, offset: 0 } }],
    scalars: model.scalars.slice(offset, offset + Math.max(1, size)),
    dimension: unconstrained.size,
  };
}

/** d theta_i / d phi_d and d log prior density_i / d theta_i, by central differences. */
function slopes(model: Model, phi: readonly number[]) {
  const jacobian = phi.map((_, d) => {
    const [high, low] = [constrain_all(model, moved(phi, d, h)), constrain_all(model, moved(phi, d, -h))];
    return Array.from(high, (value, i) => (value - (low[i] as number)) / (2 * h));
  });
  const theta = constrain_all(model, phi);
  const scores = model.scalars.map(({ prior }, i) => {
    const x = theta[i] as number;
    const step = 1e-5 * Math.min(1, x - prior.lower, prior.upper - x);
    return (log_prior_density(prior, x + step) - log_prior_density(prior, x - step)) / (2 * step);
  });
  return { jacobian, scores };
}

/** What pull_back gives for coordinate d: a central difference of Σ bar·theta and the log prior. */
function pulled({ model, power }: Tempered, bar: readonly number[], phi: readonly number[], d: number): number {
  const sum = (p: readonly number[]) =>
    constrain_all(model, p).reduce((total, v, i) => total + v * (bar[i] as number), log_prior(model, p, power));
  return (sum(moved(phi, d, h)) - sum(moved(phi, d, -h))) / (2 * h);
}

function check_gradient(tempered: Tempered, { phi, bar, gradient }: Pick<Case, 'phi' | 'bar' | 'gradient'>): void {
  const { model } = tempered;
  const [field] = model.fields as [ParameterField];
  const { jacobian, scores } = slopes(model, phi);
  for (const [d, coordinate] of phi.entries()) {
    // Of long ones the ends and some between, because of the time.
    if (d > 2 && d < phi.length - 3 && d % 8 !== 0) continue;
    const sizes = (jacobian[d] as number[]).reduce(
      (sum, slope, i) => sum + Math.abs(slope) * (Math.abs(bar[i] as number) + Math.abs(scores[i] as number)),
      1,
    );
    const felt = field.constraint === 'none' ? [d] : [...phi.keys()];
    const of_exp = felt.reduce((sum, e) => {
      const step = delta(phi[e] as number);
      return (
        sum + Math.abs(pulled(tempered, bar, moved(phi, e, step), d) - pulled(tempered, bar, moved(phi, e, -step), d))
      );
    }, 0);
    const terms = field.constraint === 'none' ? 1 : phi.length;
    const error = Math.abs((gradient[d] as number) - pulled(tempered, bar, phi, d));
    expect(error, `gradient ${d} of ${field.name} at ${coordinate}`).toBeLessThan(
      of_exp + (1e-5 + terms * 2 ** -22) * sizes,
    );
  }
}

const place_in_field = (model: Model, i: number) =>
  i - (model.fields.findLast((field) => field.offset <= i)?.offset ?? 0);

/** Deterministic, spread, different in every coordinate and case; f32. */
const spread = (count: number, reach: number, seed: number) =>
  Array.from({ length: count }, (_, i) => Math.fround(reach * Math.sin(12.9898 * (i + 1) + 78.233 * seed)));

describe.each(cases)('$model.name, priors to the power $power', ({ model, power }) => {
  it('agrees with float64', async () => {
    const count = model.dimension > 100 ? 1 : 16;
    const cases = Array.from({ length: count }, (_, n) => ({
      phi: spread(model.dimension, model.dimension > 100 ? 2 : 1 + (n % 4), n),
      bar: spread(model.scalars.length, 3, n + 0.5),
    }));
    for (const { phi, bar, value, theta, gradient } of await run(model, cases, power)) {
      const expected_theta = constrain_all(model, phi);
      const wobbles = wobble((p) => [log_prior(model, p, power), ...constrain_all(model, p)], phi);
      const sizes = model.scalars.reduce(
        (sum, scalar, i) => sum + prior_size(scalar, expected_theta[i] as number),
        phi.reduce((sum, v) => sum + Math.abs(v), 1),
      );
      expect(Math.abs(value - log_prior(model, phi, power)), 'log density').toBeLessThan(
        (wobbles[0] as number) + 4e-6 * sizes,
      );
      for (const [i, { name, prior }] of model.scalars.entries()) {
        const exact = expected_theta[i] as number;
        const bounds = [prior.lower, prior.upper].filter(Number.isFinite).map(Math.abs);
        const rounding =
          5 *
          2 ** -23 *
          (place_in_field(model, i) + 1) *
          Math.max(Math.abs(exact), ...bounds.filter(() => prior.family !== 'dirichlet'));
        expect(Math.abs((theta[i] as number) - exact), `${name} at phi ${phi}`).toBeLessThan(
          (wobbles[1 + i] as number) + rounding + 1e-30,
        );
      }
      for (const field of model.fields) {
        const { offset, size, unconstrained } = field;
        const coordinates = [unconstrained.offset, unconstrained.offset + unconstrained.size] as const;
        check_gradient(
          { model: part(model, field), power },
          {
            phi: phi.slice(...coordinates),
            bar: bar.slice(offset, offset + Math.max(1, size)),
            gradient: gradient.slice(...coordinates),
          },
        );
      }
    }
  });

  it('stays finite and within the constraints however far out', async () => {
    const far = [-1e6, -1e3, -81, -40, 40, 81, 1e3, 1e6];
    const cases = far.flatMap((reach, n) =>
      [(d: number) => reach * (1 + 0.01 * d), (d: number) => reach * Math.sin(d + 1)].map((f) => ({
        phi: Array.from({ length: model.dimension }, (_, d) => Math.fround(f(d))),
        bar: spread(model.scalars.length, 3, n),
      })),
    );
    for (const { phi, value, theta, gradient } of await run(model, cases, power)) {
      const at = `at phi = ${phi.slice(0, 3)} …`;
      for (const number of [value, ...theta, ...gradient]) expect(Number.isFinite(number), at).toBe(true);
      for (const { name, constraint, offset, size } of model.fields) {
        const own = theta.slice(offset, offset + Math.max(1, size));
        for (const [i, value] of own.entries()) {
          const { prior } = model.scalars[offset + i] as ScalarParameter;
          expect(value > Math.fround(prior.lower) && value < prior.upper, `${name} ${at}`).toBe(true);
        }
        if (constraint === 'ordered')
          for (const [i, above] of own.slice(1).entries())
            expect(above, `${name} ${at}`).toBeGreaterThan(own[i] as number);
        if (constraint === 'simplex')
          expect(Math.abs(own.reduce((sum, value) => sum + value, 0) - 1), `${name} ${at}`).toBeLessThan(
            5 * 2 ** -23 * size,
          );
      }
    }
  });
});

/**
 * The built-in log densities on the device, by value and by their forward-mode derivative, against their definitions in float64.
 *
 * Acceptance: 1e-5 of the sizes of the terms that are added up: a few roundings of 2⁻²⁴ each, log's 2⁻²¹ and exp's (3 + 2|x|)·2⁻²³ for |x| ≤ 4.
 */

import { expect, it } from 'vitest';
import { tangent_lane, tangent_unit } from '../../src/autodiff/tangent.ts';
import { built_in_data } from '../../src/model/catalog/data/index.ts';
import { differentiate_model } from '../../src/model/derivatives.ts';
import { pack_rows } from '../../src/model/pack_rows.ts';
import { built_in_model } from '../../src/model/resolve.ts';
import { construct, join } from '../../src/model/struct_text.ts';
import type { LogDensityModel } from '../../src/model/types.ts';
import { run_kernel, use_device } from '../device.ts';

const device = use_device();

/** The terms of a log density without its priors, at theta. */
type Terms = (theta: readonly number[]) => number[];

const normal_terms = (y: number, mean: number, sd: number) => [
  -0.5 * ((y - mean) / sd) ** 2,
  -Math.log(sd),
  -0.5 * Math.log(2 * Math.PI),
];
const schools = built_in_data['eight-schools']?.columns as { y: readonly number[]; sigma: readonly number[] };
const definitions: Record<'eight-schools' | 'banana' | 'funnel', Terms> = {
  'eight-schools': ([mu = 0, tau = 0, ...eta]) =>
    schools.y.flatMap((y, j) => normal_terms(y, mu + tau * (eta[j] as number), schools.sigma[j] as number)),
  banana: ([x = 0, y = 0]) => normal_terms(y, 0.03 * (x * x - 100), 1),
  funnel: ([v = 0, ...x]) => x.flatMap((value) => normal_terms(value, 0, Math.exp(v / 2))),
};
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** Value and gradient at each theta. */
async function evaluate(model: LogDensityModel, thetas: readonly number[][]): Promise<number[][]> {
  const size = model.scalars.length;
  const rows = model.row.length > 0 ? pack_rows(model, built_in_data['eight-schools']?.columns ?? {}) : undefined;
  const theta = construct('Theta', model.fields, 'f32', (i) => `inputs[at + ${i}u]`);
  const seed = construct('Theta_d', model.fields, 'Tangent', (i) => tangent_unit(size, i));
  const wgsl = `
import package::model::{Theta, Theta_d, Tangent, log_density_d};
@group(0) @binding(0) var<storage, read> inputs: array<f32>;
@group(0) @binding(1) var<storage, read_write> outputs: array<f32>;
@compute @workgroup_size(1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let at = id.x * ${size}u;
  let result = log_density_d(${theta}, ${seed});
  let goal = id.x * ${size + 1}u;
  outputs[goal] = result.v;
  ${join(size, (i) => `outputs[goal + ${i + 1}u] = ${tangent_lane(size, i, 'result.d')};`, '\n  ')}
}`;
  const out = await run_kernel(device(), {
    wgsl,
    modules: { model: differentiate_model(model, size, rows?.count) },
    inputs: { inputs: new Float32Array(thetas.flat()), ...(rows ? { data: rows.values } : {}) },
    output: { name: 'outputs', words: thetas.length * (size + 1) },
    workgroups: thetas.length,
  });
  return thetas.map((_, n) => [...new Float32Array(out, 4 * n * (size + 1), size + 1)]);
}

it.each(['eight-schools', 'banana', 'funnel'] as const)(
  '%s is its definition, and so is its derivative',
  async (name) => {
    const model = built_in_model(name);
    const terms = definitions[name];
    const thetas = Array.from({ length: 20 }, (_, n) =>
      model.scalars.map((_, i) => Math.fround(4 * Math.sin(12.9898 * (i + 1) + 78.233 * n))),
    );
    const results = await evaluate(model, thetas);
    for (const [n, theta] of thetas.entries()) {
      const [value, ...gradient] = results[n] as [number, ...number[]];
      const size = sum(terms(theta).map(Math.abs));
      expect(Math.abs(value - sum(terms(theta))), `at ${theta}`).toBeLessThan(1e-5 * size);
      for (const d of theta.keys()) {
        const h = 1e-4;
        const moved = (step: number) => terms(theta.map((v, i) => (i === d ? v + step : v)));
        const low = moved(-h);
        const slopes = moved(h).map((term, k) => (term - (low[k] as number)) / (2 * h));
        // 1e-6 for the difference's own truncation and rounding, beside terms that hardly move.
        const tolerance = 1e-5 * sum(slopes.map(Math.abs)) + 1e-6 * (1 + size);
        expect(Math.abs((gradient[d] as number) - sum(slopes)), `slope ${d} at ${theta}`).toBeLessThan(tolerance);
      }
    }
  },
);

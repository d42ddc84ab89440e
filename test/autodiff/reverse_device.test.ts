// Acceptance: reversed log densities on the device, in f32, against the same text run in float64. Errors are counted in units of 2⁻²³ · the
// largest derivative (value and gradient scaled alike): a rounding costs half a unit, WGSL allows exp and log about 3 more at these arguments, and at
// most 30 such steps follow one another in a row of data, which then average out; 100 units is twice that. The Gaussian process
// multiplies errors by the condition of its covariance, at most 1 + 11·(1.3/0.5)² = 75, so 7500 units.

import { expect, it } from 'vitest';
import { reverse_differentiate } from '../../src/autodiff/reverse/reverse_differentiate.ts';
import { run_kernel, use_device } from '../device.ts';
import type { Value } from '../reference/wgsl_interpreter.ts';
import { type Case, floats } from './harness.ts';
import { gaussian_process, log_densities } from './log_densities.ts';
import { run_reversed } from './reverse_harness.ts';

const device = use_device();

/** Value and gradient as the device finds them; every input is a struct of f32. */
async function run_on_device(c: Case, unroll: number): Promise<number[]> {
  const { source, declarations = '', entry, active, inputs, variables = {} } = c;
  const { wgsl } = reverse_differentiate({ source, declarations, entries: [{ name: entry, active }], unroll });
  const by_row = inputs.length > 1;
  const counts = inputs.map((input) => floats(input).length);
  const directions = counts.at(-1) as number;
  const data = variables.data === undefined ? [] : floats(variables.data);
  const kernel = `import package::model::{Theta, ${by_row ? 'Row, ' : ''}${data.length > 0 ? 'data, ' : ''}${entry}_r};
struct Inputs { ${by_row ? 'row: Row, ' : ''}theta: Theta }
struct Outputs { value: f32, theta_b: Theta }
@group(0) @binding(0) var<storage, read> inputs: Inputs;
@group(0) @binding(1) var<storage, read_write> outputs: Outputs;
@compute @workgroup_size(1)
fn main() {
  var theta_b: Theta;
  outputs.value = ${entry}_r(${by_row ? 'inputs.row, ' : ''}inputs.theta, 1.0, &theta_b);
  outputs.theta_b = theta_b;
}
`;
  const result = await run_kernel(device(), {
    wgsl: kernel,
    modules: { model: wgsl },
    inputs: {
      inputs: Float32Array.from(inputs.flatMap(floats)),
      ...(data.length > 0 ? { data: Float32Array.from(data) } : {}),
    },
    output: { name: 'outputs', words: 1 + directions },
    workgroups: 1,
  });
  return [...new Float32Array(result)];
}

const fround = (v: Value): Value => {
  if (typeof v === 'number') return Math.fround(v);
  if (Array.isArray(v)) return v.map(fround);
  return typeof v === 'object' ? Object.fromEntries(Object.entries(v).map(([name, m]) => [name, fround(m)])) : v;
};

const cases: [string, Case, number][] = [
  ...Object.entries(log_densities).map(([name, c]): [string, Case, number] => [name, c, 100]),
  ['a Gaussian process on 11 points', gaussian_process(11), 7500],
];

it.each(cases)('%s', async (_, given, units) => {
  const variables = Object.fromEntries(Object.entries(given.variables ?? {}).map(([name, v]) => [name, fround(v)]));
  const c = { ...given, inputs: given.inputs.map(fround), variables };
  const { value, gradients } = run_reversed(c);
  const expected = [...value, ...(gradients[0] as number[])];
  const scale = 2 ** -23 * Math.max(1, ...expected.map(Math.abs));
  for (const unroll of [0, 64, 100_000]) {
    const found = await run_on_device(c, unroll);
    expect(found.length).toBe(expected.length);
    found.forEach((x, i) => {
      expect(Math.abs(x - (expected[i] as number)) / scale, `output ${i}, unroll ${unroll}`).toBeLessThan(units);
    });
  }
});

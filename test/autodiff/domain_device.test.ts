// Outside their domain, functions are NaN on the device, whatever its own log and pow do there: with SwiftShader's alone most of these cases would be numbers.
//
// Acceptance: NaN exactly, by its bits. Inside, and for whole powers of negative numbers, the value and the derivative of the textbook: pow and log are good to a few units of 2⁻²³ near 1 and
// to 16 + 2|y log x| of them for pow (WGSL's accuracy table), 40 at most here: 5e-6.

import { describe, expect, it } from 'vitest';
import { differentiate } from '../../src/autodiff/differentiate.ts';
import { reverse_differentiate } from '../../src/autodiff/reverse/reverse_differentiate.ts';
import { elementwise, run_kernel, use_device } from '../device.ts';

const device = use_device();

/** Of one f32 x; the helper's parameter makes x no constant. */
const source_of = (expression: string) => `const base = 2.0 * log(3.0f);
fn helper(x: f32) -> f32 { const own = base; return ${expression} + 0.0 * own; }
fn f(x: f32) -> f32 { return helper(x); }`;

/** [x] → value and derivative, by forward or reverse mode. */
async function run_mode(mode: 'forward' | 'reverse', expression: string, at: readonly number[]) {
  const source = source_of(expression);
  const entries = [{ name: 'f', active: [true] }];
  const [wgsl, call, name] =
    mode === 'forward'
      ? [differentiate({ source, declarations: '', width: 1, entries }).wgsl, 'let dual = f_d(input, 1.0);', 'f_d']
      : [
          reverse_differentiate({ source, declarations: '', entries }).wgsl,
          'var slope = 0.0; let value = f_r(input, 1.0, &slope);',
          'f_r',
        ];
  const result = mode === 'forward' ? 'vec2<f32>(dual.v, dual.d)' : 'vec2<f32>(value, slope)';
  const bytes = await run_kernel(device(), {
    wgsl: elementwise(`import package::model::${name};`, 'f32', 'vec2<f32>', `${call} return ${result};`),
    modules: { model: wgsl },
    inputs: { inputs: Float32Array.from(at) },
    output: { name: 'outputs', words: 2 * at.length },
    workgroups: 1,
    overrides: { count: at.length },
  });
  const numbers = new Float32Array(bytes);
  return at.map((_, i) => ({ value: numbers[2 * i] as number, slope: numbers[2 * i + 1] as number }));
}

const undefined_at: [expression: string, at: number[]][] = [
  ['log(x)', [-1e30, -2, -1, -1e-3]],
  ['log2(x)', [-1e30, -2, -1, -1e-3]],
  ['log(sqrt(x))', [-2, -0.5]],
  ['dot(log(vec2f(x, 2.0)), vec2f(1.0, 1.0))', [-2]],
  ['dot(log2(vec3f(2.0, x, 2.0)), vec3f(1.0, 1.0, 1.0))', [-2]],
  ['dot(pow(vec4f(2.0, 2.0, 2.0, x), vec4f(0.5)), vec4f(1.0))', [-2]],
  ['pow(x, 0.5)', [-4, -0.25]],
  ['pow(x, -1.5)', [-4, -0.25]],
  ['pow(sqrt(x), 2.0)', [-4]],
  ['sqrt(x)', [-4, -1e-3]],
  ['inverseSqrt(x)', [-4, -1e-3]],
  ['acos(x)', [-4, -1.5, 1.5, 4]],
  ['asin(x)', [-4, -1.5, 1.5, 4]],
  ['acosh(x)', [-4, -0.5, 0, 0.5]],
  ['atanh(x)', [-4, -1.5, 1.5, 4]],
  ['log1p(x)', [-4, -1.5]],
  ['logit(x)', [-4, -0.5, 1.5, 4]],
  ['log_gamma(x)', [-4.5, -1.5, -0.5]],
  ['normal_log_density(1.0, 0.0, x)', [-2]],
  ['student_t_log_density(1.0, 3.0, 0.0, x)', [-2]],
  ['student_t_log_density(1.0, x, 0.0, 1.0)', [-2]],
  ['poisson_log_density(0.0, x)', [-2]],
  ['poisson_log_density(3.0, x)', [-2]],
  ['negative_binomial_log_density(0.0, x, 3.0)', [-2]],
  ['negative_binomial_log_density(4.0, x, 3.0)', [-2, -7]],
  ['negative_binomial_log_density(0.0, 3.0, x)', [-2, -7]],
  ['negative_binomial_log_density(4.0, 3.0, x)', [-2, -7]],
  ['binomial_log_density(0.0, 4.0, x)', [-0.5, 1.5]],
  ['binomial_log_density(4.0, 4.0, x)', [-0.5, 1.5]],
  ['binomial_log_density(2.0, 4.0, x)', [-0.5, 1.5]],
];

const defined_at: [expression: string, at: number, value: number, slope: number][] = [
  ['log(x)', 2, Math.log(2), 0.5],
  ['log2(x)', 3, Math.log2(3), 1 / (3 * Math.LN2)],
  ['dot(log(vec3f(x, 2.0, 3.0 * x)), vec3f(1.0, 1.0, 2.0))', 2, 2 * Math.log(2) + 2 * Math.log(6), 1.5],
  ['pow(x, 2.0)', -3, 9, -6],
  ['pow(x, 3.0)', -2, -8, 12],
  ['pow(x, -3.0)', -2, -1 / 8, -3 / 16],
  ['pow(x, 0.0)', -2, 1, 0],
  ['pow(x, 2.5)', 2, 2 ** 2.5, 2.5 * 2 ** 1.5],
  ['pow(2.0, x)', -2, 0.25, 0.25 * Math.LN2],
  ['acosh(x)', 2, Math.acosh(2), 1 / Math.sqrt(3)],
  ['atanh(x)', -0.5, Math.atanh(-0.5), 4 / 3],
];

describe.each(['forward', 'reverse'] as const)('%s', (mode) => {
  it.each(undefined_at)('%s is NaN outside its domain', async (expression, at) => {
    const found = await run_mode(mode, expression, at);
    expect(found.map(({ value }) => value)).toEqual(at.map(() => Number.NaN));
  });

  it.each(defined_at)('%s is what it should be at %d', async (expression, at, value, slope) => {
    const [found] = await run_mode(mode, expression, [at]);
    expect(Math.abs((found?.value as number) - value)).toBeLessThan(5e-6 * Math.max(1, Math.abs(value)));
    expect(Math.abs((found?.slope as number) - slope)).toBeLessThan(5e-6 * Math.max(1, Math.abs(slope)));
  });
});

/** One scalar's transform and prior as WGSL: calls of the functions of shaders/lib/transform.wgsl and shaders/lib/prior.wgsl, with their numbers worked out in float64. */

import { type TransformKind, transform_kind } from './transform.ts';
import type { Prior } from './types.ts';
import { wgsl_number } from './wgsl_number.ts';

const transform_functions: Readonly<Record<TransformKind, string>> = {
  identity: 'constrain_none',
  lower: 'constrain_lower',
  upper: 'constrain_upper',
  interval: 'constrain_interval',
};

/** Name of the function of lib/transform.wgsl. */
export const transform_function = (prior: Prior) => transform_functions[transform_kind(prior)];

/** A `Constrained` of the expression `phi`. */
export const transform_call = (prior: Prior, phi: string) =>
  `${transform_function(prior)}(${[phi, ...transform_values(prior)].join(', ')})`;

/** vec2(log density without its normaliser, its derivative) at `c`, the name of a `Constrained`. */
export const prior_call = (prior: Prior, c: string) => `${prior_function(prior)}(${prior_values(prior, c).join(', ')})`;

/** A `prior_call` of the prior's density to a power. */
export const to_power = (power: number, call: string) => (power === 1 ? call : `${wgsl_number(power)} * ${call}`);

/** Name of the function of lib/prior.wgsl. A uniform's density is flat between its bounds, which are those of the transform. */
export function prior_function({ family }: Prior): string {
  return `${family === 'uniform' ? 'flat' : family}_prior`;
}

function prior_values({ family, arguments: values, lower, upper }: Prior, c: string): string[] {
  if (family === 'flat' || family === 'uniform') return [];
  const x = lower === 0 ? `${c}.below` : `${c}.theta`;
  const complement = upper === 1 ? `${c}.above` : `1.0 - ${c}.theta`;
  return [x, ...(family === 'beta' ? [complement] : []), ...values.map(wgsl_number)];
}

function transform_values(prior: Prior): string[] {
  const { lower, upper } = prior;
  switch (transform_kind(prior)) {
    case 'identity':
      return [];
    case 'lower':
      return [lower, next_single(lower, 1)].map(wgsl_number);
    case 'upper':
      return [upper, next_single(upper, -1)].map(wgsl_number);
    case 'interval':
      return [lower, upper, next_single(lower, 1), next_single(upper, -1)].map(wgsl_number);
  }
}

/** The f32 next to the f32 nearest to x, upward or downward; 0 has the smallest normal number beside it, since smaller ones may be flushed. */
export function next_single(x: number, direction: 1 | -1): number {
  const single = Math.fround(x);
  if (Math.abs(single) < 2 ** -126) return direction * 2 ** -126;
  const bits = new Int32Array(new Float32Array([single]).buffer);
  bits[0] = (bits[0] as number) + (single > 0 === direction > 0 ? 1 : -1);
  return new Float32Array(bits.buffer)[0] as number;
}

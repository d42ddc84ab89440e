/**
 * Generates the WGSL module `package::model_prior` of one model: `prior_term(i, phi)`, the constrained parameter and the log prior density of its unconstrained
 * coordinate. Formulas are in shaders/lib/prior.wgsl and shaders/lib/transform.wgsl; here they get their numbers, worked out in float64.
 */

import { log_normaliser } from './prior.ts';
import { type TransformKind, transform_kind } from './transform.ts';
import type { Model, Prior } from './types.ts';
import { wgsl_number } from './wgsl_number.ts';

/** The module's text. Only scalars of `model` matter; after `with_prior` it is another text. */
export function prior_module(model: Model): string {
  const priors = model.scalars.map((scalar) => scalar.prior);
  const kinds = new Set(priors.map((prior) => transform_functions[transform_kind(prior)]));
  const families = new Set(priors.map(family_function));
  return `
import package::lib::prior::{${[...families].join(', ')}};
import package::lib::transform::{Constrained, ${[...kinds].join(', ')}};

struct PriorTerm {
  theta: f32,
  slope: f32,         // d theta / d phi
  log_density: f32,   // of phi: the prior's, normalised, and log |slope|
  gradient: f32,      // d log_density / d phi
}

fn combine(c: Constrained, prior: vec2<f32>, log_normaliser: f32) -> PriorTerm {
  return PriorTerm(c.theta, c.slope, log_normaliser + prior.x + c.log_slope, prior.y * c.slope + c.log_slope_gradient);
}

fn prior_term(i: u32, phi: f32) -> PriorTerm {
  switch i {
${model.scalars.map(({ name, prior }, i) => term(name, prior, i, i === priors.length - 1)).join('\n')}
  }
}
`;
}

const transform_functions: Readonly<Record<TransformKind, string>> = {
  identity: 'constrain_none',
  lower: 'constrain_lower',
  upper: 'constrain_upper',
  interval: 'constrain_interval',
};

/** The last scalar is also the default: indices beyond it do not occur, but a switch must have one. */
function term(name: string, prior: Prior, i: number, is_last: boolean): string {
  const call = (name: string, values: readonly string[]) => `${name}(${values.join(', ')})`;
  const kernel = call(family_function(prior), family_values(prior));
  const transform = call(transform_functions[transform_kind(prior)], ['phi', ...transform_values(prior)]);
  return `    ${is_last ? 'default' : `case ${i}u`}: { // ${name}
      let c = ${transform};
      return combine(c, ${kernel}, ${wgsl_number(log_normaliser(prior))});
    }`;
}

/** A uniform's density is flat between its bounds, which are those of the transform. */
function family_function({ family }: Prior): string {
  return `${family === 'uniform' ? 'flat' : family}_prior`;
}

function family_values({ family, arguments: values, lower, upper }: Prior): string[] {
  if (family === 'flat' || family === 'uniform') return [];
  const x = lower === 0 ? 'c.below' : 'c.theta';
  const complement = upper === 1 ? 'c.above' : '1.0 - c.theta';
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
function next_single(x: number, direction: 1 | -1): number {
  const single = Math.fround(x);
  if (Math.abs(single) < 2 ** -126) return direction * 2 ** -126;
  const bits = new Int32Array(new Float32Array([single]).buffer);
  bits[0] = (bits[0] as number) + (single > 0 === direction > 0 ? 1 : -1);
  return new Float32Array(bits.buffer)[0] as number;
}

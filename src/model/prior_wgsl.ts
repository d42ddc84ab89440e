/**
 * Generates the WGSL module `package::model_prior` of one model: `prior_term(i, phi)`, the constrained parameter and the log prior density of its unconstrained
 * coordinate. Formulas are in shaders/lib/prior.wgsl and shaders/lib/transform.wgsl; here they get their numbers, worked out in float64.
 */

import { log_normaliser } from './prior.ts';
import { prior_call, prior_function, transform_call, transform_function } from './prior_calls.ts';
import type { Prior, StateSpaceModel } from './types.ts';
import { wgsl_number } from './wgsl_number.ts';

/** The module's text. Only scalars of `model` matter; after `with_prior` it is another text. */
export function prior_module(model: StateSpaceModel): string {
  const priors = model.scalars.map((scalar) => scalar.prior);
  const kinds = new Set(priors.map(transform_function));
  const families = new Set(priors.map(prior_function));
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

/** The last scalar is also the default: indices beyond it do not occur, but a switch must have one. */
function term(name: string, prior: Prior, i: number, is_last: boolean): string {
  return `    ${is_last ? 'default' : `case ${i}u`}: { // ${name}
      let c = ${transform_call(prior, 'phi')};
      return combine(c, ${prior_call(prior, 'c')}, ${wgsl_number(log_normaliser(prior))});
    }`;
}

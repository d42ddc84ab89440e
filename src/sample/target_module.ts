/**
 * Generates `package::sample_target`: log density and gradient at a chain's position.
 *
 *   evaluate       all of it, by one invocation (shaders/sample/run.wgsl)
 *   evaluate_part  the likelihood of one block of rows (gradient.wgsl); gather adds the blocks up (advance.wgsl)
 *   evaluate_tile  the likelihood of one block of rows for several chains at once (gradient_tile.wgsl, tile_module.ts)
 *   store_theta    the constrained parameters, for a likelihood that is evaluated elsewhere (constrain.wgsl)
 */

import { model_space_module } from '../model/space_wgsl.ts';
import { join, member } from '../model/struct_text.ts';
import type { LogDensityModel, Model } from '../model/types.ts';
import { likelihood_modules } from './likelihood_module.ts';
import type { TileText } from './tile_module.ts';

/** Written out, loads and stores of so many coordinates cost a software adapter less than a loop. */
const most_written_out = 64;

/** @param rows of data, 0 for a model without @param blocks that the rows are cut in @param prior_power of the priors' densities, as in all that follow */
export function log_density_modules(
  model: LogDensityModel,
  rows: number,
  blocks: number,
  prior_power = 1,
): Record<string, string> {
  return {
    ...likelihood_modules(model, rows),
    model_space: model_space_module(model, prior_power),
    sample_target: `import package::sample::likelihood::likelihood;
${shared_text(model)}
${evaluations(model, rows, blocks)}`,
  };
}

/** With a linear predictor: chains by tiles. */
export function tile_modules(model: LogDensityModel, tile: TileText, prior_power = 1): Record<string, string> {
  return {
    model: tile.model,
    model_space: model_space_module(model, prior_power),
    sample_target: `${tile.imports}\n${shared_text(model)}${tile.text}`,
  };
}

/** Where the likelihood comes from a bank of filters. @param theta the module that declares struct Theta */
export function external_modules(model: Model, theta: string, prior_power = 1): Record<string, string> {
  return {
    model: theta,
    model_space: model_space_module(model, prior_power),
    sample_target: `${shared_text(model)}
@group(0) @binding(12) var<storage, read_write> theta_values: array<f32>;

fn store_theta(c: u32) {
  var phi = load_position(c);
  var theta = Theta();
  _ = constrain(&phi, &theta);
  ${join(model.scalars.length, (i) => `theta_values[${i}u * params.chains + c] = ${member(model.fields, i, 'theta')};`, '\n  ')}
}
`,
  };
}

function shared_text(model: Model): string {
  const { dimension } = model;
  return `
import package::model::Theta;
import package::model_space::{Phi, dimension, constrain, pull_back};
import package::sample::bindings::{params, vectors, vector_at, position, gradient};
import package::sample::parts::{parts, part_at};
import package::sample::bindings::draw_position;
@if(moments) import package::sample::moments::add_moment;

fn load_position(c: u32) -> Phi {
  var phi = Phi();
  ${each(dimension, (d) => `phi[${d}] = vectors[vector_at(position, ${d}, c)];`)}
  return phi;
}

fn store_gradient(c: u32, slope: ptr<function, Phi>) {
  ${each(dimension, (d) => `vectors[vector_at(gradient, ${d}, c)] = (*slope)[${d}];`)}
}

@if(moments)
fn add_draw_to_moments(c: u32, count: u32) {
  var phi = Phi();
  ${each(dimension, (d) => `phi[${d}] = vectors[vector_at(draw_position, ${d}, c)];`)}
  var theta = Theta();
  _ = constrain(&phi, &theta);
  ${each_scalar(model, 'theta', (i, component) => `add_moment(${i}, c, count, ${component});`, '  ')}
}

fn gather(c: u32) -> f32 {
  var phi = load_position(c);
  var theta = Theta();
  var log_density = constrain(&phi, &theta);
  var score = Theta();
  for (var block = 0u; block < params.blocks; block++) {
    log_density += parts[part_at(block, 0u, c)];
    ${each_scalar(model, 'score', (i, component) => `${component} += parts[part_at(block, 1u + ${i}, c)];`, '    ')}
  }
  var slope = Phi();
  pull_back(&phi, &score, &slope);
  store_gradient(c, &slope);
  return log_density;
}
`;
}

function evaluations(model: LogDensityModel, rows: number, blocks: number): string {
  const by_row = model.entry === 'log_likelihood';
  return `
const row_count = ${rows}u;
const rows_per_block = ${Math.ceil(rows / blocks)}u;

fn evaluate(c: u32) -> f32 {
  var phi = load_position(c);
  var theta = Theta();
  let log_prior = constrain(&phi, &theta);
  var score = Theta();
  let log_likelihood = likelihood(theta, &score${by_row ? ', 0u, row_count' : ''});
  var slope = Phi();
  pull_back(&phi, &score, &slope);
  store_gradient(c, &slope);
  return log_prior + log_likelihood;
}

fn evaluate_part(c: u32, block: u32) {
  var phi = load_position(c);
  var theta = Theta();
  _ = constrain(&phi, &theta);
  var score = Theta();
  let first = block * rows_per_block;
  parts[part_at(block, 0u, c)] = likelihood(theta, &score${by_row ? ', first, min(first + rows_per_block, row_count)' : ''});
  ${each_scalar(model, 'score', (i, component) => `parts[part_at(block, 1u + ${i}, c)] = ${component};`, '  ')}
}
`;
}

function each(count: number, statement: (d: string) => string): string {
  if (count <= most_written_out) return join(count, (d) => statement(`${d}u`), '\n  ');
  return `for (var d = 0u; d < dimension; d++) {\n    ${statement('d')}\n  }`;
}

/** One statement per scalar of a Theta; a loop over the elements of a long array. */
function each_scalar(
  model: Model,
  of: string,
  statement: (i: string, component: string) => string,
  indent: string,
): string {
  return model.fields
    .flatMap(({ name, size, offset }) => {
      if (size === 0) return [statement(`${offset}u`, `${of}.${name}`)];
      if (size > most_written_out) {
        return [`for (var i = 0u; i < ${size}u; i++) {`, `  ${statement(`(${offset}u + i)`, `${of}.${name}[i]`)}`, '}'];
      }
      return Array.from({ length: size }, (_, i) => statement(`${offset + i}u`, `${of}.${name}[${i}]`));
    })
    .join(`\n${indent}`);
}

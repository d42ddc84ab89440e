/**
 * Generates `package::population_target`: an unbiased estimate of the gradient of the log density at a particle's position, from rows drawn by counter with replacement.
 *
 *   g = ∇ log prior + β (N/n) Σ ∇ log p(row | θ)                                            over the n rows of the minibatch
 *   g = ∇ log prior + β S(θ*) + β (N/n) Σ (∇ log p(row | θ) − ∇ log p(row | θ*))            with control variates at θ* (Baker et al., arXiv 1706.05439), S(θ*) the sum over all N
 *
 * It exports
 *
 *   estimate(c, step, at, to) -> f32    gradient of the tempered log density of particle c at slot `at`, to slot `to`; the log density, which is exact where all rows are seen
 *   evaluate(c, step, at, to) -> Parts  log prior, log likelihood not tempered, and the variance of its estimate; the gradient as above
 */

import { model_space_module } from '../model/space_wgsl.ts';
import { join, member } from '../model/struct_text.ts';
import type { LogDensityModel } from '../model/types.ts';
import { likelihood_modules } from '../sample/likelihood_module.ts';

/** @param rows of data @param anchored with control variates @param prior_power of the priors' densities */
export function population_modules(
  model: LogDensityModel,
  rows: number,
  { anchored = false, prior_power = 1 }: { anchored?: boolean; prior_power?: number } = {},
): Record<string, string> {
  return {
    ...likelihood_modules(model, rows),
    model_space: model_space_module(model, prior_power),
    population_target: `
import package::model::Theta;
import package::model_space::{Phi, dimension, constrain, pull_back};
import package::sample::likelihood::likelihood;
import package::population::bindings::{params, beta, states, state_at};
import package::lib::threefry::threefry;
import package::lib::site::{at_step, site_batch};
${anchored ? '\n@group(0) @binding(8) var<storage, read> anchor: array<f32>;\n' : ''}
const row_count = ${rows}u;

struct Parts {
  prior: f32,
  likelihood: f32,
  variance: f32,
}

fn estimate(c: u32, step: u32, at: u32, to: u32) -> f32 {
  let found = evaluate(c, step, at, to);
  return found.prior + beta[c] * found.likelihood;
}

fn evaluate(c: u32, step: u32, at: u32, to: u32) -> Parts {
  var phi = Phi();
  for (var d = 0u; d < params.coordinates; d++) {
    phi[d] = states[state_at(at, d, c)];
  }
  var theta = Theta();
  var found = Parts();
  found.prior = constrain(&phi, &theta);
  var score = Theta();
  ${model.entry === 'log_density' || rows === 0 ? whole(model) : minibatch(model, anchored)}
  let power = beta[c];
  ${join(model.scalars.length, (i) => `${member(model.fields, i, 'score')} *= power;`, '\n  ')}
  var slope = Phi();
  pull_back(&phi, &score, &slope);
  for (var d = 0u; d < params.coordinates; d++) {
    states[state_at(to, d, c)] = slope[d];
  }
  return found;
}
`,
  };
}

const whole = ({ entry }: LogDensityModel) =>
  `found.likelihood = likelihood(theta, &score${entry === 'log_density' ? '' : ', 0u, row_count'});`;

/** What `likelihood` does to a score that is not zero is its own affair: every row gets one of its own. */
function minibatch(model: LogDensityModel, anchored: boolean): string {
  const { fields } = model;
  const count = model.scalars.length;
  const each = (text: (i: number) => string) => join(count, text, '\n    ');
  const of = (i: number, name: string) => member(fields, i, name);
  return `let take_all = params.batch == 0u;
  if (take_all) {
    found.likelihood = likelihood(theta, &score, 0u, row_count);
  }
  ${
    anchored
      ? `var fixed = Theta();
  ${join(count, (i) => `${of(i, 'fixed')} = anchor[${i}u];`, '\n  ')}`
      : ''
  }
  var sum = 0.0;
  var squares = 0.0;
  for (var n = select(0u, params.batch, take_all); n < params.batch; n++) {
    let row = threefry(params.key, vec2<u32>(at_step(site_batch, step), c * params.batch + n)).x % row_count;
    var own = Theta();
    let value = likelihood(theta, &own, row, row + 1u);
    // Around the mean of those before, so that large values do not cancel (Welford).
    let apart = value - sum;
    sum += apart / f32(n + 1u);
    squares += apart * (value - sum);
    ${each((i) => `${of(i, 'score')} += ${of(i, 'own')};`)}
    ${
      anchored
        ? `var there = Theta();
    _ = likelihood(fixed, &there, row, row + 1u);
    ${each((i) => `${of(i, 'score')} -= ${of(i, 'there')};`)}`
        : ''
    }
  }
  let rows_all = f32(row_count);
  let rows_seen = f32(max(params.batch, 1u));
  if (!take_all) {
    found.likelihood = rows_all * sum;
    found.variance = rows_all * rows_all * squares / (rows_seen * max(rows_seen - 1.0, 1.0));
  }
  let share = select(rows_all / rows_seen, 1.0, take_all);
  ${join(count, (i) => `${of(i, 'score')} = share * ${of(i, 'score')}${anchored ? ` + select(anchor[${count + i}u], 0.0, take_all)` : ''};`, '\n  ')}`;
}

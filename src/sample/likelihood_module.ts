/**
 * Generates the model's likelihood with its gradient: `package::model`, the author's WGSL differentiated, and `package::sample::likelihood`, the sum over rows.
 *
 *   fn likelihood(theta: Theta, score: ptr<function, Theta>[, first: u32, end: u32]) -> f32      adds the gradient to a score of zeros
 *
 * Few parameters: forward mode, up to 16 of them in one sweep over the rows. Many: one reverse sweep, where it can go back through the model's loops.
 */

import { reverse_differentiate } from '../autodiff/reverse/reverse_differentiate.ts';
import { SourceError } from '../autodiff/source_error.ts';
import { max_tangent_width, tangent_lane, tangent_unit, tangent_zero } from '../autodiff/tangent.ts';
import { model_declarations } from '../model/declarations.ts';
import { differentiate_model } from '../model/derivatives.ts';
import { construct, join, member } from '../model/struct_text.ts';
import type { LogDensityModel } from '../model/types.ts';

/** From so many parameters on, one reverse sweep costs less than carrying all tangents forward (bench/NOTES.md). */
const least_reversed = 4;

export function likelihood_modules(model: LogDensityModel, rows: number): Record<string, string> {
  const parameters = model.scalars.length;
  if (parameters >= least_reversed) {
    const wgsl = reverse_or_nothing(() => reverse_model(model, rows));
    if (wgsl !== undefined) return { model: wgsl, 'sample/likelihood': reverse(model) };
  }
  const sweeps = Math.ceil(parameters / max_tangent_width);
  const width = Math.ceil(parameters / sweeps);
  return {
    model: differentiate_model(model, width, rows),
    'sample/likelihood': forward(model, width, sweeps),
  };
}

/** What reverse mode gives, or undefined where it refuses a text that forward mode may take. */
export function reverse_or_nothing(make: () => string): string | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof SourceError) return undefined;
    throw error;
  }
}

function reverse_model(model: LogDensityModel, rows: number): string {
  return reverse_differentiate({
    source: model.wgsl,
    declarations: model_declarations(model, rows),
    entries: [{ name: model.entry, active: model.entry === 'log_likelihood' ? [false, true] : [true] }],
  }).wgsl;
}

function reverse({ entry }: LogDensityModel): string {
  if (entry === 'log_density') {
    return `
import package::model::{Theta, log_density_r};

fn likelihood(theta: Theta, score: ptr<function, Theta>) -> f32 {
  return log_density_r(theta, 1.0, score);
}
`;
  }
  return `
import package::model::{Theta, data, log_likelihood_r};

fn likelihood(theta: Theta, score: ptr<function, Theta>, first: u32, end: u32) -> f32 {
  var value = 0.0;
  for (var block = first; block < end; block += 64u) {
    var block_value = 0.0;
    for (var i = block; i < min(block + 64u, end); i++) {
      block_value += log_likelihood_r(data[i], theta, 1.0, score);
    }
    value += block_value;
  }
  return value;
}
`;
}

function forward(model: LogDensityModel, width: number, sweeps: number): string {
  const by_row = model.entry === 'log_likelihood';
  const sweep = (s: number) => {
    const first = s * width;
    const count = Math.min(width, model.scalars.length - first);
    const scores = join(
      count,
      (i) => `${member(model.fields, first + i, '(*score)')} = ${tangent_lane(width, i, `swept${s}.d`)};`,
      '\n  ',
    );
    return `let swept${s} = sweep${s}(theta${by_row ? ', first, end' : ''});\n  ${scores}`;
  };
  return `
import package::model::{Theta, Theta_d, Tangent, Dual_f32, ${model.entry}_d${by_row ? ', data' : ''}};

fn likelihood(theta: Theta, score: ptr<function, Theta>${by_row ? ', first: u32, end: u32' : ''}) -> f32 {
  ${join(sweeps, sweep, '\n  ')}
  return swept0.v;
}

${join(sweeps, (s) => forward_sweep(model, width, s), '\n\n')}
`;
}

/** Rows are added up in blocks, so that rounding grows with the square root of their number only. */
function forward_sweep(model: LogDensityModel, width: number, sweep: number): string {
  const seed = construct('Theta_d', model.fields, 'Tangent', (i) => {
    const lane = i - sweep * width;
    return lane >= 0 && lane < width ? tangent_unit(width, lane) : tangent_zero;
  });
  if (model.entry === 'log_density') {
    return `fn sweep${sweep}(theta: Theta) -> Dual_f32 {
  return log_density_d(theta, ${seed});
}`;
  }
  return `fn sweep${sweep}(theta: Theta, first: u32, end: u32) -> Dual_f32 {
  let seed = ${seed};
  var value = 0.0;
  var score = Tangent();
  for (var block = first; block < end; block += 64u) {
    var block_value = 0.0;
    var block_score = Tangent();
    for (var i = block; i < min(block + 64u, end); i++) {
      let row = log_likelihood_d(data[i], theta, seed);
      block_value += row.v;
      block_score += row.d;
    }
    value += block_value;
    score += block_score;
  }
  return Dual_f32(value, score);
}`;
}

/**
 * Generates the model's likelihood with its gradient: `package::model`, the author's WGSL differentiated, and `package::sample::likelihood`, the sum over rows.
 *
 *   fn likelihood(theta: Theta, score: ptr<function, Theta>[, first: u32, end: u32]) -> f32      adds the gradient to a score of zeros
 *
 * Few parameters: forward mode, up to 16 of them in one sweep over the rows.
 */

import { max_tangent_width, tangent_lane, tangent_unit, tangent_zero } from '../autodiff/tangent.ts';
import { differentiate_model } from '../model/derivatives.ts';
import { construct, join, member } from '../model/struct_text.ts';
import type { LogDensityModel } from '../model/types.ts';

export function likelihood_modules(model: LogDensityModel, rows: number): Record<string, string> {
  const parameters = model.scalars.length;
  const sweeps = Math.ceil(parameters / max_tangent_width);
  const width = Math.ceil(parameters / sweeps);
  return {
    model: differentiate_model(model, width, rows),
    'sample/likelihood': forward(model, width, sweeps),
  };
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

/** Generates `package::network_slopes`: tiles of the gradient of a layer's weights, sums over the batch of products of rows. */

import { join } from '../model/struct_text.ts';
import { slope_outputs, type Tile, type Tiling } from './tiles.ts';

/** `slopes_wide` and `slopes_narrow`. */
export function slopes_module(tiling: Tiling): string {
  const { wide, narrow, sharing } = tiling;
  return `
import package::network_sizes::quads;
import package::network::memory::{work, work_first, gradients, parameters_first};

const wide_inputs = ${wide.rows}u;
const wide_outputs = ${slope_outputs(tiling, wide)}u;
const narrow_inputs = ${narrow.rows}u;
const narrow_outputs = ${slope_outputs(tiling, narrow)}u;

/// Rows that a tile is made of: input·backᵀ, and where there are two terms sign·tangent·by_tangentᵀ.
struct SlopeRows {
  input: u32,
  back: u32,
  tangent: u32,
  by_tangent: u32,
  sign: f32,
  terms: u32,
}
${slopes('slopes_wide', wide, slope_outputs(tiling, wide), sharing)}
${slopes('slopes_narrow', narrow, slope_outputs(tiling, narrow), 1)}
`;
}

function slopes(name: string, { rows }: Tile, outputs: number, sharing: number): string {
  const fours = outputs / 4;
  const own = outputs / sharing;
  const back = (output: number) =>
    sharing === 1 ? `own_${output}` : `subgroupBroadcast(own_${output % own}, ${Math.floor(output / own)}u)`;
  return `
/// @param mine whether to store: an invocation beyond the last tile loads for the others @param first of the gradient @param stride from input to input, in vec4 @param add to what is there
fn ${name}(lane: u32, mine: bool, rows: SlopeRows, first: u32, stride: u32, add: bool) {
  ${join(rows, (i) => join(fours, (f) => `var s_${i}_${f} = vec4<f32>();`, '\n'), '\n')}
  for (var term = 0u; term < rows.terms; term++) {
    var a = work_first + select(rows.input, rows.tangent, term == 1u) * quads;
    var b = work_first + (select(rows.back, rows.by_tangent, term == 1u)${sharing === 1 ? '' : ` + ${own}u * lane`}) * quads;
    let sign = select(1.0, rows.sign, term == 1u);
    for (var quad = 0u; quad < quads; quad++) {
      ${join(rows, (i) => `let a_${i} = sign * work[a + ${i}u * quads];`, '\n')}
      ${join(own, (j) => `let own_${j} = work[b + ${j}u * quads];`, '\n')}
      ${join(
        fours,
        (f) => `{
        ${join(4, (k) => `let b_${k} = ${back(4 * f + k)};`, '\n')}
        ${join(rows, (i) => `s_${i}_${f} += vec4<f32>(${join(4, (k) => `dot(a_${i}, b_${k})`)});`, '\n')}
      }`,
        '\n',
      )}
      a += 1u;
      b += 1u;
    }
  }
  if (mine) {
    let to = parameters_first + first;
    ${join(rows, (i) => join(fours, (f) => `gradients[to + ${i}u * stride + ${f}u] = select(vec4<f32>(), gradients[to + ${i}u * stride + ${f}u], add) + s_${i}_${f};`, '\n'), '\n')}
  }
}`;
}

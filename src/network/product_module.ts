/**
 * Generates `package::network_product`: the two matrix products of a small network, with as many numbers in registers as the adapter makes fast.
 *
 * Every load serves a whole tile, so that loads, which cost a software adapter ten times an addition, are few. WGSL has no arrays in registers with a size that is told later, so tiles are written out.
 */

import { join } from '../model/struct_text.ts';

export interface TileSizes {
  /** Rows of a tile, a multiple of 4. */
  rows: number;
  /** Samples of a tile, in fours. */
  quads: number;
}

/** Of those tried on SwiftShader (4 to 16 rows by 1 to 4 quads, 32 units) the fastest. On a GPU a network's rows should be shared by many invocations. */
export const tile_sizes = { software: { rows: 8, quads: 4 }, hardware: { rows: 4, quads: 1 } } as const;

const each = (count: number, text: (i: number) => string, indent = '  ') =>
  Array.from({ length: count }, (_, i) => text(i)).join(`\n${indent}`);

/** `product` and `slopes` for tiles of these sizes. */
export function product_module({ rows, quads }: TileSizes): string {
  const cells = (text: (row: number, quad: number) => string, indent = '  ') =>
    each(rows, (row) => each(quads, (quad) => text(row, quad), indent), indent);
  const fours = rows / 4;
  return `
import package::network_sizes::quads;
import package::network::memory::{weights, weights_first, work, work_first, gradients, parameters_first};
import package::network::rows::row_time;

const tile_rows = ${rows}u;
const tile_quads = ${quads}u;

/// Rows target + … of the tile become Σ_i weights[i]·work[source + i].
///
/// @param first weight of the first input and the tile's first row @param stride from input to input, in vec4 @param affine with time and bias before the inputs
fn product(first: u32, stride: u32, inputs: u32, affine: bool, source: u32, target_row: u32, quad: u32) {
  ${cells((row, quad) => `var sum_${row}_${quad} = vec4<f32>();`)}
  var w = weights_first + first;
  // Rows row_time and row_one, one after the other, and then those of the inputs.
  let before = select(0u, 2u, affine);
  for (var i = 0u; i < before + inputs; i++) {
    let row = select(source + i - before, row_time + i, i < before);
    let x = work_first + row * quads + quad;
    ${each(fours, (f) => `let w_${f} = weights[w + ${f}u];`, '    ')}
    ${each(quads, (quad) => `let x_${quad} = work[x + ${quad}u];`, '    ')}
    ${cells((row, quad) => `sum_${row}_${quad} += w_${Math.floor(row / 4)}.${'xyzw'[row % 4]} * x_${quad};`, '    ')}
    w += stride;
  }
  let to = work_first + target_row * quads + quad;
  ${cells((row, quad) => `work[to + ${row}u * quads + ${quad}u] = sum_${row}_${quad};`)}
}

/// Sums over the batch of products of rows: rows input + … by back + …
struct Slopes {
  ${each(rows, (i) => each(fours, (f) => `s_${i}_${f}: vec4<f32>,`))}
}

fn add_slopes(slopes: ptr<function, Slopes>, input: u32, back: u32, sign: f32) {
  var a = work_first + input * quads;
  var b = work_first + back * quads;
  for (var quad = 0u; quad < quads; quad++) {
    ${each(rows, (i) => `let a_${i} = sign * work[a + ${i}u * quads];`, '    ')}
    ${each(rows, (j) => `let b_${j} = work[b + ${j}u * quads];`, '    ')}
    ${each(rows, (i) => each(fours, (f) => `(*slopes).s_${i}_${f} += vec4<f32>(${join(4, (k) => `dot(a_${i}, b_${4 * f + k})`)});`, '    '), '    ')}
    a += 1u;
    b += 1u;
  }
}

/// @param add to what is there
fn store_slopes(slopes: ptr<function, Slopes>, first: u32, stride: u32, inputs: u32, add: bool) {
  let to = parameters_first + first;
  ${each(rows, (i) => `if (${i}u < inputs) {\n    ${each(fours, (f) => `gradients[to + ${i}u * stride + ${f}u] = select(vec4<f32>(), gradients[to + ${i}u * stride + ${f}u], add) + (*slopes).s_${i}_${f};`, '    ')}\n  }`)}
}
`;
}

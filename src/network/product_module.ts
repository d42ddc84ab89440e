/** Generates `package::network_product`: tiles of the product of weights and rows of work. WGSL has no arrays in registers with a size that is told later, so tiles are written out. */

import { join } from '../model/struct_text.ts';
import type { Tile, Tiling } from './tiles.ts';

/** `product_wide` and `product_narrow`. */
export function product_module(tiling: Tiling): string {
  const { wide, narrow, wide_from, sharing } = tiling;
  return `
import package::network_sizes::quads;
import package::network::memory::{weights, weights_first, work, work_first, row_time};

const wide_from = ${wide_from}u;
const wide_rows = ${wide.rows}u;
const wide_quads = ${wide.quads}u;
const narrow_rows = ${narrow.rows}u;
const narrow_quads = ${narrow.quads}u;
${product('product_wide', wide, tiling, sharing)}
${product('product_narrow', narrow, tiling, 1)}
`;
}

/** @param sharing invocations that load for each other */
function product(name: string, { rows, quads }: Tile, { at_once }: Tiling, sharing: number): string {
  const fours = rows / 4;
  const own = quads / sharing;
  const cells = (text: (row: number, quad: number) => string) =>
    join(rows, (row) => join(quads, (quad) => text(row, quad), '\n'), '\n');
  const steps = (text: (step: number) => string) => join(at_once, text, '\n');
  const sample = (step: number, quad: number) =>
    sharing === 1 ? `own_${step}_${quad}` : `subgroupBroadcast(own_${step}_${quad % own}, ${Math.floor(quad / own)}u)`;
  const sum = (row: number) =>
    join(at_once, (step) => `w_${step}_${Math.floor(row / 4)}.${'xyzw'[row % 4]} * x_${step}`, ' + ');
  return `
/// Rows target + … of the tile become Σ_i weights[i]·work[source + i].
///
/// @param mine whether to store: an invocation beyond the last tile loads for the others @param first weight of the first input and the tile's first row @param stride from input to input, in vec4
/// @param inputs a multiple of ${at_once}; one beyond the last has weight 0 @param affine with time and bias before the inputs
fn ${name}(lane: u32, mine: bool, first: u32, stride: u32, inputs: u32, affine: bool, source: u32, target_row: u32, quad: u32) {
  ${cells((row, quad) => `var sum_${row}_${quad} = vec4<f32>();`)}
  var w = weights_first + first;
  // Rows row_time and row_one, one after the other, and then those of the inputs.
  let before = select(0u, 2u, affine);
  for (var i = 0u; i < before + inputs; i += ${at_once}u) {
    let row = select(source + i - before, row_time + i, i < before);
    let x = work_first + row * quads + quad${sharing === 1 ? '' : ` + ${own}u * lane`};
    ${steps((step) => join(fours, (f) => `let w_${step}_${f} = weights[w + ${step}u * stride + ${f}u];`, '\n'))}
    ${steps((step) => join(own, (quad) => `let own_${step}_${quad} = work[x + ${step}u * quads + ${quad}u];`, '\n'))}
    ${join(
      quads,
      (quad) => `{
      ${steps((step) => `let x_${step} = ${sample(step, quad)};`)}
      ${join(rows, (row) => `sum_${row}_${quad} += ${sum(row)};`, '\n')}
    }`,
      '\n',
    )}
    w += ${at_once}u * stride;
  }
  if (mine) {
    let to = work_first + target_row * quads + quad;
    ${cells((row, quad) => `work[to + ${row}u * quads + ${quad}u] = sum_${row}_${quad};`)}
  }
}`;
}

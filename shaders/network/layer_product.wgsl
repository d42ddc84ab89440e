// The matrix product of one layer by all invocations of a workgroup: rows of work times weights, in the tiles of the generated module `package::network_product`.

import package::network_sizes::quads;
import package::network_product::{product_wide, product_narrow, wide_from, wide_rows, wide_quads, narrow_rows, narrow_quads};
import package::network::memory::lanes;

struct Product {
  weights: u32,    // the first; where there is no time and no bias, behind theirs
  inputs: u32,
  outputs: u32,
  is_affine: bool,
  source: u32,     // rows
  result: u32,
}

/// Called in uniform control flow; ends with a barrier.
fn layer_product(lane: u32, it: Product) {
  let is_wide = it.outputs >= wide_from;
  let wide = select(0u, it.outputs / wide_rows * (quads / wide_quads), is_wide);
  for (var before = 0u; before < wide; before += lanes) {
    let tile = min(before + lane, wide - 1u);
    let row = tile / (quads / wide_quads) * wide_rows;
    let quad = tile % (quads / wide_quads) * wide_quads;
    product_wide(lane, before + lane < wide, it.weights + row / 4u, it.outputs / 4u, it.inputs, it.is_affine, it.source, it.result + row, quad);
  }
  let narrow = select(it.outputs / narrow_rows * (quads / narrow_quads), 0u, is_wide);
  for (var tile = lane; tile < narrow; tile += lanes) {
    let row = tile / (quads / narrow_quads) * narrow_rows;
    let quad = tile % (quads / narrow_quads) * narrow_quads;
    product_narrow(lane, true, it.weights + row / 4u, it.outputs / 4u, it.inputs, it.is_affine, it.source, it.result + row, quad);
  }
  storageBarrier();
}

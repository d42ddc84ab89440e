// From the passes of energy.wgsl to `gradients`: for a linear layer δ·inputᵀ + δ̇·tangentᵀ, summed over the batch; time and bias have no tangents.

import package::network_sizes::{padded_inputs, units, layer_0, layer_1, layer_2, layer_3};
import package::network_product::{tile_rows, Slopes, add_slopes, store_slopes};
import package::network::energy::lanes;
import package::network::rows::{row_time, row_x, row_h0, row_u1, row_h1, row_r, row_by_z2, row_by_z1, row_by_h0};
import package::network::rows::{row_v, row_dh0, row_du1, row_dh1, row_back_r, row_back_z2, row_back_z1, row_back_h0};

/// Rows that a layer's gradient is made of.
struct LayerRows {
  first: u32,        // parameter
  inputs: u32,
  outputs: u32,
  input: u32,
  back: u32,         // by the layer's output
  tangent: u32,      // of the input
  by_tangent: u32,   // by the tangent of the output
  sign: f32,         // of by_tangent
}

fn layer_rows(layer: u32) -> LayerRows {
  switch (layer) {
    case 0u: { return LayerRows(layer_0, padded_inputs, units, row_x, row_back_h0, row_v, row_by_h0, 1.0); }
    case 1u: { return LayerRows(layer_1, units, units, row_h0, row_back_z1, row_dh0, row_by_z1, 1.0); }
    case 2u: { return LayerRows(layer_2, units, units, row_u1, row_back_z2, row_du1, row_by_z2, 1.0); }
    default: { return LayerRows(layer_3, units, padded_inputs, row_h1, row_back_r, row_dh1, row_r, -1.0); }
  }
}

/// @param dual those of v·score; else those of a function of r, added to what is there
fn gather_slopes(lane: u32, dual: bool) {
  for (var layer = 0u; layer < 4u; layer++) {
    let rows = layer_rows(layer);
    let across = rows.outputs / tile_rows;
    for (var block = lane; block < (rows.inputs / tile_rows + 1u) * across; block += lanes) {
      let input = block / across * tile_rows;
      let output = block % across * tile_rows;
      // The last row of blocks is that of time and bias, whose inputs are rows row_time and row_one.
      let is_rest = input == rows.inputs;
      var slopes = Slopes();
      let sums = select(1u, 2u, dual && !is_rest);
      for (var n = 0u; n < sums; n++) {
        let inputs = select(select(rows.input + input, row_time, is_rest), rows.tangent + input, n == 1u);
        let back = select(rows.back, rows.by_tangent, n == 1u) + output;
        add_slopes(&slopes, inputs, back, select(1.0, rows.sign, n == 1u));
      }
      store_slopes(&slopes, rows.first + (select(input + 2u, 0u, is_rest) * rows.outputs + output) / 4u, rows.outputs / 4u, select(tile_rows, 2u, is_rest), !dual);
    }
  }
  storageBarrier();
}

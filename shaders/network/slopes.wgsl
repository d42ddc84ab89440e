// The gradient of the energy network's parameters, from the passes of energy.wgsl to `gradients`.

import package::network_sizes::{padded_inputs, units, layer_0, layer_1, layer_2, layer_3};
import package::network::layer_slopes::{LayerRows, layer_slopes};
import package::network::rows::{row_x, row_h0, row_u1, row_h1, row_r, row_by_z2, row_by_z1, row_by_h0};
import package::network::rows::{row_v, row_dh0, row_du1, row_dh1, row_back_r, row_back_z2, row_back_z1, row_back_h0};

fn layer_rows(layer: u32, terms: u32) -> LayerRows {
  switch (layer) {
    case 0u: { return LayerRows(layer_0, padded_inputs, units, row_x, row_back_h0, row_v, row_by_h0, 1.0, terms); }
    case 1u: { return LayerRows(layer_1, units, units, row_h0, row_back_z1, row_dh0, row_by_z1, 1.0, terms); }
    case 2u: { return LayerRows(layer_2, units, units, row_u1, row_back_z2, row_du1, row_by_z2, 1.0, terms); }
    default: { return LayerRows(layer_3, units, padded_inputs, row_h1, row_back_r, row_dh1, row_r, -1.0, terms); }
  }
}

/// @param dual those of v·score; else those of a function of r, added to what is there
fn gather_slopes(lane: u32, dual: bool) {
  for (var layer = 0u; layer < 4u; layer++) {
    layer_slopes(lane, layer_rows(layer, select(1u, 2u, dual)), !dual);
  }
  storageBarrier();
}

// From the passes of energy.wgsl to `gradients`: for a linear layer δ·inputᵀ + δ̇·tangentᵀ, summed over the batch; time and bias have no tangents.

import package::network_sizes::{quads, padded_inputs, units, layer_0, layer_1, layer_2, layer_3};
import package::network_product::wide_from;
import package::network_slopes::{SlopeRows, slopes_wide, slopes_narrow, wide_inputs, wide_outputs, narrow_inputs, narrow_outputs};
import package::network::memory::{at, gradients, parameters_first};
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
    time_and_bias(lane, rows, dual);
    let terms = select(1u, 2u, dual);
    let is_wide = min(rows.inputs, rows.outputs) >= wide_from;
    // Invocations side by side take inputs one after the other, of the same outputs: those they can load for each other.
    for (var output = select(rows.outputs, 0u, is_wide); output < rows.outputs; output += wide_outputs) {
      for (var before = 0u; before < rows.inputs / wide_inputs; before += lanes) {
        let input = min(before + lane, rows.inputs / wide_inputs - 1u) * wide_inputs;
        let of_tile = SlopeRows(rows.input + input, rows.back + output, rows.tangent + input, rows.by_tangent + output, rows.sign, terms);
        slopes_wide(lane, before + lane < rows.inputs / wide_inputs, of_tile, gradient_at(rows, input, output), rows.outputs / 4u, !dual);
      }
    }
    let across = rows.outputs / narrow_outputs;
    let narrow = select(rows.inputs / narrow_inputs * across, 0u, is_wide);
    for (var tile = lane; tile < narrow; tile += lanes) {
      let input = tile / across * narrow_inputs;
      let output = tile % across * narrow_outputs;
      let of_tile = SlopeRows(rows.input + input, rows.back + output, rows.tangent + input, rows.by_tangent + output, rows.sign, terms);
      slopes_narrow(lane, true, of_tile, gradient_at(rows, input, output), rows.outputs / 4u, !dual);
    }
  }
  storageBarrier();
}

/// Where the gradient by a layer's weight begins: behind those of time and bias.
fn gradient_at(rows: LayerRows, input: u32, output: u32) -> u32 {
  return rows.first + ((input + 2u) * rows.outputs + output) / 4u;
}

fn time_and_bias(lane: u32, rows: LayerRows, dual: bool) {
  let across = rows.outputs / 4u;
  for (var four = lane; four < across; four += lanes) {
    var time = vec4<f32>();
    var bias = vec4<f32>();
    for (var quad = 0u; quad < quads; quad++) {
      let s = at(row_time, quad);
      let back = transpose(mat4x4<f32>(
        at(rows.back + 4u * four, quad), at(rows.back + 4u * four + 1u, quad), at(rows.back + 4u * four + 2u, quad), at(rows.back + 4u * four + 3u, quad),
      ));
      time += back * s;
      bias += back * vec4<f32>(1.0);
    }
    let to = parameters_first + rows.first + four;
    gradients[to] = select(gradients[to], vec4<f32>(), dual) + time;
    gradients[to + across] = select(gradients[to + across], vec4<f32>(), dual) + bias;
  }
}

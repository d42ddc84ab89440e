// The gradient of one layer's parameters in `gradients`: δ·inputᵀ + δ̇·tangentᵀ, summed over the batch; time and bias have no tangents.

import package::network_sizes::quads;
import package::network_product::wide_from;
import package::network_slopes::{SlopeRows, slopes_wide, slopes_narrow, wide_inputs, wide_outputs, narrow_inputs, narrow_outputs};
import package::network::memory::{lanes, at, gradients, parameters_first, row_time};

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
  terms: u32,        // 1: without tangents
}

/// Without a barrier. @param add to what is there
fn layer_slopes(lane: u32, rows: LayerRows, add: bool) {
  time_and_bias(lane, rows, add);
  let is_wide = min(rows.inputs, rows.outputs) >= wide_from;
  // Invocations side by side take inputs one after the other, of the same outputs: those they can load for each other.
  for (var output = select(rows.outputs, 0u, is_wide); output < rows.outputs; output += wide_outputs) {
    for (var before = 0u; before < rows.inputs / wide_inputs; before += lanes) {
      let input = min(before + lane, rows.inputs / wide_inputs - 1u) * wide_inputs;
      let of_tile = SlopeRows(rows.input + input, rows.back + output, rows.tangent + input, rows.by_tangent + output, rows.sign, rows.terms);
      slopes_wide(lane, before + lane < rows.inputs / wide_inputs, of_tile, gradient_at(rows, input, output), rows.outputs / 4u, add);
    }
  }
  let across = rows.outputs / narrow_outputs;
  let narrow = select(rows.inputs / narrow_inputs * across, 0u, is_wide);
  for (var tile = lane; tile < narrow; tile += lanes) {
    let input = tile / across * narrow_inputs;
    let output = tile % across * narrow_outputs;
    let of_tile = SlopeRows(rows.input + input, rows.back + output, rows.tangent + input, rows.by_tangent + output, rows.sign, rows.terms);
    slopes_narrow(lane, true, of_tile, gradient_at(rows, input, output), rows.outputs / 4u, add);
  }
}

/// Where the gradient by a layer's weight begins: behind those of time and bias.
fn gradient_at(rows: LayerRows, input: u32, output: u32) -> u32 {
  return rows.first + ((input + 2u) * rows.outputs + output) / 4u;
}

fn time_and_bias(lane: u32, rows: LayerRows, add: bool) {
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
    gradients[to] = select(vec4<f32>(), gradients[to], add) + time;
    gradients[to + across] = select(vec4<f32>(), gradients[to + across], add) + bias;
  }
}

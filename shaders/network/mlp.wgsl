// The perceptron of one part of a net by one workgroup, a batch of samples at a time: forward, and back with the gradient of its parameters.
//
// Layers and rows of work come out of the generated modules `package::network_layers` and `package::network_places` (src/network/mlp_kernel.ts). Units between layers are kept as values of the
// activation, from which its derivative follows.
// An arm of a branch costs a software adapter as much as if it were taken, a loop that does not run costs nothing: hence loops where one would write `if`.

import package::network_sizes::quads;
import package::network_layers::{layer_count, layer_at};
import package::network_places::{place_at, part_first};
import package::network_activation::{activate, activation_slope};
import package::network::layer_product::{Product, layer_product};
import package::network::layer_slopes::{LayerRows, layer_slopes};
import package::network::memory::{lanes, work, work_first};

/// From row_input to row_output. Called in uniform control flow, after a barrier; ends with one.
fn mlp_forward(lane: u32) {
  for (var n = 0u; n < layer_count; n++) {
    let it = layer_at(n);
    let place = place_at(n);
    layer_product(lane, Product(it.first, place.used_inputs, it.outputs, true, place.source, place.result));
    let cells = it.outputs * quads;
    for (var c = select(lane, cells, n + 1u == layer_count); c < cells; c += lanes) {
      let at_cell = work_first + place.result * quads + c;
      work[at_cell] = activate(work[at_cell]);
    }
    storageBarrier();
  }
}

/// From row_by_output to the gradient and, where wanted, to row_by_input. Called in uniform control flow, after a barrier; ends with one. @param add to the gradient that is there
fn mlp_back(lane: u32, to_inputs: bool, add: bool) {
  for (var left = layer_count; left > 0u; left--) {
    let it = layer_at(left - 1u);
    let place = place_at(left - 1u);
    let cells = it.outputs * quads;
    for (var c = select(lane, cells, left == layer_count); c < cells; c += lanes) {
      work[work_first + place.by_result * quads + c] *= activation_slope(work[work_first + place.result * quads + c]);
    }
    storageBarrier();
    layer_slopes(lane, LayerRows(it.first - part_first, it.inputs, it.outputs, place.source, place.by_result, 0u, 0u, 0.0, 1u), add);
    for (var once = select(1u, 0u, left > 1u || to_inputs); once < 1u; once++) {
      layer_product(lane, Product(it.back, it.outputs, it.inputs, false, place.by_result, place.by_source));
    }
    storageBarrier();
  }
}

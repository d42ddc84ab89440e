// Where a small network lives that one workgroup trains.
//
//   weights     [net][layer][time, bias, inputs][output / 4], then the same without time and bias [layer][output][input / 4]: back through a layer is a product like forward
//   gradients   [net][layer][time, bias, inputs][output / 4]
//   work        [place][row][quad]    activations and what flows back (rows.wgsl), 4 of the batch per vec4
//
// Rows 0 and 1 of every place are the time and ones, which each layer takes beside its inputs. Sizes come from the generated module `package::network_sizes`; inputs and outputs come in whole tiles (src/network/tiles.ts).

import package::network_sizes::{weight_quads, parameter_quads, work_rows, quads};

override lanes: u32 = 64u;     // invocations of the workgroup

const row_time = 0u;
const row_one = 1u;

@group(0) @binding(1) var<storage, read_write> weights: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> work: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> gradients: array<vec4<f32>>;

// Of this workgroup.
var<private> weights_first: u32;
var<private> parameters_first: u32;
var<private> work_first: u32;

/// @param place of its work rows, usually one per workgroup
fn choose_net(net: u32, place: u32) {
  weights_first = net * weight_quads;
  parameters_first = net * parameter_quads;
  work_first = place * work_rows * quads;
}

/// The same where several workgroups share a net, and each sums a gradient of its own.
fn choose_place(net: u32, place: u32) {
  weights_first = net * weight_quads;
  parameters_first = place * parameter_quads;
  work_first = place * work_rows * quads;
}

fn at(row: u32, quad: u32) -> vec4<f32> {
  return work[work_first + row * quads + quad];
}

fn put(row: u32, quad: u32, value: vec4<f32>) {
  work[work_first + row * quads + quad] = value;
}

fn row_sum(row: u32) -> f32 {
  var sum = 0.0;
  for (var quad = 0u; quad < quads; quad++) {
    sum += dot(at(row, quad), vec4<f32>(1.0));
  }
  return sum;
}

// Copies what a page shows of states on the device, chains or a population, into a cloud: three numbers of theta of each, without a way over the host.
//
//   states  [row][state]     unconstrained coordinates in the D rows from `first_row`
//   points  [slot][3][state] out: one slot of a ring
//
// One invocation per state.

import package::model_space::{Phi, dimension};
import package::view_shown::shown;

struct Params {
  states: u32,
  first_row: u32,
  slot: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> states: array<f32>;
@group(0) @binding(2) var<storage, read_write> points: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let c = id.x;
  if (c >= params.states) {
    return;
  }
  var phi = Phi();
  for (var d = 0u; d < dimension; d++) {
    phi[d] = states[(params.first_row + d) * params.states + c];
  }
  let theta = shown(&phi);
  for (var i = 0u; i < 3u; i++) {
    points[(3u * params.slot + i) * params.states + c] = theta[i];
  }
}

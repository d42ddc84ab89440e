// The likelihood's part of log density and gradient at every chain's position, the rows of data shared out between invocations: one per chain and block of rows.
//
// For few chains, or many rows, on a device that many invocations fill. advance.wgsl adds the blocks up.
//
//   parts  [block][1 + T][chain]   log-likelihood, and its gradient with respect to the T constrained parameters

import package::sample::bindings::params;
import package::sample::chain::{waiting, load_u32};
import package::sample_target::evaluate_part;

override lanes: u32 = 64u;

@compute @workgroup_size(lanes)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * lanes + lane;
  let c = index % params.chains;
  let block = index / params.chains;
  if (block >= params.blocks || load_u32(0u, c) == waiting) {
    return;
  }
  evaluate_part(c, block);
}

// Starts the next transition of every chain that waits and may go on: what comes before the first gradient.wgsl of a submit, since `params.limit` may have risen. One invocation per chain.

import package::sample::bindings::params;
import package::sample::chain::{Chain, waiting, load_chain, store_chain};
@if(nuts) import package::sample::nuts::begin;
@if(!nuts) import package::sample::hmc::begin;

override lanes: u32 = 64u;

@compute @workgroup_size(lanes)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let c = (group.y * groups.x + group.x) * lanes + lane;
  if (c >= params.chains) {
    return;
  }
  var chain = load_chain(c);
  if (chain.phase == waiting && chain.iteration < params.limit) {
    begin(c, &chain);
    store_chain(c, chain);
  }
}

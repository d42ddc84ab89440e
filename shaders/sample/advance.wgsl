// One leapfrog step of every chain that moves, from the parts that gradient.wgsl left, up to where the next gradient is needed. One invocation per chain.

import package::sample::bindings::params;
import package::sample::chain::{Chain, waiting, load_chain, store_chain};
@if(nuts) import package::sample::nuts::{begin, complete};
@if(!nuts) import package::sample::hmc::{begin, complete};
import package::sample_target::gather;

override lanes: u32 = 64u;

@compute @workgroup_size(lanes)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let c = (group.y * groups.x + group.x) * lanes + lane;
  if (c >= params.chains) {
    return;
  }
  var chain = load_chain(c);
  if (chain.phase != waiting) {
    complete(c, &chain, gather(c));
  }
  if (chain.phase == waiting && chain.iteration < params.limit) {
    begin(c, &chain);
  }
  store_chain(c, chain);
}

// Many leapfrog steps of many chains in one dispatch: one invocation per chain, which evaluates the model on all rows itself.
//
// For chains that fill the device and data that do not take long: no step needs a dispatch of its own. Same draws as gradient.wgsl with advance.wgsl, up to the rounding of
// the sum over rows. A chain that has reached `params.limit` leaves the loop.

import package::sample::bindings::params;
import package::sample::chain::{Chain, waiting, load_chain, store_chain};
@if(nuts) import package::sample::nuts::{begin, complete};
@if(!nuts) import package::sample::hmc::{begin, complete};
import package::sample_target::evaluate;

override lanes: u32 = 64u;

@compute @workgroup_size(lanes)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let c = (group.y * groups.x + group.x) * lanes + lane;
  if (c >= params.chains) {
    return;
  }
  var chain = load_chain(c);
  for (var tick = 0u; tick < params.ticks; tick++) {
    if (chain.phase == waiting) {
      if (chain.iteration >= params.limit) {
        break;
      }
      begin(c, &chain);
    }
    complete(c, &chain, evaluate(c));
  }
  store_chain(c, chain);
}

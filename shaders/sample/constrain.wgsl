// The constrained parameters of every chain's position, for targets that are evaluated elsewhere: a bank of particle filters. One invocation per chain.
//
//   theta_values  [T][chain]

import package::sample::bindings::params;
import package::sample_target::store_theta;

override lanes: u32 = 64u;

@compute @workgroup_size(lanes)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let c = (group.y * groups.x + group.x) * lanes + lane;
  if (c < params.chains) {
    store_theta(c);
  }
}

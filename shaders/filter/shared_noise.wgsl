// Fills the buffer of standard normals that all filters of a bank read when the noise is shared: true common random numbers.
//
//   shared_noise  [step 0…T][particle][noise_size]   out; row 0 for the initial state
//
// The numbers are those that a filter with this key would draw for itself, so a bank reading the buffer equals a bank whose filters all have the key.
// One invocation per step and particle.

import package::filter::bindings::particle_count;
import package::filter::noise::noise_of;
import package::model_access::noise_size;
import package::lib::site::{at_step, site_initial, site_transition};

struct Params {
  key: vec2<u32>,
  steps: u32,
}

@group(0) @binding(0) var<uniform> noise_params: Params;
@group(0) @binding(1) var<storage, read_write> normals: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let id = (group.y * groups.x + group.x) * 64u + lane;
  if (id >= (noise_params.steps + 1u) * particle_count) {
    return;
  }
  let step = id / particle_count;
  let counter = select(at_step(site_transition, step), at_step(site_initial, 0u), step == 0u);
  let noise = noise_of(noise_params.key, counter, id % particle_count);
  for (var i = 0u; i < noise_size; i++) {
    normals[id * noise_size + i] = noise[i];
  }
}

// Log density of every particle where it is, by parts, and the gradient of all of it: what exchanges, the choice of a start and the measurement of the curvature ask.

import package::population::bindings::{params, states, position, gradient};
import package::population_target::evaluate;

@group(0) @binding(5) var<storage, read_write> parts: array<f32>;

override lanes: u32 = 64u;

@compute @workgroup_size(lanes)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * lanes + lane;
  if (i >= params.moving) {
    return;
  }
  let c = params.first + i;
  let found = evaluate(c, params.first_step, position, gradient);
  parts[c] = found.prior;
  parts[params.particles + c] = found.likelihood;
  parts[2u * params.particles + c] = found.variance;
}

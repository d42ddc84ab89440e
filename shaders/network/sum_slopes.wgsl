// Sums the gradients of one part of a net over the workgroups that share the net: one invocation per four parameters. The last four numbers of a part are terms of the loss.

import package::network_part::{net_quads, part_first, part_quads, sharing};

override count: u32;    // of fours, over all nets

@group(0) @binding(0) var<storage, read> partial_slopes: array<vec4<f32>>;         // [net][workgroup][part_quads]
@group(0) @binding(1) var<storage, read_write> slopes: array<vec4<f32>>;           // [net][net_quads]
@group(0) @binding(2) var<storage, read_write> terms: array<vec4<f32>>;            // [net]

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let i = (group.x + groups.x * group.y) * 64u + lane;
  if (i >= count) {
    return;
  }
  let net = i / part_quads;
  let quad = i % part_quads;
  var sum = vec4<f32>();
  for (var n = 0u; n < sharing; n++) {
    sum += partial_slopes[(net * sharing + n) * part_quads + quad];
  }
  if (quad + 1u == part_quads) {
    terms[net] += sum;
  } else {
    slopes[net * net_quads + part_first + quad] = sum;
  }
}

// Copies one buffer to another: the bandwidth that every other kernel is compared with.
//
//   source_values  [element]   read once
//   target_values  [element]   out: the same
//
// Neighbouring invocations touch neighbouring 16 bytes, and nothing is computed. The grid is rounded up to x × y workgroups; the surplus does nothing.

@group(0) @binding(0) var<storage, read> source_values: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> target_values: array<vec4<f32>>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 256u + lane;
  if (i < arrayLength(&source_values)) {
    target_values[i] = source_values[i];
  }
}

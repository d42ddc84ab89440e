// Multiply-adds and nothing else: the arithmetic rate that every other kernel is compared with.
//
// Two chains of vec4 are eight independent multiply-adds: enough to hide the latency of one (a CPU has two units of four cycles; a GPU has other invocations besides), and few enough that a CPU's
// sixteen vector registers hold them. Four of each per round keep the loop out of the count. The factors come from a buffer and the sum of the chains is stored, so that nothing can be computed
// beforehand or left out. A factor below 1 keeps the numbers finite.
//
//   factors  [2]            0.999 and 0.001, or the like
//   sums     [invocation]   out: the sum of its chains

@group(0) @binding(0) var<storage, read> factors: array<f32>;
@group(0) @binding(1) var<storage, read_write> sums: array<f32>;

/// Rounds of 32 multiply-adds.
override rounds: u32 = 64u;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  let factor = vec4<f32>(factors[0]);
  let term = vec4<f32>(factors[1]);
  var a = vec4<f32>(f32(i)) + vec4<f32>(0.0, 0.25, 0.5, 0.75);
  var b = a + 1.0;
  for (var round = 0u; round < rounds; round++) {
    a = fma(a, factor, term);
    b = fma(b, factor, term);
    a = fma(a, factor, term);
    b = fma(b, factor, term);
    a = fma(a, factor, term);
    b = fma(b, factor, term);
    a = fma(a, factor, term);
    b = fma(b, factor, term);
  }
  if (i < arrayLength(&sums)) {
    sums[i] = dot(a + b, vec4<f32>(1.0));
  }
}

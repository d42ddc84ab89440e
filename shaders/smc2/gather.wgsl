// Copies every particle's parent into its place: parameters, log-likelihood estimate, gradients and family travel together, so that an estimate is
// kept and never recomputed, which is what the pseudo-marginal argument rests on. After resampling the weights are equal.
//
//   population   in, and next_population out: [row][particle]
//   log_weights  in, and next_log_weights out
//
// One invocation per particle.

import package::smc2::population::{Params, population_rows, stat_resampled};

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> ancestors: array<u32>;
@group(0) @binding(2) var<storage, read> population: array<f32>;
@group(0) @binding(3) var<storage, read_write> next_population: array<f32>;
@group(0) @binding(4) var<storage, read> log_weights: array<f32>;
@group(0) @binding(5) var<storage, read_write> next_log_weights: array<f32>;
@group(0) @binding(6) var<storage, read> stats: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let m = id.x;
  if (m >= params.thetas) {
    return;
  }
  let parent = ancestors[m];
  for (var row = 0u; row < population_rows; row++) {
    next_population[row * params.thetas + m] = population[row * params.thetas + parent];
  }
  next_log_weights[m] = select(log_weights[m], -log(f32(params.thetas)), stats[stat_resampled] != 0.0);
}

// The filter bank's answers, into the population: log-likelihood, and its gradient with respect to phi by the chain rule (the transforms act on
// each parameter alone, so it is a product).
//
//   results     [row][particle]   rows as in shaders/filter/bindings.wgsl
//   population  in: dtheta/dphi in the likelihood-gradient rows; out: log-likelihood and gradient
//
// One invocation per particle.

import package::smc2::population::{Params, row_log_likelihood, row_likelihood_gradient};
import package::smc2_sizes::dimension;
import package::filter::bindings::{row_score};

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> results: array<f32>;
@group(0) @binding(2) var<storage, read_write> population: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let m = id.x;
  if (m >= params.thetas) {
    return;
  }
  population[row_log_likelihood * params.thetas + m] = results[m];
  @if(gradient) {
    for (var i = 0u; i < dimension; i++) {
      population[(row_likelihood_gradient + i) * params.thetas + m] *= results[(row_score + i) * params.thetas + m];
    }
  }
}

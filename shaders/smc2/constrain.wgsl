// From unconstrained particles to what the filter bank needs: constrained parameters and a random key each; and the log-prior of phi with its gradient.
//
//   population    in: phi; out: log-prior, its gradient, and dtheta/dphi in the rows of the likelihood gradient, where collect.wgsl multiplies the score with it
//   theta_values  [D][bank's stride]  out
//   keys          [particle]          out: fresh for every particle and iteration, or one for all
//
// One invocation per particle.

import package::smc2::population::{Params, row_log_prior, row_likelihood_gradient, row_prior_gradient};
import package::smc2_sizes::dimension;
import package::model_prior::prior_term;
import package::lib::threefry::threefry;
import package::lib::site::{at_step, site_filter_key};

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> population: array<f32>;
@group(0) @binding(2) var<storage, read_write> theta_values: array<f32>;
@group(0) @binding(3) var<storage, read_write> keys: array<vec2<u32>>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let m = id.x;
  if (m >= params.thetas) {
    return;
  }
  var log_prior = 0.0;
  for (var i = 0u; i < dimension; i++) {
    let term = prior_term(i, population[i * params.thetas + m]);
    theta_values[i * params.thetas + m] = term.theta;
    population[(row_likelihood_gradient + i) * params.thetas + m] = term.slope;
    population[(row_prior_gradient + i) * params.thetas + m] = term.gradient;
    log_prior += term.log_density;
  }
  population[row_log_prior * params.thetas + m] = log_prior;
  @if(shared) keys[m] = threefry(params.key, vec2<u32>(at_step(site_filter_key, 0u), 0u));
  @if(!shared) keys[m] = threefry(params.key, vec2<u32>(at_step(site_filter_key, params.iteration), m));
}

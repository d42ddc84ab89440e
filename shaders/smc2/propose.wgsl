// Moves every theta-particle by the proposal (langevin.wgsl). Nothing is rejected: reweigh.wgsl corrects by the weight.
//
//   population       in: phi and gradients
//   next_population  out: phi; the family travels along. Its other rows are filled by constrain.wgsl and collect.wgsl
//   half_norms       [particle]  out: ½‖z‖², minus the log of the forward density up to a constant
//   frozen           in: factor
//   stats            in: lambda
//
// One invocation per particle; its normals have the counter (propose | iteration, particle·⌈D/2⌉ + pair).

import package::smc2::population::{Params, frozen_factor, row_likelihood_gradient, row_prior_gradient, row_family, stat_lambda};
import package::smc2::langevin::{Phi, Phi_matrix, times, squared_norm, drift};
import package::smc2_sizes::dimension;
import package::lib::threefry::threefry;
import package::lib::normal::normal_from_bits;
import package::lib::site::{at_step, site_propose};

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> frozen: array<f32>;
@group(0) @binding(2) var<storage, read> population: array<f32>;
@group(0) @binding(3) var<storage, read_write> next_population: array<f32>;
@group(0) @binding(4) var<storage, read_write> half_norms: array<f32>;
@group(0) @binding(5) var<storage, read> stats: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let m = id.x;
  if (m >= params.thetas) {
    return;
  }
  var factor: Phi_matrix;
  for (var i = 0u; i < dimension * dimension; i++) {
    factor[i] = frozen[frozen_factor + i];
  }
  var z: Phi;
  let pairs = (dimension + 1u) / 2u;
  for (var i = 0u; i < dimension; i++) {
    let words = threefry(params.key, vec2<u32>(at_step(site_propose, params.iteration), m * pairs + i / 2u));
    z[i] = normal_from_bits(select(words.x, words.y, i % 2u == 1u));
  }
  half_norms[m] = 0.5 * squared_norm(z);
  var whitened: Phi;
  for (var i = 0u; i < dimension; i++) {
    whitened[i] = params.step * z[i];
  }
  @if(langevin) {
    var gradient: Phi;
    for (var i = 0u; i < dimension; i++) {
      gradient[i] = stats[stat_lambda] * population[(row_likelihood_gradient + i) * params.thetas + m]
        + population[(row_prior_gradient + i) * params.thetas + m];
    }
    let d = drift(factor, gradient, params.step, params.drift_limit);
    for (var i = 0u; i < dimension; i++) {
      whitened[i] += d[i];
    }
  }
  let jump = times(factor, whitened);
  for (var i = 0u; i < dimension; i++) {
    next_population[i * params.thetas + m] = population[i * params.thetas + m] + jump[i];
  }
  next_population[row_family * params.thetas + m] = population[row_family * params.thetas + m];
}

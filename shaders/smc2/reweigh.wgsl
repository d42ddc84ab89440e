// Corrects a move for the proposal it was made by, with the ratio
//
//   log r = log π(phi') − log π(phi) + log L(phi | phi') − log q(phi' | phi),   log π = lambda·log-likelihood + log-prior
//
//   weight      every move is kept and its weight multiplied by r (arXiv 2507.07461 eq 25)
//   metropolis  the move is kept with probability min(1, r), else the particle stays, estimate and all (particle marginal Metropolis–Hastings,
//               Andrieu, Doucet & Holenstein 2010); weights do not change
//
// π(phi) uses the estimate stored with the particle. The backward kernel L is one of
//   forward   the proposal itself from phi': for the random walk the ratio is 1, for Langevin it is exp(½‖z‖² − ½‖z'‖²), z' the normals that would lead back
//   gaussian  the fitted law of fit_l_kernel.wgsl
// Either integrates to 1 over phi, which is all that unbiasedness needs (test/smc2/kernels.test.ts).
//
//   population       in
//   next_population  in; out where the particle stays
//   log_weights      in: normalised
//   next_log_weights out: not normalised
//   half_norms       in: from propose.wgsl; out: 1 where the particle moved, 0 where it stayed
//
// One invocation per particle.

import package::smc2::population::{Params, frozen_factor, frozen_slope, frozen_offset, frozen_back_factor, impossible, stat_lambda};
import package::smc2::population::{row_log_likelihood, row_log_prior, row_likelihood_gradient, row_prior_gradient};
import package::smc2::langevin::{Phi, Phi_matrix, solve, squared_norm, drift};
import package::smc2_sizes::dimension;
import package::lib::finite::is_finite;
@if(metropolis) import package::smc2::population::population_rows;
@if(metropolis) import package::lib::threefry::threefry;
@if(metropolis) import package::lib::uniform::uniform_open;
@if(metropolis) import package::lib::site::{at_step, site_accept};

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> frozen: array<f32>;
@group(0) @binding(2) var<storage, read> population: array<f32>;
@group(0) @binding(3) var<storage, read_write> next_population: array<f32>;
@group(0) @binding(4) var<storage, read_write> half_norms: array<f32>;
@group(0) @binding(5) var<storage, read> stats: array<f32>;
@group(0) @binding(6) var<storage, read> log_weights: array<f32>;
@group(0) @binding(7) var<storage, read_write> next_log_weights: array<f32>;

fn matrix_at(at: u32) -> Phi_matrix {
  var matrix: Phi_matrix;
  for (var i = 0u; i < dimension * dimension; i++) {
    matrix[i] = frozen[at + i];
  }
  return matrix;
}

fn log_diagonal(factor: Phi_matrix) -> f32 {
  var sum = 0.0;
  for (var i = 0u; i < dimension; i++) {
    sum += log(factor[i * dimension + i]);
  }
  return sum;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let m = id.x;
  if (m >= params.thetas) {
    return;
  }
  let lambda = stats[stat_lambda];
  let likelihood = next_population[row_log_likelihood * params.thetas + m];
  let likelihood_before = population[row_log_likelihood * params.thetas + m];
  let change = lambda * (likelihood - likelihood_before)
    + next_population[row_log_prior * params.thetas + m] - population[row_log_prior * params.thetas + m];
  var log_ratio = change + log_kernel_ratio(m, lambda);
  // A particle whose likelihood was zero has no weight and gets none by moving: its ratio would be a difference of sentinels.
  if (!is_finite(log_ratio) || min(likelihood, likelihood_before) <= 0.5 * impossible || log_weights[m] <= 0.5 * impossible) {
    log_ratio = impossible;
  }
  @if(metropolis) {
    let words = threefry(params.key, vec2<u32>(at_step(site_accept, params.iteration), m));
    let moves = log(uniform_open(words.x)) < log_ratio;
    if (!moves) {
      for (var row = 0u; row < population_rows; row++) {
        next_population[row * params.thetas + m] = population[row * params.thetas + m];
      }
    }
    half_norms[m] = f32(moves);
    next_log_weights[m] = log_weights[m];
  }
  @if(!metropolis) {
    half_norms[m] = 1.0;
    next_log_weights[m] = max(log_weights[m] + log_ratio, impossible);
  }
}

/// log L(phi | phi') − log q(phi' | phi).
fn log_kernel_ratio(m: u32, lambda: f32) -> f32 {
  @if(gaussian) {
    let back_factor = matrix_at(frozen_back_factor);
    var residual: Phi;
    for (var i = 0u; i < dimension; i++) {
      var mean = frozen[frozen_offset + i];
      for (var j = 0u; j < dimension; j++) {
        mean += frozen[frozen_slope + i * dimension + j] * next_population[j * params.thetas + m];
      }
      residual[i] = population[i * params.thetas + m] - mean;
    }
    let backward = -0.5 * squared_norm(solve(back_factor, residual)) - log_diagonal(back_factor);
    let forward = -half_norms[m] - log_diagonal(matrix_at(frozen_factor)) - f32(dimension) * log(params.step);
    return backward - forward;
  }
  @if(!gaussian && langevin) {
    let factor = matrix_at(frozen_factor);
    var gradient: Phi;
    var difference: Phi;
    for (var i = 0u; i < dimension; i++) {
      gradient[i] = lambda * next_population[(row_likelihood_gradient + i) * params.thetas + m]
        + next_population[(row_prior_gradient + i) * params.thetas + m];
      difference[i] = population[i * params.thetas + m] - next_population[i * params.thetas + m];
    }
    let d = drift(factor, gradient, params.step, params.drift_limit);
    var z = solve(factor, difference);
    for (var i = 0u; i < dimension; i++) {
      z[i] = (z[i] - d[i]) / params.step;
    }
    return half_norms[m] - 0.5 * squared_norm(z);
  }
  @if(!gaussian && !langevin) return 0.0;
}

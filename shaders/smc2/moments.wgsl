// Mean and covariance of the weighted population, and the covariance's Cholesky factor: the preconditioner of this iteration's proposals.
//
//   population   in: phi
//   log_weights  in: normalised
//   frozen       out: mean, factor
//   stats        out: mean and sd of phi, so that a collapsing population is seen
//
// The covariance is taken about the mean in a second pass: the textbook one-pass formula cancels in f32. One workgroup.

import package::smc2::population::{Params, frozen_mean, frozen_factor, stat_mean, stat_sd};
import package::smc2::frozen::frozen;
import package::smc2::cholesky::factor_in_place;
import package::smc2_sizes::dimension;
import package::lib::reduce::{width, reduce_sum};

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(2) var<storage, read> population: array<f32>;
@group(0) @binding(3) var<storage, read> log_weights: array<f32>;
@group(0) @binding(4) var<storage, read_write> stats: array<f32>;

@compute @workgroup_size(width)
fn main(@builtin(local_invocation_index) lane: u32) {
  for (var i = 0u; i < dimension; i++) {
    var sum = 0.0;
    for (var m = lane; m < params.thetas; m += width) {
      sum += exp(max(log_weights[m], -80.0)) * population[i * params.thetas + m];
    }
    let mean = reduce_sum(lane, sum);
    if (lane == 0u) {
      frozen[frozen_mean + i] = mean;
      stats[stat_mean + i] = mean;
    }
  }
  storageBarrier();
  for (var i = 0u; i < dimension; i++) {
    for (var j = 0u; j <= i; j++) {
      var sum = 0.0;
      for (var m = lane; m < params.thetas; m += width) {
        let a = population[i * params.thetas + m] - frozen[frozen_mean + i];
        let b = population[j * params.thetas + m] - frozen[frozen_mean + j];
        sum += exp(max(log_weights[m], -80.0)) * a * b;
      }
      let covariance = reduce_sum(lane, sum);
      if (lane == 0u) {
        frozen[frozen_factor + i * dimension + j] = covariance;
      }
    }
  }
  if (lane == 0u) {
    for (var i = 0u; i < dimension; i++) {
      stats[stat_sd + i] = sqrt(max(frozen[frozen_factor + i * dimension + i], 0.0));
    }
    @if(preconditioned) _ = factor_in_place(frozen_factor, dimension);
    @if(!preconditioned) {
      for (var i = 0u; i < dimension * dimension; i++) {
        frozen[frozen_factor + i] = select(0.0, 1.0, i % (dimension + 1u) == 0u);
      }
    }
  }
}

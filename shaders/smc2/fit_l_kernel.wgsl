// Fits the backward kernel L(old | new): a Gaussian to the weighted pairs (old phi, new phi), conditioned on the new one (Green, Moore, Robinson &
// Maskell 2020, arXiv 2004.12838). It approximates the kernel that minimises the variance of the weights. With joint covariance [[Coo, Con], [Cno, Cnn]]:
//
//   slope = Con·Cnn⁻¹,  offset = mean_old − slope·mean_new,  covariance = Coo − slope·Cno
//
//   population, next_population  in: phi
//   log_weights                  in: normalised, before the move
//   frozen                       in: mean_old; out: slope, offset, Cholesky factor of the covariance
//   stats                        out: how much of the population's spread the move refreshed, 1 − corr(old, new)² averaged over parameters
//
// One workgroup; sums by all, the small linear algebra by the first invocation.

import package::smc2::population::{Params, frozen_mean, frozen_slope, frozen_offset, frozen_back_factor, frozen_scratch, stat_refreshed};
import package::smc2::frozen::frozen;
import package::smc2::cholesky::factor_in_place;
import package::smc2_sizes::dimension;
import package::lib::reduce::{width, reduce_sum};

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(2) var<storage, read> population: array<f32>;
@group(0) @binding(3) var<storage, read> next_population: array<f32>;
@group(0) @binding(4) var<storage, read> log_weights: array<f32>;
@group(0) @binding(5) var<storage, read_write> stats: array<f32>;

const mean_new = frozen_offset; // holds the mean of the new positions until the offset replaces it
const cross = frozen_slope;     // Con, until the slope replaces it
const new_new = frozen_scratch;

fn old_deviation(i: u32, m: u32) -> f32 {
  return population[i * params.thetas + m] - frozen[frozen_mean + i];
}

fn new_deviation(i: u32, m: u32) -> f32 {
  return next_population[i * params.thetas + m] - frozen[mean_new + i];
}

@compute @workgroup_size(width)
fn main(@builtin(local_invocation_index) lane: u32) {
  for (var i = 0u; i < dimension; i++) {
    var sum = 0.0;
    for (var m = lane; m < params.thetas; m += width) {
      sum += exp(max(log_weights[m], -80.0)) * next_population[i * params.thetas + m];
    }
    let mean = reduce_sum(lane, sum);
    if (lane == 0u) {
      frozen[mean_new + i] = mean;
    }
  }
  storageBarrier();
  for (var i = 0u; i < dimension; i++) {
    for (var j = 0u; j < dimension; j++) {
      var old_old = 0.0;
      var old_new = 0.0;
      var both_new = 0.0;
      for (var m = lane; m < params.thetas; m += width) {
        let w = exp(max(log_weights[m], -80.0));
        old_old += w * old_deviation(i, m) * old_deviation(j, m);
        old_new += w * old_deviation(i, m) * new_deviation(j, m);
        both_new += w * new_deviation(i, m) * new_deviation(j, m);
      }
      let c_old_old = reduce_sum(lane, old_old);
      let c_old_new = reduce_sum(lane, old_new);
      let c_new_new = reduce_sum(lane, both_new);
      if (lane == 0u) {
        frozen[frozen_back_factor + i * dimension + j] = c_old_old;
        frozen[cross + i * dimension + j] = c_old_new;
        frozen[new_new + i * dimension + j] = c_new_new;
      }
    }
  }
  if (lane == 0u) {
    stats[stat_refreshed] = refreshed();
    condition();
  }
}

fn refreshed() -> f32 {
  var sum = 0.0;
  for (var i = 0u; i < dimension; i++) {
    let c = frozen[cross + i * dimension + i];
    let variances = frozen[frozen_back_factor + i * dimension + i] * frozen[new_new + i * dimension + i];
    sum += 1.0 - min(1.0, c * c / max(variances, 1e-30));
  }
  return sum / f32(dimension);
}

/// From the joint covariance to the conditional law.
fn condition() {
  _ = factor_in_place(new_new, dimension);
  for (var i = 0u; i < dimension; i++) {
    // Row i of the slope: solve slope·(F·Fᵀ) = cross by a forward and a backward substitution, in place.
    var row: array<f32, dimension>;
    for (var j = 0u; j < dimension; j++) {
      var sum = frozen[cross + i * dimension + j];
      for (var k = 0u; k < j; k++) {
        sum -= frozen[new_new + j * dimension + k] * row[k];
      }
      row[j] = sum / frozen[new_new + j * dimension + j];
    }
    // Coo − (cross·F⁻ᵀ)(cross·F⁻ᵀ)ᵀ needs the half-solved rows; they wait in the second scratch matrix.
    for (var j = 0u; j < dimension; j++) {
      frozen[new_new + dimension * dimension + i * dimension + j] = row[j];
    }
    for (var up = 0u; up < dimension; up++) {
      let j = dimension - 1u - up;
      var sum = row[j];
      for (var k = j + 1u; k < dimension; k++) {
        sum -= frozen[new_new + k * dimension + j] * row[k];
      }
      row[j] = sum / frozen[new_new + j * dimension + j];
    }
    for (var j = 0u; j < dimension; j++) {
      frozen[frozen_slope + i * dimension + j] = row[j];
    }
  }
  for (var i = 0u; i < dimension; i++) {
    for (var j = 0u; j <= i; j++) {
      var sum = 0.0;
      for (var k = 0u; k < dimension; k++) {
        sum += frozen[new_new + dimension * dimension + i * dimension + k] * frozen[new_new + dimension * dimension + j * dimension + k];
      }
      // A trace of the explained part stays: where next to nothing moved, rounding would leave a matrix that is not positive definite.
      frozen[frozen_back_factor + i * dimension + j] -= (1.0 - 1e-6) * sum;
    }
  }
  var offset: array<f32, dimension>;
  for (var i = 0u; i < dimension; i++) {
    var sum = frozen[frozen_mean + i];
    for (var k = 0u; k < dimension; k++) {
      sum -= frozen[frozen_slope + i * dimension + k] * frozen[mean_new + k];
    }
    offset[i] = sum;
  }
  for (var i = 0u; i < dimension; i++) {
    frozen[frozen_offset + i] = offset[i];
  }
  _ = factor_in_place(frozen_back_factor, dimension);
}

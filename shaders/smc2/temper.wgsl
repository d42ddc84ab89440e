// Raises the likelihood's exponent as far as the effective sample size allows, and weighs the population accordingly.
//
// With normalised weights W and a step d of the exponent, the conditional ESS fraction is (Σ W w)² / Σ W w², w = exp(d·log-likelihood) (Zhou, Johansen &
// Aston 2016); the largest d that keeps `keep_ess` of it is found by bisection on log d. The step multiplies the evidence by Σ W w. A particle whose likelihood is zero
// weighs nothing from the first step on.
//
//   population   in: log-likelihoods
//   log_weights  in and out: normalised
//   stats        out: lambda, ESS, evidence ratio, whether to resample
//
// One workgroup; `width` a power of two.

import package::smc2::population::{Params, row_log_likelihood, impossible, stat_lambda, stat_tempered_ess, stat_tempered_evidence, stat_resampled};
import package::lib::reduce::{width, reduce_max, reduce_sum};

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> population: array<f32>;
@group(0) @binding(2) var<storage, read_write> log_weights: array<f32>;
@group(0) @binding(3) var<storage, read_write> stats: array<f32>;

/// log Σ W exp(d·log-likelihood).
fn log_sum(lane: u32, d: f32) -> f32 {
  var own_largest = impossible;
  for (var m = lane; m < params.thetas; m += width) {
    own_largest = max(own_largest, tempered(m, d));
  }
  let largest = reduce_max(lane, own_largest);
  var own_sum = 0.0;
  for (var m = lane; m < params.thetas; m += width) {
    own_sum += exp(max(tempered(m, d) - largest, -80.0));
  }
  return largest + log(reduce_sum(lane, own_sum));
}

fn tempered(m: u32, d: f32) -> f32 {
  return max(log_weights[m] + d * population[row_log_likelihood * params.thetas + m], impossible);
}

/// Conditional ESS fraction after a step d.
fn kept(lane: u32, d: f32) -> f32 {
  return exp(min(2.0 * log_sum(lane, d) - log_sum(lane, 2.0 * d), 0.0));
}

/// The largest step in (1e-8, most) that keeps enough; `most` itself if that keeps enough.
fn choose_step(lane: u32, most: f32) -> f32 {
  if (kept(lane, most) >= params.keep_ess) {
    return most;
  }
  var low = log(1e-8);
  var high = log(most);
  for (var i = 0u; i < 30u; i++) {
    let middle = 0.5 * (low + high);
    if (kept(lane, exp(middle)) >= params.keep_ess) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return exp(low);
}

@compute @workgroup_size(width)
fn main(@builtin(local_invocation_index) lane: u32) {
  var d = 0.0;
  if (params.tempering == 1u) {
    d = choose_step(lane, 1.0 - params.lambda);
  }
  let ratio = log_sum(lane, d);
  var own_squares = 0.0;
  for (var m = lane; m < params.thetas; m += width) {
    let log_weight = max(tempered(m, d) - ratio, impossible);
    log_weights[m] = log_weight;
    own_squares += exp(2.0 * max(log_weight, -40.0));
  }
  let ess = 1.0 / reduce_sum(lane, own_squares);
  if (lane == 0u) {
    let reaches_one = params.tempering == 1u && d >= 1.0 - params.lambda;
    stats[stat_lambda] = select(params.lambda + d, 1.0, reaches_one);
    stats[stat_tempered_ess] = ess;
    stats[stat_tempered_evidence] = ratio;
    stats[stat_resampled] = f32(ess < params.resample_below * f32(params.thetas));
  }
}

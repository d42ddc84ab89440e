// Normalises the weights after a move and measures what the move did to them.
//
// With W before and W·r after: the sum Σ W r estimates 1 and multiplies the evidence; the effective sample size after over that before is the part that the
// move kept. (The conditional ESS, (Σ W r)² / Σ W r², would say the same on average, but one particle of next to no weight with a huge r upsets it.)
//
//   population        in: log-likelihoods after the move
//   results           in: the fault counts of the filters
//   log_weights       in: before the move, normalised
//   moved             in: 1 where the particle moved, 0 where it stayed
//   next_log_weights  in and out
//   stats             out
//
// One workgroup.

import package::smc2::population::{Params, row_log_likelihood, impossible, stat_ess, stat_evidence, stat_kept, stat_accepted, stat_alive, stat_faults};
import package::filter::bindings::row_faults;
import package::lib::reduce::{width, reduce_max, reduce_sum, reduce_count};

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> population: array<f32>;
@group(0) @binding(2) var<storage, read> results: array<u32>;
@group(0) @binding(3) var<storage, read> log_weights: array<f32>;
@group(0) @binding(4) var<storage, read_write> next_log_weights: array<f32>;
@group(0) @binding(5) var<storage, read_write> stats: array<f32>;
@group(0) @binding(6) var<storage, read> moved: array<f32>;

@compute @workgroup_size(width)
fn main(@builtin(local_invocation_index) lane: u32) {
  var own_largest = impossible;
  for (var m = lane; m < params.thetas; m += width) {
    own_largest = max(own_largest, next_log_weights[m]);
  }
  let largest = reduce_max(lane, own_largest);
  var own_sum = 0.0;
  var own_squares = 0.0;
  var own_squares_before = 0.0;
  var own_accepted = 0.0;
  var own_alive = 0u;
  var own_faults = 0u;
  for (var m = lane; m < params.thetas; m += width) {
    let relative = next_log_weights[m] - largest;
    let w = exp(max(relative, -80.0));
    own_sum += w;
    own_squares += w * w;
    own_squares_before += exp(2.0 * max(log_weights[m], -40.0));
    own_accepted += exp(max(log_weights[m], -80.0)) * moved[m];
    own_alive += u32(population[row_log_likelihood * params.thetas + m] > 0.5 * impossible);
    own_faults += results[row_faults * params.thetas + m];
  }
  let sum = reduce_sum(lane, own_sum);
  let squares = reduce_sum(lane, own_squares);
  let squares_before = reduce_sum(lane, own_squares_before);
  let accepted = reduce_sum(lane, own_accepted);
  let alive = reduce_count(lane, own_alive);
  let faults = reduce_count(lane, own_faults);
  let ratio = largest + log(sum);
  for (var m = lane; m < params.thetas; m += width) {
    next_log_weights[m] = max(next_log_weights[m] - ratio, impossible);
  }
  if (lane == 0u) {
    stats[stat_ess] = sum * sum / squares;
    stats[stat_evidence] = ratio;
    stats[stat_kept] = min(1.0, sum * sum / squares * squares_before);
    stats[stat_accepted] = accepted;
    stats[stat_alive] = f32(alive);
    stats[stat_faults] = f32(faults);
  }
}

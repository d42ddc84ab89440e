// Systematic resampling of the theta-particles, when their effective sample size asked for it; else every particle is its own parent.
//
//   log_weights  in: normalised
//   population   in: for the families
//   prefix       [particle]  scratch: inclusive prefix sum of the fixed-point weights
//   ancestors    [particle]  out; never decreases
//   stats        in: whether to resample; out: distinct parents and surviving families
//
// Ancestors never decrease and families start as 0…M−1, so equal ones are neighbours and can be counted by comparing with the one before.
// One workgroup.

import package::smc2::population::{Params, row_family, stat_resampled, stat_distinct, stat_families};
import package::lib::reduce::{width, reduce_max, reduce_count, exclusive_sum};
import package::lib::systematic::{fixed_point_scale, fixed_point, systematic_points, point};
import package::lib::threefry::threefry;
import package::lib::site::{at_step, site_resample_theta};

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> log_weights: array<f32>;
@group(0) @binding(2) var<storage, read> population: array<f32>;
@group(0) @binding(3) var<storage, read_write> prefix: array<u32>;
@group(0) @binding(4) var<storage, read_write> ancestors: array<u32>;
@group(0) @binding(5) var<storage, read_write> stats: array<f32>;

/// The first particle whose inclusive prefix sum exceeds the wanted point.
fn parent_of(wanted: u32) -> u32 {
  var low = 0u;
  var high = params.thetas - 1u;
  while (low < high) {
    let middle = (low + high) / 2u;
    if (prefix[middle] > wanted) {
      high = middle;
    } else {
      low = middle + 1u;
    }
  }
  return low;
}

@compute @workgroup_size(width)
fn main(@builtin(local_invocation_index) lane: u32) {
  var own_largest = -1e30;
  for (var m = lane; m < params.thetas; m += width) {
    own_largest = max(own_largest, log_weights[m]);
  }
  let largest = reduce_max(lane, own_largest);
  let scale = fixed_point_scale(params.thetas);
  let run = (params.thetas + width - 1u) / width;
  let first = min(lane * run, params.thetas);
  let end = min(first + run, params.thetas);
  var own_total = 0u;
  for (var m = first; m < end; m++) {
    own_total += fixed_point(exp(max(log_weights[m] - largest, -80.0)), scale);
  }
  let sums = exclusive_sum(lane, own_total);
  var reached = sums.before;
  for (var m = first; m < end; m++) {
    reached += fixed_point(exp(max(log_weights[m] - largest, -80.0)), scale);
    prefix[m] = reached;
  }
  storageBarrier();

  let resample = stats[stat_resampled] != 0.0;
  let bits = threefry(params.key, vec2<u32>(at_step(site_resample_theta, params.iteration), 0u)).x;
  let points = systematic_points(sums.total, params.thetas, bits);
  for (var m = lane; m < params.thetas; m += width) {
    var parent = m;
    if (resample) {
      parent = parent_of(point(points, m));
    }
    ancestors[m] = parent;
  }
  storageBarrier();

  var own_distinct = 0u;
  var own_families = 0u;
  for (var m = lane; m < params.thetas; m += width) {
    let parent = ancestors[m];
    let before = ancestors[max(m, 1u) - 1u];
    own_distinct += u32(m == 0u || parent != before);
    own_families += u32(m == 0u || family_of(parent) != family_of(before));
  }
  let distinct = reduce_count(lane, own_distinct);
  let families = reduce_count(lane, own_families);
  if (lane == 0u) {
    stats[stat_distinct] = f32(distinct);
    stats[stat_families] = f32(families);
  }
}

fn family_of(m: u32) -> f32 {
  return population[row_family * params.thetas + m];
}

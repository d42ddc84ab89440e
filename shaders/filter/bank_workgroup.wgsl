// A bank of particle filters, one workgroup per filter: for GPUs.
//
// The workgroup runs its filter through a chunk of time steps: propagate, weigh, resample, the particles striped over its invocations. The prefix sum of the
// fixed-point weights is made once per resampling step; then every slot finds its parent by bisection. What is computed, and from which random numbers, is the same as in
// bank_lane.wgsl, whose head gives the formulas; sums are trees here, so the two agree up to rounding.
//
// Bindings: bindings.wgsl. Needs particle_count ≤ 16384. The decisions that barriers depend on (died, resample) pass through workgroupUniformLoad.

import package::filter::bindings::{params, keys, weights, results, particle_count, impossible, result_at, result, store_result};
import package::filter::bindings::{row_log_likelihood, row_block, row_largest, row_base, row_total, row_died, row_faults, row_resampled};
import package::filter::ancestors_workgroup::{parent_of, prefix_sum};
import package::filter::layout_workgroup::{particle_at, component_stride, weight_at, fixed_at};
import package::lib::systematic::{fixed_point_scale, fixed_point, coarse, coarse_ess, systematic_points, point};
import package::lib::threefry::threefry;
import package::filter::noise::noise_of;
import package::filter::move::move_particle;
import package::model::{initial, Theta};
import package::model_access::{load_theta, load_state, store_state, observed};
import package::lib::site::{at_step, site_initial, site_transition, site_resample};
import package::lib::reduce::{width, reduce_max, reduce_sum, reduce_count};
@if(gradient) import package::model::{initial_d, Tangent};
@if(gradient) import package::model_access::{theta_tangent, load_state_d, store_state_d, load_score, store_score, load_result_score, store_result_score};
@if(trace) import package::filter::trace_workgroup::trace_step;
@if(lineage) import package::filter::lineage::remember;

/// What the whole workgroup knows about its filter between steps.
struct Between {
  largest: f32,
  base: f32,
  total: u32,
  died: u32,
  increment: f32,  // of the step just done
  normaliser: f32, // what to subtract from its log-weights to normalise them
}
var<workgroup> sh_between: Between;
var<workgroup> sh_faults: atomic<u32>;
@if(gradient) var<workgroup> sh_score: array<Tangent, width>;

@compute @workgroup_size(width)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let place = group.y * groups.x + group.x;
  if (place >= params.filters) {
    return;
  }
  let f = params.offset + place;
  let theta = load_theta(f);
  let key = keys[f];
  if (params.first == 1u) {
    start(f, lane, theta, key);
  }
  if (lane == 0u) {
    sh_between = Between(
      result(row_largest, f),
      result(row_base, f),
      results[result_at(row_total, f)],
      results[result_at(row_died, f)],
      0.0,
      0.0,
    );
  }
  var between = workgroupUniformLoad(&sh_between);
  for (var step = params.first; step < params.first + params.steps && between.died == 0u; step++) {
    let largest = propagate(f, lane, step, theta, key, between);
    if (largest <= 0.5 * impossible) {
      between.died = step;
    } else {
      between = weigh(f, lane, step, largest, between.base);
      if (between.total > 0u) {
        prefix_sum(f, lane);
      }
      @if(trace) trace_step(f, lane, step, between.total > 0u, between.increment, between.normaliser, key);
    }
  }
  if (lane == 0u && between.died != 0u) {
    results[result_at(row_died, f)] = between.died;
    store_result(row_log_likelihood, f, impossible);
    store_result(row_block, f, 0.0);
  }
}

fn start(f: u32, lane: u32, theta: Theta, key: vec2<u32>) {
  let counter = at_step(site_initial, 0u);
  for (var j = lane; j < particle_count; j += width) {
    let noise = noise_of(key, counter, j);
    let at = particle_at(0u, j, f);
    @if(gradient) {
      let x = initial_d(theta, theta_tangent(), noise);
      store_state(at, component_stride(), x.v);
      store_state_d(at, component_stride(), x.d);
      store_score(at, component_stride(), Tangent());
    }
    @if(!gradient) store_state(at, component_stride(), initial(theta, noise));
    @if(lineage) remember(f, 0u, j, j, load_state(at, component_stride()));
    weights[weight_at(j, f)] = bitcast<u32>(0.0);
  }
  if (lane == 0u) {
    for (var row = 0u; row <= row_resampled; row++) {
      results[result_at(row, f)] = 0u;
    }
    store_result(row_base, f, log(f32(particle_count)));
    @if(gradient) store_result_score(f, Tangent());
  }
  storageBarrier();
  @if(trace) {
    let between = weigh(f, lane, 0u, 0.0, log(f32(particle_count)));
    trace_step(f, lane, 0u, false, 0.0, between.normaliser, key);
    if (lane == 0u) {
      store_result(row_log_likelihood, f, 0.0);
    }
    storageBarrier();
  }
}

/// Resamples where the last step asked for it, moves every particle, stores its log-weight; returns the largest.
fn propagate(f: u32, lane: u32, step: u32, theta: Theta, key: vec2<u32>, between: Between) -> f32 {
  let resample = between.total > 0u;
  let points = systematic_points(max(between.total, 1u), particle_count, threefry(key, vec2<u32>(at_step(site_resample, step), 0u)).x);
  let counter = at_step(site_transition, step);
  let seen = observed(step);
  @if(gradient) let theta_d = theta_tangent();
  @if(gradient) let mean_score = load_result_score(f);
  @if(gradient) let keep = select(1.0, params.blend, resample);
  var largest = impossible;
  var faults = 0u;
  for (var j = lane; j < particle_count; j += width) {
    var parent = j;
    var before = 0.0;
    if (resample) {
      parent = parent_of(f, point(points, j));
    } else {
      before = bitcast<f32>(weights[weight_at(j, f)]) - between.largest;
    }
    let old_at = particle_at(step - 1u, parent, f);
    let new_at = particle_at(step, j, f);
    let noise = noise_of(key, counter, j);
    let x = load_state(old_at, component_stride());
    @if(gradient) let moved = move_particle(x, load_state_d(old_at, component_stride()), theta, theta_d, noise, step, seen);
    @if(!gradient) let moved = move_particle(x, theta, noise, step, seen);
    store_state(new_at, component_stride(), moved.state);
    @if(lineage) remember(f, step, j, parent, moved.state);
    @if(gradient) store_state_d(new_at, component_stride(), moved.state_d);
    @if(gradient) store_score(new_at, component_stride(), mean_score * (1.0 - keep) + load_score(old_at, component_stride()) * keep + moved.log_weight_d);
    let log_weight = max(before + moved.log_weight, impossible);
    weights[weight_at(j, f)] = bitcast<u32>(log_weight);
    largest = max(largest, log_weight);
    faults += moved.faults;
  }
  if (lane == 0u) {
    atomicStore(&sh_faults, 0u);
  }
  workgroupBarrier();
  atomicAdd(&sh_faults, faults);
  workgroupBarrier();
  if (lane == 0u) {
    add_bits(row_faults, f, atomicLoad(&sh_faults));
    add_bits(row_resampled, f, u32(resample));
  }
  storageBarrier();
  return reduce_max(lane, largest);
}

fn add_bits(row: u32, f: u32, count: u32) {
  results[result_at(row, f)] += count;
}

/// The increment of the log-likelihood, the decision to resample, and, where it is needed, the mean score.
fn weigh(f: u32, lane: u32, step: u32, largest: f32, base: f32) -> Between {
  let scale = fixed_point_scale(particle_count);
  var own_sum = 0.0;
  var own_total = 0u;
  var own_coarse = 0u;
  var own_squares = 0u;
  for (var j = lane; j < particle_count; j += width) {
    let w = exp(max(bitcast<f32>(weights[weight_at(j, f)]) - largest, -80.0));
    let q = fixed_point(w, scale);
    let r = coarse(q, particle_count);
    own_sum += w;
    own_total += q;
    own_coarse += r;
    own_squares += r * r;
    weights[fixed_at(j, f)] = q;
  }
  let sum = reduce_sum(lane, own_sum);
  let total = reduce_count(lane, own_total);
  let coarse_sum = reduce_count(lane, own_coarse);
  let coarse_squares = reduce_count(lane, own_squares);
  let resample = coarse_ess(coarse_sum, coarse_squares) < params.resample_below * f32(particle_count) && step < params.last;
  let between = Between(
    largest,
    log(select(sum, f32(particle_count), resample)),
    select(0u, total, resample),
    0u,
    largest + log(sum) - base,
    largest + log(sum),
  );
  if (lane == 0u) {
    let block = result(row_block, f) + between.increment;
    let full = step % 32u == 0u || step == params.last;
    store_result(row_largest, f, between.largest);
    store_result(row_base, f, between.base);
    results[result_at(row_total, f)] = between.total;
    store_result(row_block, f, select(block, 0.0, full));
    store_result(row_log_likelihood, f, result(row_log_likelihood, f) + select(0.0, block, full));
  }
  @if(gradient) {
    if ((resample && params.blend < 1.0) || step == params.last) {
      mean_score_of(f, lane, step, between.normaliser);
    }
  }
  storageBarrier();
  return between;
}

@if(gradient)
fn mean_score_of(f: u32, lane: u32, step: u32, normaliser: f32) {
  var score = Tangent();
  for (var j = lane; j < particle_count; j += width) {
    let w = exp(max(bitcast<f32>(weights[weight_at(j, f)]) - normaliser, -80.0));
    score += load_score(particle_at(step, j, f), component_stride()) * w;
  }
  sh_score[lane] = score;
  for (var reach = width / 2u; reach > 0u; reach /= 2u) {
    workgroupBarrier();
    if (lane < reach) {
      sh_score[lane] += sh_score[lane + reach];
    }
  }
  if (lane == 0u) {
    store_result_score(f, sh_score[0]);
  }
}

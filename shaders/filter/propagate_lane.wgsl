// Propagation in the lane-per-filter shape: one invocation walks its filter's slots in order, finds each one's parent, moves it and stores its log-weight.
//
// Systematic resampling is a merge of two sorted walks, the fixed-point prefix sum of the weights and the equally spaced points (lib/systematic.wgsl), so no ancestor is stored unless someone asks (lineage.wgsl).
//
// Needs `weigh` of bank_lane.wgsl to have run for the step before: the fixed-point weights and, where the filter resamples, their total.

import package::filter::bindings::{params, weights, results, particle_count, impossible, result_at, result, row_largest, row_total, row_faults, row_resampled};
import package::filter::layout_lane::{Place, particle_at, component_stride, weight_at, fixed_at};
import package::filter::noise::{pair_words, noise_in_pair};
import package::filter::move::move_particle;
import package::lib::systematic::{Points, systematic_points, point};
import package::lib::threefry::threefry;
import package::lib::site::{at_step, site_transition, site_resample};
import package::model::{Theta, Noise};
import package::model_access::{observed, load_state, store_state};
@if(lineage) import package::filter::lineage::remember;
@if(gradient) import package::model::Tangent;
@if(gradient) import package::model_access::{theta_tangent, load_state_d, store_state_d, load_score, store_score, load_result_score};

@if(gradient) alias Score = Tangent;
@if(!gradient) alias Score = f32; // of no use

/// What all particles of a step have in common.
struct Stride {
  filter_index: u32,
  step: u32,
  resample: bool,
  last_largest: f32,
  points: Points,
}

/// What passes from one particle to the next.
struct Walk {
  parent: u32,
  reached: u32, // prefix sum of the fixed-point weights up to the parent
  largest: f32,
  faults: u32,
}

/// Resamples where the last step asked for it, moves every particle, stores its log-weight; returns the largest.
fn propagate(f: u32, place: Place, step: u32, theta: Theta, key: vec2<u32>) -> f32 {
  let total = results[result_at(row_total, f)];
  let uniform_bits = threefry(key, vec2<u32>(at_step(site_resample, step), 0u)).x;
  let stride = Stride(f, step, total > 0u, result(row_largest, f), systematic_points(max(total, 1u), particle_count, uniform_bits));
  @if(gradient) let mean_score = load_result_score(f);
  @if(!gradient) let mean_score = 0.0;
  // Decided here, for the whole step: where it is decided particle by particle, software adapters compute both sides.
  var walk: Walk;
  if (observed(step)) {
    walk = walk_particles(place, stride, theta, mean_score, key, true);
  } else {
    walk = walk_particles(place, stride, theta, mean_score, key, false);
  }
  add_bits(row_faults, f, walk.faults);
  add_bits(row_resampled, f, u32(stride.resample));
  return walk.largest;
}

fn walk_particles(place: Place, stride: Stride, theta: Theta, mean_score: Score, key: vec2<u32>, seen: bool) -> Walk {
  var walk = Walk(0u, weights[fixed_at(0u, place)], impossible, 0u);
  let counter = at_step(site_transition, stride.step);
  // Two at a time, because they share a call of the generator.
  for (var j = 0u; j < particle_count; j += 2u) {
    let words = pair_words(key, counter, j);
    advance(&walk, place, stride, theta, mean_score, j, noise_in_pair(key, counter, j, words), seen);
    if (j + 1u < particle_count) {
      advance(&walk, place, stride, theta, mean_score, j + 1u, noise_in_pair(key, counter, j + 1u, words), seen);
    }
  }
  return walk;
}

/// Finds the parent of slot j, and its log-weight beforehand. The walk ends by itself: every point lies below the total, where the prefix sum arrives.
fn inherit(walk: ptr<function, Walk>, place: Place, stride: Stride, j: u32) -> f32 {
  if (!stride.resample) {
    (*walk).parent = j;
    return bitcast<f32>(weights[weight_at(j, place)]) - stride.last_largest;
  }
  let wanted = point(stride.points, j);
  var parent = (*walk).parent;
  var reached = (*walk).reached;
  while (reached <= wanted) {
    parent++;
    reached += weights[fixed_at(parent, place)];
  }
  (*walk).parent = parent;
  (*walk).reached = reached;
  return 0.0;
}

fn weighed_as(walk: ptr<function, Walk>, place: Place, j: u32, log_weight: f32, faults: u32) {
  weights[weight_at(j, place)] = bitcast<u32>(log_weight);
  (*walk).largest = max((*walk).largest, log_weight);
  (*walk).faults += faults;
}

@if(!gradient)
fn advance(walk: ptr<function, Walk>, place: Place, stride: Stride, theta: Theta, mean_score: Score, j: u32, noise: Noise, seen: bool) {
  let before = inherit(walk, place, stride, j);
  let x = load_state(particle_at(stride.step - 1u, (*walk).parent, place), component_stride());
  let moved = move_particle(x, theta, noise, stride.step, seen);
  store_state(particle_at(stride.step, j, place), component_stride(), moved.state);
  @if(lineage) remember(stride.filter_index, stride.step, j, (*walk).parent, moved.state);
  weighed_as(walk, place, j, max(before + moved.log_weight, impossible), moved.faults);
}

@if(gradient)
fn advance(walk: ptr<function, Walk>, place: Place, stride: Stride, theta: Theta, mean_score: Score, j: u32, noise: Noise, seen: bool) {
  let before = inherit(walk, place, stride, j);
  let old_at = particle_at(stride.step - 1u, (*walk).parent, place);
  let new_at = particle_at(stride.step, j, place);
  let x = load_state(old_at, component_stride());
  let x_d = load_state_d(old_at, component_stride());
  let moved = move_particle(x, x_d, theta, theta_tangent(), noise, stride.step, seen);
  store_state(new_at, component_stride(), moved.state);
  store_state_d(new_at, component_stride(), moved.state_d);
  @if(lineage) remember(stride.filter_index, stride.step, j, (*walk).parent, moved.state);
  let keep = select(1.0, params.blend, stride.resample);
  store_score(new_at, component_stride(), mean_score * (1.0 - keep) + load_score(old_at, component_stride()) * keep + moved.log_weight_d);
  weighed_as(walk, place, j, max(before + moved.log_weight, impossible), moved.faults);
}

fn add_bits(row: u32, f: u32, count: u32) {
  results[result_at(row, f)] += count;
}

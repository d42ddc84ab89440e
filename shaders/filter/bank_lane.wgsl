// A bank of particle filters, one invocation per filter: for software adapters, where a barrier costs more than the arithmetic.
//
// Each lane runs its filter through a chunk of time steps: propagate, weigh, resample. Systematic resampling is a merge of two sorted walks, the fixed-point prefix
// sum of the weights and the equally spaced points (lib/systematic.wgsl), folded into the next step's propagation, so no ancestor is ever stored.
// Particles of neighbouring filters lie side by side. Same numbers as bank_workgroup.wgsl, up to the rounding of sums.
//
//   log-likelihood = Σ_t log( Σ_j W_{t−1}^j exp(g_t^j) ), by increments (smc2.md §7.2)
//   gradient       = Σ_j W_T^j a_T^j, a the score carried by particle j; at resampling a child's score is
//                    blend·(parent's) + (1 − blend)·(population mean): blend 1 is the consistent "carried" estimator
//                    (Fisher's identity along ancestral paths; Ścibior & Wood 2021), blend 0 the low-variance "fixed-ancestor" one of arXiv 2407.17296.
//
// Bindings: bindings.wgsl. Needs particle_count ≤ 16384; filters ≤ stride.

import package::filter::bindings::{params, keys, weights, results, particle_count, impossible, result_at, result, store_result};
import package::filter::bindings::{row_log_likelihood, row_block, row_largest, row_base, row_total, row_died, row_faults, row_resampled};
import package::filter::layout_lane::{lanes, Place, place_of, particle_at, component_stride, weight_at, fixed_at};
import package::lib::systematic::{fixed_point_scale, fixed_point, coarse, coarse_ess, Points, systematic_points, point};
import package::lib::threefry::threefry;
import package::filter::noise::{noise_of, pair_words, noise_in_pair};
import package::filter::move::{move_particle};
import package::model::{initial, State, Theta, Noise};
import package::model_access::{components, observed, load_theta, load_state, store_state};
import package::lib::site::{at_step, site_initial, site_transition, site_resample};
@if(gradient) import package::model::{initial_d, State_d, Tangent};
@if(gradient) import package::model_access::{theta_tangent, load_state_d, store_state_d, load_score, store_score, load_result_score, store_result_score};
@if(trace) import package::filter::trace_lane::trace_step;

@compute @workgroup_size(lanes)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * lanes + lane;
  if (index >= params.filters) {
    return;
  }
  let f = params.offset + index;
  let place = place_of(index);
  let theta = load_theta(f);
  let key = keys[f];
  if (params.first == 1u) {
    start(f, place, theta, key);
  }
  var died = results[result_at(row_died, f)];
  for (var step = params.first; step < params.first + params.steps && died == 0u; step++) {
    let largest = propagate(f, place, step, theta, key);
    died = select(0u, step, largest <= 0.5 * impossible);
    if (died == 0u) {
      let weighed = weigh(f, place, step, largest);
      @if(trace) trace_step(f, place, step, weighed.increment, weighed.normaliser, key);
    }
  }
  if (died != 0u) {
    results[result_at(row_died, f)] = died;
    store_result(row_log_likelihood, f, impossible);
    store_result(row_block, f, 0.0);
  }
}

fn start(f: u32, place: Place, theta: Theta, key: vec2<u32>) {
  for (var row = 0u; row <= row_resampled; row++) {
    results[result_at(row, f)] = 0u;
  }
  store_result(row_base, f, log(f32(particle_count)));
  @if(gradient) store_result_score(f, Tangent());
  let counter = at_step(site_initial, 0u);
  for (var j = 0u; j < particle_count; j++) {
    let noise = noise_of(key, counter, j);
    let at = particle_at(0u, j, place);
    @if(gradient) {
      let x = initial_d(theta, theta_tangent(), noise);
      store_state(at, component_stride(), x.v);
      store_state_d(at, component_stride(), x.d);
      store_score(at, component_stride(), Tangent());
    }
    @if(!gradient) store_state(at, component_stride(), initial(theta, noise));
    weights[weight_at(j, place)] = bitcast<u32>(0.0);
  }
  @if(trace) {
    let weighed = weigh(f, place, 0u, 0.0);
    trace_step(f, place, 0u, 0.0, weighed.normaliser, key);
    store_result(row_log_likelihood, f, 0.0);
  }
}

@if(gradient) alias Score = Tangent;
@if(!gradient) alias Score = f32; // of no use

/// What all particles of a step have in common.
struct Stride {
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
  let stride = Stride(step, total > 0u, result(row_largest, f), systematic_points(max(total, 1u), particle_count, uniform_bits));
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

/// Finds the parent of slot j, and its log-weight beforehand.
fn inherit(walk: ptr<function, Walk>, place: Place, stride: Stride, j: u32) -> f32 {
  if (!stride.resample) {
    (*walk).parent = j;
    return bitcast<f32>(weights[weight_at(j, place)]) - stride.last_largest;
  }
  let wanted = point(stride.points, j);
  while ((*walk).reached <= wanted && (*walk).parent < particle_count - 1u) {
    (*walk).parent++;
    (*walk).reached += weights[fixed_at((*walk).parent, place)];
  }
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
  let keep = select(1.0, params.blend, stride.resample);
  store_score(new_at, component_stride(), mean_score * (1.0 - keep) + load_score(old_at, component_stride()) * keep + moved.log_weight_d);
  weighed_as(walk, place, j, max(before + moved.log_weight, impossible), moved.faults);
}

fn add_bits(row: u32, f: u32, count: u32) {
  results[result_at(row, f)] += count;
}

struct Weighed {
  increment: f32,  // log p(y_t | y_1…t−1)
  normaliser: f32, // what to subtract from a log-weight to normalise it
}

/// The increment of the log-likelihood, the decision to resample, and, where it is needed, the mean score.
fn weigh(f: u32, place: Place, step: u32, largest: f32) -> Weighed {
  let scale = fixed_point_scale(particle_count);
  var sum = 0.0;
  var total = 0u;
  var coarse_sum = 0u;
  var coarse_squares = 0u;
  for (var j = 0u; j < particle_count; j++) {
    let w = exp(max(bitcast<f32>(weights[weight_at(j, place)]) - largest, -80.0));
    let q = fixed_point(w, scale);
    let r = coarse(q, particle_count);
    sum += w;
    total += q;
    coarse_sum += r;
    coarse_squares += r * r;
    weights[fixed_at(j, place)] = q;
  }
  let resample = coarse_ess(coarse_sum, coarse_squares) < params.resample_below * f32(particle_count) && step < params.last;
  let weighed = Weighed(largest + log(sum) - result(row_base, f), largest + log(sum));
  store_result(row_largest, f, largest);
  store_result(row_base, f, log(select(sum, f32(particle_count), resample)));
  results[result_at(row_total, f)] = select(0u, total, resample);
  let block = result(row_block, f) + weighed.increment;
  let full = step % 32u == 0u || step == params.last;
  store_result(row_block, f, select(block, 0.0, full));
  store_result(row_log_likelihood, f, result(row_log_likelihood, f) + select(0.0, block, full));
  @if(gradient) {
    if ((resample && params.blend < 1.0) || step == params.last) {
      var score = Tangent();
      for (var j = 0u; j < particle_count; j++) {
        let w = exp(max(bitcast<f32>(weights[weight_at(j, place)]) - weighed.normaliser, -80.0));
        score += load_score(particle_at(step, j, place), component_stride()) * w;
      }
      store_result_score(f, score);
    }
  }
  return weighed;
}

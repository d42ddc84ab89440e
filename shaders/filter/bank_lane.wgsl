// A bank of particle filters, one invocation per filter: for software adapters, where a barrier costs more than the arithmetic.
//
// Each lane runs its filter through a chunk of time steps: propagate (propagate_lane.wgsl, resampling folded in), weigh. Same numbers as bank_workgroup.wgsl, up to the rounding of sums.
//
//   log-likelihood = Σ_t log( Σ_j W_{t−1}^j exp(g_t^j) ), by increments (smc2.md §7.2)
//   gradient       = Σ_j W_T^j a_T^j, a the score carried by particle j; at resampling a child's score is
//                    blend·(parent's) + (1 − blend)·(population mean): blend 1 is the consistent "carried" estimator
//                    (Fisher's identity along ancestral paths; Ścibior & Wood 2021), blend 0 the low-variance "fixed-ancestor" one of arXiv 2407.17296.
//
// Bindings: bindings.wgsl. Needs particle_count ≤ 16384; filters ≤ stride.

import package::filter::bindings::{params, keys, weights, results, particle_count, impossible, result_at, result, store_result};
import package::filter::bindings::{row_log_likelihood, row_block, row_largest, row_base, row_total, row_died, row_resampled};
import package::filter::layout_lane::{lanes, Place, place_of, particle_at, component_stride, weight_at, fixed_at};
import package::filter::noise::noise_of;
import package::filter::propagate_lane::propagate;
import package::lib::systematic::{fixed_point_scale, fixed_point, coarse, coarse_ess};
import package::lib::site::{at_step, site_initial};
import package::model::{initial, Theta};
import package::model_access::{load_theta, store_state};
@if(gradient) import package::model::{initial_d, Tangent};
@if(gradient) import package::model_access::{theta_tangent, store_state_d, load_score, store_score, store_result_score};
@if(trace) import package::filter::trace_lane::trace_step;
@if(lineage) import package::filter::lineage::remember;
@if(lineage) import package::model_access::load_state;

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
    @if(lineage) remember(f, 0u, j, j, load_state(at, component_stride()));
    weights[weight_at(j, place)] = bitcast<u32>(0.0);
  }
  @if(trace) {
    let weighed = weigh(f, place, 0u, 0.0);
    trace_step(f, place, 0u, 0.0, weighed.normaliser, key);
    store_result(row_log_likelihood, f, 0.0);
  }
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

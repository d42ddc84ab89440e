// Resamples where the last step asked for it, moves every particle and stores its log-weight. One workgroup per tile of slots.
//
// What is computed for a slot, and from which random numbers, is the same as in bank_lane.wgsl, whose head gives the formulas. The largest log-weight of all is one atomicMax per workgroup: exact, in any order.
//
// Needs grid_scan.wgsl to have run for the step before (or grid_start.wgsl).

import package::filter::bindings::{params, weights, particle_count, impossible};
import package::filter::grid_ancestors::{parent_of, parent_near};
import package::filter::grid_bindings::{Between, progress, place_of, slot_of, run, ordered};
import package::filter::grid_systematic::wide_point;
import package::filter::layout_grid::{tile_size, particle_at, component_stride, weight_at};
import package::filter::move::move_particle;
import package::filter::noise::{pair_words, noise_in_pair};
import package::lib::reduce::{width, reduce_max};
import package::lib::site::{at_step, site_transition};
import package::model::{Theta, Noise};
import package::model_access::{observed, load_theta, load_state, store_state};
@if(gradient) import package::model::Tangent;
@if(gradient) import package::model_access::{theta_tangent, load_state_d, store_state_d, load_score, store_score, load_result_score};

var<workgroup> sh_between: Between;
var<workgroup> sh_bracket: array<u32, 2>; // parents of the workgroup's first and last slot

@compute @workgroup_size(width)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let here = place_of(group, groups);
  if (here.place >= params.filters) {
    return;
  }
  if (lane == 0u) {
    sh_between = progress[here.place].between;
  }
  let between = workgroupUniformLoad(&sh_between);
  if (between.died != 0u) {
    return;
  }
  if (lane < 2u && between.resample == 1u) {
    let first = here.tile * tile_size;
    let slot = select(first, min(first + tile_size, particle_count) - 1u, lane == 1u);
    sh_bracket[lane] = parent_of(wide_point(between.points, slot), here.place);
  }
  workgroupBarrier();
  let largest = propagate(params.offset + here.place, here.place, here.tile, lane, between);
  let top = reduce_max(lane, largest);
  if (lane == 0u) {
    atomicMax(&progress[here.place].top, ordered(top));
  }
}

/// What all slots of a step have in common.
struct Stride {
  f: u32,
  place: u32,
  between: Between,
  seen: bool, // is the row of this step observed?
}

/// What passes from one slot of an invocation to its next.
struct Walk {
  parent: u32,
  largest: f32,
  faults: u32,
}

/// Returns the largest log-weight of this invocation's slots.
fn propagate(f: u32, place: u32, tile: u32, lane: u32, between: Between) -> f32 {
  let stride = Stride(f, place, between, observed(between.step));
  let theta = load_theta(f);
  let counter = at_step(site_transition, between.step);
  @if(gradient) let mean_score = load_result_score(f);
  @if(!gradient) let mean_score = 0.0;
  var walk = Walk(sh_bracket[0], impossible, 0u);
  // Slots come in pairs of an even and the next odd one, which share a call of the generator.
  for (var k = 0u; k < tile_size / width; k += 2u) {
    let j = slot_of(tile, lane, k);
    let words = pair_words(between.key, counter, j);
    let leap = select(1u, run * width, k % run == 0u);
    if (j < particle_count) {
      advance(&walk, stride, theta, mean_score, j, leap, noise_in_pair(between.key, counter, j, words));
    }
    if (j + 1u < particle_count) {
      advance(&walk, stride, theta, mean_score, j + 1u, 1u, noise_in_pair(between.key, counter, j + 1u, words));
    }
  }
  if (walk.faults > 0u) {
    atomicAdd(&progress[place].faults, walk.faults);
  }
  return walk.largest;
}

@if(gradient) alias Score = Tangent;
@if(!gradient) alias Score = f32; // of no use

/// Moves the particle of slot j; `leap` guesses how far its parent is from the last one.
fn advance(walk: ptr<function, Walk>, stride: Stride, theta: Theta, mean_score: Score, j: u32, leap: u32, noise: Noise) {
  let between = stride.between;
  var before = 0.0;
  if (between.resample == 1u) {
    (*walk).parent = parent_near(wide_point(between.points, j), (*walk).parent, sh_bracket[1], leap, stride.place);
  } else {
    (*walk).parent = j;
    before = bitcast<f32>(weights[weight_at(j, stride.place)]) - between.largest;
  }
  let old_at = particle_at(between.step - 1u, (*walk).parent, stride.f);
  let new_at = particle_at(between.step, j, stride.f);
  let x = load_state(old_at, component_stride());
  @if(gradient) let x_d = load_state_d(old_at, component_stride());
  @if(gradient) let moved = move_particle(x, x_d, theta, theta_tangent(), noise, between.step, stride.seen);
  @if(!gradient) let moved = move_particle(x, theta, noise, between.step, stride.seen);
  store_state(new_at, component_stride(), moved.state);
  @if(gradient) {
    let keep = select(1.0, params.blend, between.resample == 1u);
    store_state_d(new_at, component_stride(), moved.state_d);
    store_score(new_at, component_stride(), mean_score * (1.0 - keep) + load_score(old_at, component_stride()) * keep + moved.log_weight_d);
  }
  let log_weight = max(before + moved.log_weight, impossible);
  weights[weight_at(j, stride.place)] = bitcast<u32>(log_weight);
  (*walk).largest = max((*walk).largest, log_weight);
  (*walk).faults += moved.faults;
}

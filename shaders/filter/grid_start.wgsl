// Before the first step: draws every particle's initial state, and empties results and progress. One workgroup per tile.

import package::filter::bindings::{params, keys, weights, results, particle_count, result_at, store_result, row_base, row_resampled};
import package::filter::grid_bindings::{Between, progress, place_of, slot_of, ordered};
import package::filter::layout_grid::{tile_size, particle_at, component_stride, weight_at};
import package::filter::noise::noise_of;
import package::lib::reduce::width;
import package::lib::site::{at_step, site_initial};
import package::model::{initial, Theta};
import package::model_access::{load_theta, store_state};
@if(gradient) import package::model::{initial_d, Tangent};
@if(gradient) import package::model_access::{theta_tangent, store_state_d, store_score, store_result_score};

/// With a trace the initial state is weighed, too: step 0.
@if(trace) const first_step = 0u;
@if(!trace) const first_step = 1u;

@compute @workgroup_size(width)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let here = place_of(group, groups);
  if (here.place >= params.filters) {
    return;
  }
  let f = params.offset + here.place;
  let theta = load_theta(f);
  let key = keys[f];
  if (here.tile == 0u && lane == 0u) {
    empty_results(f, here.place, key);
  }
  let counter = at_step(site_initial, 0u);
  for (var k = 0u; k < tile_size / width; k++) {
    let j = slot_of(here.tile, lane, k);
    if (j >= particle_count) {
      continue;
    }
    let noise = noise_of(key, counter, j);
    let at = particle_at(0u, j, f);
    @if(gradient) {
      let x = initial_d(theta, theta_tangent(), noise);
      store_state(at, component_stride(), x.v);
      store_state_d(at, component_stride(), x.d);
      store_score(at, component_stride(), Tangent());
    }
    @if(!gradient) store_state(at, component_stride(), initial(theta, noise));
    weights[weight_at(j, here.place)] = bitcast<u32>(0.0);
  }
}

fn empty_results(f: u32, place: u32, key: vec2<u32>) {
  for (var row = 0u; row <= row_resampled; row++) {
    results[result_at(row, f)] = 0u;
  }
  store_result(row_base, f, log(f32(particle_count)));
  @if(gradient) store_result_score(f, Tangent());
  var between: Between;
  between.key = key;
  between.step = first_step;
  progress[place].between = between;
  atomicStore(&progress[place].faults, 0u);
  atomicStore(&progress[place].top, select(0u, ordered(0.0), first_step == 0u));
}

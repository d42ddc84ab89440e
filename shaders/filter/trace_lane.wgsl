// What one filter of the lane-per-filter shape tells of one step: increment, effective sample size, weighted mean of the state, and a few states drawn by their weights.
//
//   trace  [step 0…T][row][filter]   rows: increment, ESS, S means, then S components of each of `draw_count` draws
//
// The draws are systematic over the fixed-point weights with a key site of their own, so they are a fair sample of the filtering distribution at that step
// (not of paths). Needs `weigh` to have run for this step.

import package::filter::bindings::{params, weights, trace, particle_count, draw_count};
import package::filter::layout_lane::{Place, particle_at, component_stride, weight_at, fixed_at};
import package::lib::systematic::{systematic_points, point};
import package::model::State;
import package::model_access::{state_size, load_state, zero_state, add_scaled_state, store_trace_state};
import package::lib::threefry::threefry;
import package::lib::site::{at_step, site_state_draw};

fn trace_step(f: u32, place: Place, step: u32, increment: f32, normaliser: f32, key: vec2<u32>) {
  let rows = 2u + state_size * (1u + draw_count);
  let at = step * rows * params.stride + f;
  var mean = zero_state();
  var squares = 0.0;
  var total = 0u;
  for (var j = 0u; j < particle_count; j++) {
    let w = exp(max(bitcast<f32>(weights[weight_at(j, place)]) - normaliser, -80.0));
    mean = add_scaled_state(mean, load_state(particle_at(step, j, place), component_stride()), w);
    squares += w * w;
    total += weights[fixed_at(j, place)];
  }
  trace[at] = increment;
  trace[at + params.stride] = 1.0 / squares;
  store_trace_state(at + 2u * params.stride, params.stride, mean);
  let points = systematic_points(total, draw_count, threefry(key, vec2<u32>(at_step(site_state_draw, step), 0u)).x);
  var j = 0u;
  var reached = weights[fixed_at(0u, place)];
  for (var draw = 0u; draw < draw_count; draw++) {
    let wanted = point(points, draw);
    while (reached <= wanted && j < particle_count - 1u) {
      j++;
      reached += weights[fixed_at(j, place)];
    }
    let row = 2u + state_size * (1u + draw);
    store_trace_state(at + row * params.stride, params.stride, load_state(particle_at(step, j, place), component_stride()));
  }
}

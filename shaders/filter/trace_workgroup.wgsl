// What one filter of the workgroup-per-filter shape tells of one step; rows and meaning as in trace_lane.wgsl.
//
// The fixed-point weights may already be a prefix sum (when the filter is about to resample) or not; the first invocation draws by walking them either way.

import package::filter::bindings::{params, weights, trace, particle_count, draw_count};
import package::filter::layout_workgroup::{particle_at, component_stride, weight_at, fixed_at};
import package::lib::systematic::{systematic_points, point};
import package::model::State;
import package::model_access::{state_size, load_state, zero_state, add_scaled_state, store_trace_state};
import package::lib::threefry::threefry;
import package::lib::site::{at_step, site_state_draw};
import package::lib::reduce::{width, reduce_sum};

var<workgroup> sh_state: array<State, width>;

/// `summed`: the fixed-point weights are a prefix sum already.
fn trace_step(f: u32, lane: u32, step: u32, summed: bool, increment: f32, normaliser: f32, key: vec2<u32>) {
  let rows = 2u + state_size * (1u + draw_count);
  let at = step * rows * params.stride + f;
  var mean = zero_state();
  var squares = 0.0;
  for (var j = lane; j < particle_count; j += width) {
    let w = exp(max(bitcast<f32>(weights[weight_at(j, f)]) - normaliser, -80.0));
    mean = add_scaled_state(mean, load_state(particle_at(step, j, f), component_stride()), w);
    squares += w * w;
  }
  sh_state[lane] = mean;
  for (var reach = width / 2u; reach > 0u; reach /= 2u) {
    workgroupBarrier();
    if (lane < reach) {
      sh_state[lane] = add_scaled_state(sh_state[lane], sh_state[lane + reach], 1.0);
    }
  }
  let sum_of_squares = reduce_sum(lane, squares);
  if (lane == 0u) {
    trace[at] = increment;
    trace[at + params.stride] = 1.0 / sum_of_squares;
    store_trace_state(at + 2u * params.stride, params.stride, sh_state[0]);
    draw_states(f, step, at, summed, key);
  }
  workgroupBarrier();
}

fn draw_states(f: u32, step: u32, at: u32, summed: bool, key: vec2<u32>) {
  var total = 0u;
  for (var j = 0u; j < particle_count; j++) {
    total = select(total + weights[fixed_at(j, f)], weights[fixed_at(j, f)], summed);
  }
  let points = systematic_points(total, draw_count, threefry(key, vec2<u32>(at_step(site_state_draw, step), 0u)).x);
  var j = 0u;
  var reached = weights[fixed_at(0u, f)];
  for (var draw = 0u; draw < draw_count; draw++) {
    let wanted = point(points, draw);
    while (reached <= wanted && j < particle_count - 1u) {
      j++;
      reached = select(reached + weights[fixed_at(j, f)], weights[fixed_at(j, f)], summed);
    }
    let row = 2u + state_size * (1u + draw);
    store_trace_state(at + row * params.stride, params.stride, load_state(particle_at(step, j, f), component_stride()));
  }
}

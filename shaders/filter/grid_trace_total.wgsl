// Writes one filter's rows of the trace for the step just done: increment, ESS, mean state, and states drawn by their weights; rows and meaning as in trace_lane.wgsl. One workgroup per filter.
//
// Needs grid_trace.wgsl to have summed the tiles. Each invocation draws some of the states by itself, from the same prefix sums that resampling uses.

import package::filter::bindings::{params, trace, draw_count};
import package::filter::grid_ancestors::parent_of;
import package::filter::grid_bindings::{Between, tiles, progress};
import package::filter::grid_systematic::{wide_points, wide_point};
import package::filter::grid_trace_sum::sum_states;
import package::filter::layout_grid::{tile_count, particle_at, component_stride, tile_at, tile_sum};
import package::lib::reduce::{width, reduce_sum};
import package::lib::site::{at_step, site_state_draw};
import package::lib::threefry::threefry;
import package::model_access::{state_size, load_state, zero_state, add_scaled_state, store_trace_state};

var<workgroup> sh_between: Between;

@compute @workgroup_size(width)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let place = group.y * groups.x + group.x;
  if (place >= params.filters) {
    return;
  }
  if (lane == 0u) {
    sh_between = progress[place].between;
  }
  let between = workgroupUniformLoad(&sh_between);
  if (between.died != 0u) {
    return;
  }
  let f = params.offset + place;
  var mean = zero_state();
  var squares = 0.0;
  for (var tile = lane; tile < tile_count(); tile += width) {
    mean = add_scaled_state(mean, load_state(particle_at(between.step, tile, f), component_stride()), 1.0);
    squares += bitcast<f32>(tiles[tile_at(tile_sum, tile, place)]);
  }
  let total = sum_states(lane, mean);
  let sum_of_squares = reduce_sum(lane, squares);
  let step = between.step - 1u;
  let at = step * (2u + state_size * (1u + draw_count)) * params.stride + f;
  if (lane == 0u) {
    trace[at] = select(between.increment, 0.0, step == 0u);
    trace[at + params.stride] = 1.0 / sum_of_squares;
    store_trace_state(at + 2u * params.stride, params.stride, total);
  }
  let points = wide_points(between.total, draw_count, threefry(between.key, vec2<u32>(at_step(site_state_draw, step), 0u)).x);
  for (var draw = lane; draw < draw_count; draw += width) {
    let particle = parent_of(wide_point(points, draw), place);
    let row = 2u + state_size * (1u + draw);
    store_trace_state(at + row * params.stride, params.stride, load_state(particle_at(step, particle, f), component_stride()));
  }
}

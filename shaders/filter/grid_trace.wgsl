// Part of a tile in what the trace tells of one step: weighted states and squared weights. One workgroup per tile.
//
// Needs grid_scan.wgsl to have ended the step; grid_trace_total.wgsl adds up the parts.

import package::filter::bindings::{params, weights, particle_count};
import package::filter::grid_bindings::{Between, tiles, progress, place_of};
import package::filter::grid_trace_sum::sum_states;
import package::filter::layout_grid::{tile_size, particle_at, component_stride, weight_at, tile_at, tile_sum};
import package::lib::reduce::{width, reduce_sum};
import package::model_access::{load_state, store_state, zero_state, add_scaled_state};

var<workgroup> sh_between: Between;

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
  let f = params.offset + here.place;
  let first = here.tile * tile_size;
  var mean = zero_state();
  var squares = 0.0;
  for (var j = first + lane; j < min(first + tile_size, particle_count); j += width) {
    let w = exp(max(bitcast<f32>(weights[weight_at(j, here.place)]) - between.normaliser, -80.0));
    // The step just done is the one before `between.step`.
    mean = add_scaled_state(mean, load_state(particle_at(between.step - 1u, j, f), component_stride()), w);
    squares += w * w;
  }
  let part = sum_states(lane, mean);
  let part_of_squares = reduce_sum(lane, squares);
  if (lane == 0u) {
    store_state(particle_at(between.step, here.tile, f), component_stride(), part);
    tiles[tile_at(tile_sum, here.tile, here.place)] = bitcast<u32>(part_of_squares);
  }
}

// Part of a tile in the mean score Σ W·score of a filter, in the steps that want it: at the end, and before a resampling that blends with the mean. One workgroup per tile.
//
// Needs grid_scan.wgsl to have ended the step; grid_score_total.wgsl adds up the parts.

import package::filter::bindings::{params, weights, particle_count};
import package::filter::grid_bindings::{Between, progress, place_of};
import package::filter::grid_score_sum::sum_scores;
import package::filter::layout_grid::{tile_size, particle_at, component_stride, weight_at};
import package::lib::reduce::width;
import package::model::Tangent;
import package::model_access::{load_score, store_score};

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
  if (between.died != 0u || between.score == 0u) {
    return;
  }
  let f = params.offset + here.place;
  let first = here.tile * tile_size;
  var score = Tangent();
  for (var j = first + lane; j < min(first + tile_size, particle_count); j += width) {
    let w = exp(max(bitcast<f32>(weights[weight_at(j, here.place)]) - between.normaliser, -80.0));
    score += load_score(particle_at(between.step - 1u, j, f), component_stride()) * w;
  }
  let part = sum_scores(lane, score);
  if (lane == 0u) {
    store_score(particle_at(between.step, here.tile, f), component_stride(), part);
  }
}

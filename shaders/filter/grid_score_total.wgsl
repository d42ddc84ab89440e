// Adds up the tiles' parts of the mean score (grid_score.wgsl). One workgroup per filter.

import package::filter::bindings::params;
import package::filter::grid_bindings::{Between, progress};
import package::filter::grid_score_sum::sum_scores;
import package::filter::layout_grid::{tile_count, particle_at, component_stride};
import package::lib::reduce::width;
import package::model::Tangent;
import package::model_access::{load_score, store_result_score};

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
  if (between.died != 0u || between.score == 0u) {
    return;
  }
  let f = params.offset + place;
  var score = Tangent();
  for (var tile = lane; tile < tile_count(); tile += width) {
    score += load_score(particle_at(between.step, tile, f), component_stride());
  }
  let total = sum_scores(lane, score);
  if (lane == 0u) {
    store_result_score(f, total);
  }
}

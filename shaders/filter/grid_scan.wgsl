// One workgroup per filter: makes the sums of the tiles their exclusive prefix sum, and from all sums the increment of the log-likelihood and the decision to resample.
//
// Ends the step: the other shapes' `weigh`, with the same integers. Needs grid_weigh.wgsl to have run for this step.

import package::filter::bindings::{params, results, particle_count, impossible, result_at, result, store_result};
import package::filter::bindings::{row_log_likelihood, row_block, row_largest, row_base, row_total, row_died, row_faults, row_resampled};
import package::filter::grid_bindings::{Between, tiles, progress, from_ordered};
import package::filter::grid_systematic::{wide_coarse_ess, wide_points};
import package::filter::grid_tally::{Tally, gather_tallies, add_tallies};
import package::filter::layout_grid::{tile_count, tile_prefix_at, tile_at, tile_sum, tile_coarse, tile_squares_low, tile_squares_high};
import package::lib::reduce::width;
import package::lib::site::{at_step, site_resample};
import package::lib::threefry::threefry;
import package::lib::wide::wide_add;

var<workgroup> sh_died: u32;

@compute @workgroup_size(width)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let place = group.y * groups.x + group.x;
  if (place >= params.filters) {
    return;
  }
  if (lane == 0u) {
    sh_died = progress[place].between.died;
  }
  if (workgroupUniformLoad(&sh_died) != 0u) {
    return;
  }
  let share = (tile_count() + width - 1u) / width;
  let first = min(lane * share, tile_count());
  let end = min(first + share, tile_count());
  var own = Tally();
  for (var tile = first; tile < end; tile++) {
    own = add_tallies(own, load_tile(tile, place));
  }
  let gathered = gather_tallies(lane, own);
  var reached = gathered.before;
  for (var tile = first; tile < end; tile++) {
    let at = tile_prefix_at(tile, place);
    let next = wide_add(reached, vec2<u32>(tiles[at], tiles[at + 1u]));
    tiles[at] = reached.x;
    tiles[at + 1u] = reached.y;
    reached = next;
  }
  if (lane == 0u) {
    end_step(params.offset + place, place, gathered.total);
  }
}

fn load_tile(tile: u32, place: u32) -> Tally {
  let at = tile_prefix_at(tile, place);
  return Tally(
    vec2<u32>(tiles[at], tiles[at + 1u]),
    vec2<u32>(tiles[tile_at(tile_coarse, tile, place)], 0u),
    vec2<u32>(tiles[tile_at(tile_squares_low, tile, place)], tiles[tile_at(tile_squares_high, tile, place)]),
    bitcast<f32>(tiles[tile_at(tile_sum, tile, place)]),
  );
}

fn end_step(f: u32, place: u32, total: Tally) {
  var between = progress[place].between;
  let step = between.step;
  between.largest = from_ordered(atomicExchange(&progress[place].top, 0u));
  results[result_at(row_faults, f)] += atomicExchange(&progress[place].faults, 0u);
  if (between.largest <= 0.5 * impossible) {
    progress[place].between.died = step;
    results[result_at(row_died, f)] = step;
    store_result(row_log_likelihood, f, impossible);
    store_result(row_block, f, 0.0);
    return;
  }
  let resample = wide_coarse_ess(total.coarse, total.squares) < params.resample_below * f32(particle_count) && step < params.last;
  between.normaliser = between.largest + log(total.sum);
  between.increment = between.normaliser - result(row_base, f);
  between.total = total.fixed;
  between.resample = u32(resample);
  between.score = u32((resample && params.blend < 1.0) || step == params.last);
  if (resample) {
    between.points = wide_points(total.fixed, particle_count, threefry(between.key, vec2<u32>(at_step(site_resample, step + 1u), 0u)).x);
  }
  between.step = step + 1u;
  progress[place].between = between;
  store_results(f, step, between, total);
}

fn store_results(f: u32, step: u32, between: Between, total: Tally) {
  let resample = between.resample == 1u;
  let block = result(row_block, f) + between.increment;
  let full = step % 32u == 0u || step == params.last;
  let log_likelihood = result(row_log_likelihood, f) + select(0.0, block, full);
  store_result(row_largest, f, between.largest);
  store_result(row_base, f, log(select(total.sum, f32(particle_count), resample)));
  store_result(row_block, f, select(block, 0.0, full));
  // Step 0 is weighed for the trace only: the initial state has seen no data.
  store_result(row_log_likelihood, f, select(log_likelihood, 0.0, step == 0u));
  results[result_at(row_total, f)] = select(0u, select(total.fixed.x, 0xffffffffu, total.fixed.y > 0u), resample);
  results[result_at(row_resampled, f)] += between.resample;
}

// From log-weights to weights relative to the largest, their fixed-point integers, and the prefix sum of these within a tile. One workgroup per tile.
//
// A tile is read and written side by side and turned around in workgroup memory, where each invocation sums a share of its own. A sum of 1024 weights of at most 2³¹ needs 42 bits.
//
// Needs grid_propagate.wgsl to have gathered the largest log-weight of this step.

import package::filter::bindings::{params, weights, particle_count};
import package::filter::grid_bindings::{Between, tiles, progress, place_of, from_ordered};
import package::filter::grid_systematic::{weight_scale, coarse_weight};
import package::filter::grid_tally::{Tally, gather_tallies};
import package::filter::layout_grid::{tile_size, weight_at, local_prefix_at, tile_prefix_at, tile_at, tile_sum, tile_coarse, tile_squares_low, tile_squares_high};
import package::lib::reduce::width;
import package::lib::systematic::fixed_point;
import package::lib::wide::{wide_add, wide_multiply};

/// Largest log-weight of the step, and whether the filter is dead.
var<workgroup> sh_top: vec2<u32>;
var<workgroup> sh_prefix: array<vec2<u32>, padded_size>;
var<workgroup> sh_before: array<vec2<u32>, width>;

/// One entry more in every eight, so that shares of eight begin in different banks.
const padded_size = tile_size + tile_size / 8u;

fn padded(i: u32) -> u32 {
  return i + i / 8u;
}

@compute @workgroup_size(width)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let here = place_of(group, groups);
  if (here.place >= params.filters) {
    return;
  }
  if (lane == 0u) {
    sh_top = vec2<u32>(atomicLoad(&progress[here.place].top), progress[here.place].between.died);
  }
  let top = workgroupUniformLoad(&sh_top);
  if (top.y != 0u) {
    return;
  }
  let first = here.tile * tile_size;
  var own = weigh_particles(here.place, first, lane, from_ordered(top.x));
  workgroupBarrier();
  let share = tile_size / width;
  for (var i = lane * share; i < (lane + 1u) * share; i++) {
    own.fixed = wide_add(own.fixed, sh_prefix[padded(i)]);
    sh_prefix[padded(i)] = own.fixed;
  }
  let gathered = gather_tallies(lane, own);
  sh_before[lane] = gathered.before;
  workgroupBarrier();
  for (var i = lane; i < min(tile_size, particle_count - first); i += width) {
    let prefix = wide_add(sh_before[i / share], sh_prefix[padded(i)]);
    let at = local_prefix_at(first + i, here.place);
    weights[at] = prefix.x;
    weights[at + 1u] = prefix.y;
  }
  if (lane == 0u) {
    store_tile(here.tile, here.place, gathered.total);
  }
}

/// Leaves the fixed-point weights in workgroup memory, 0 beyond the last particle.
fn weigh_particles(place: u32, first: u32, lane: u32, largest: f32) -> Tally {
  let scale = weight_scale(particle_count);
  var own = Tally();
  for (var i = lane; i < tile_size; i += width) {
    var q = 0u;
    if (first + i < particle_count) {
      let w = exp(max(bitcast<f32>(weights[weight_at(first + i, place)]) - largest, -80.0));
      q = fixed_point(w, scale);
      let r = coarse_weight(q, particle_count);
      own.coarse.x += r;
      own.squares = wide_add(own.squares, wide_multiply(r, r));
      own.sum += w;
    }
    sh_prefix[padded(i)] = vec2<u32>(q, 0u);
  }
  return own;
}

fn store_tile(tile: u32, place: u32, total: Tally) {
  let at = tile_prefix_at(tile, place);
  tiles[at] = total.fixed.x;
  tiles[at + 1u] = total.fixed.y;
  tiles[tile_at(tile_sum, tile, place)] = bitcast<u32>(total.sum);
  tiles[tile_at(tile_coarse, tile, place)] = total.coarse.x;
  tiles[tile_at(tile_squares_low, tile, place)] = total.squares.x;
  tiles[tile_at(tile_squares_high, tile, place)] = total.squares.y;
}

// Who is the parent of a slot, in the grid shape: the first particle whose inclusive prefix sum C exceeds the slot's point.
//
// C is never written: it is the sum of all tiles before a particle's tile plus the prefix within the tile. A workgroup's first and last slot bracket the parents of all its slots; inside the bracket an
// invocation goes on from its last parent, in leaps that double, then bisects. Neighbouring slots have neighbouring parents, so the reads fall on the same cache lines.

import package::filter::bindings::{weights, particle_count};
import package::filter::grid_bindings::tiles;
import package::filter::layout_grid::{tile_size, tile_count, tile_prefix_at, local_prefix_at};
import package::lib::wide::{wide_add, wide_less};

fn before_tile(tile: u32, place: u32) -> vec2<u32> {
  let at = tile_prefix_at(tile, place);
  return vec2<u32>(tiles[at], tiles[at + 1u]);
}

/// Is C of this particle greater than the wanted point?
fn exceeds(particle: u32, wanted: vec2<u32>, place: u32) -> bool {
  let at = local_prefix_at(particle, place);
  return wide_less(wanted, wide_add(before_tile(particle / tile_size, place), vec2<u32>(weights[at], weights[at + 1u])));
}

/// The first in low…high whose C exceeds the point; that of `high` does.
fn bisect(wanted: vec2<u32>, low: u32, high: u32, place: u32) -> u32 {
  var first = low;
  var last = high;
  while (first < last) {
    let middle = (first + last) / 2u;
    if (exceeds(middle, wanted, place)) {
      last = middle;
    } else {
      first = middle + 1u;
    }
  }
  return first;
}

/// The same in leaps from `low`, the first of `reach`.
fn parent_near(wanted: vec2<u32>, low: u32, high: u32, reach: u32, place: u32) -> u32 {
  var first = low;
  var leap = reach;
  var last = min(low + leap - 1u, high);
  while (last < high && !exceeds(last, wanted, place)) {
    first = last + 1u;
    leap *= 2u;
    last = min(last + leap, high);
  }
  return bisect(wanted, first, last, place);
}

/// Among all particles: in the last tile that begins at or before the point.
fn parent_of(wanted: vec2<u32>, place: u32) -> u32 {
  var tile = 0u;
  var end = tile_count();
  while (tile + 1u < end) {
    let middle = (tile + end) / 2u;
    if (wide_less(wanted, before_tile(middle, place))) {
      end = middle;
    } else {
      tile = middle;
    }
  }
  return bisect(wanted, tile * tile_size, min((tile + 1u) * tile_size, particle_count) - 1u, place);
}

// What the kernels of the grid shape share beyond bindings.wgsl: one filter of 10⁴ to 10⁷ particles spreads over many workgroups, one for each tile of 1024 particles.
//
// A time step is a few dispatches, in this order, and a dispatch sees all that the one before it wrote; no workgroup ever waits for another:
//
//   grid_propagate    finds parents if the filter resamples, moves every particle, gathers the largest log-weight
//   grid_weigh        weights, their integers, prefix sums and sums by tile
//   grid_scan         one workgroup: prefix of the tiles, increment of the log-likelihood, whether to resample
//   grid_score, grid_score_total     where the mean score is needed
//   grid_trace, grid_trace_total     where the filter is watched
//
// Everything that decides is integers or a maximum, so neither the order of workgroups nor their size has a say: particles, parents and resampling are those of bank_lane.wgsl and
// bank_workgroup.wgsl. Only sums of f32 differ in their rounding: they are trees with wide branches, tile by tile.
//
//   tiles     see layout_grid.wgsl
//   progress  [filter of the wave]   what is known between dispatches. The kernels count the steps themselves, so one recording serves every step.

import package::filter::bindings::{params, particle_count};
import package::filter::grid_systematic::WidePoints;
import package::filter::layout_grid::{tile_size, tile_count};
import package::lib::reduce::width;

struct Between {
  points: WidePoints, // where the parents of the coming step are
  total: vec2<u32>,   // sum of the fixed-point weights of the last step
  key: vec2<u32>,     // of the filter's random numbers
  step: u32,          // the step to do; from grid_scan on the next one
  died: u32,          // the step at which every weight vanished, else 0
  resample: u32,      // 1: before the step to do
  score: u32,         // 1: the mean score is wanted of the step just done
  largest: f32,       // log-weight of the step just done
  normaliser: f32,    // what to subtract from its log-weights to normalise them
  increment: f32,     // of the log-likelihood
}

struct Progress {
  top: atomic<u32>,    // largest log-weight so far in this step, as `ordered` bits
  faults: atomic<u32>, // of this step
  between: Between,
}

@group(0) @binding(9) var<storage, read_write> tiles: array<u32>;
@group(0) @binding(10) var<storage, read_write> progress: array<Progress>;

/// Neighbouring particles that an invocation takes before it leaps over those of its neighbours: 2 for GPUs, whose invocations then read and write side by side and whose pairs share a call
/// of the random generator; all on a software adapter. Even; run·width divides the tile.
override run: u32 = 2u;

/// A workgroup's filter, counted from the wave's first, and its tile.
struct Place {
  place: u32,
  tile: u32,
}

fn place_of(group: vec3<u32>, groups: vec3<u32>) -> Place {
  let index = group.y * groups.x + group.x;
  return Place(index / tile_count(), index % tile_count());
}

/// The k-th particle of an invocation, k < tile_size / width; of the last tile's some are beyond the last particle.
fn slot_of(tile: u32, lane: u32, k: u32) -> u32 {
  return tile * tile_size + (k / run) * run * width + lane * run + k % run;
}

/// Unsigned integers in the order of the floats that they stand for; 0 is below all.
fn ordered(x: f32) -> u32 {
  let bits = bitcast<u32>(x);
  return select(bits | 0x80000000u, ~bits, bits >= 0x80000000u);
}

fn from_ordered(bits: u32) -> f32 {
  return bitcast<f32>(select(~bits, bits & 0x7fffffffu, bits >= 0x80000000u));
}

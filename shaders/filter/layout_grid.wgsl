// Where the particles of the grid shape lie: those of one filter together, as in layout_workgroup.wgsl, and its tiles of `tile_size` particles.
//
//   particles  [filter][half][component][particle]
//   weights    [filter], in it [particle] the bits of the f32 log-weight, then [particle][2] the prefix sum of the fixed-point weights within the particle's tile, low word first
//   tiles      [filter], in it [tile][2] the sum of all tiles before, low word first, then [row][tile], rows below
//
// A tile's partial sums of states and scores lie where the next step will put particle number `tile`: in the half of the particles that is free between two steps.

import package::filter::bindings::{params, particle_count};
import package::model_access::components;

const tile_size = 1024u;

// Rows of `tiles`.
const tile_sum = 2u;          // Σ w, bits of an f32; in the trace Σ w² of normalised weights
const tile_coarse = 3u;       // Σ r of the coarse weights
const tile_squares_low = 4u;  // Σ r², 64 bits
const tile_squares_high = 5u;
const tile_rows = 6u;         // with the two of the prefix

fn tile_count() -> u32 {
  return (particle_count + tile_size - 1u) / tile_size;
}

/// The first component of a particle; the next is `component_stride()` further.
fn particle_at(step: u32, particle: u32, filter_index: u32) -> u32 {
  return ((filter_index - params.offset) * 2u + (step & 1u)) * components * particle_count + particle;
}

fn component_stride() -> u32 {
  return particle_count;
}

/// `place` counts the filters of a wave.
fn weight_at(particle: u32, place: u32) -> u32 {
  return place * 3u * particle_count + particle;
}

fn local_prefix_at(particle: u32, place: u32) -> u32 {
  return (place * 3u + 1u) * particle_count + 2u * particle;
}

fn tile_prefix_at(tile: u32, place: u32) -> u32 {
  return place * tile_rows * tile_count() + 2u * tile;
}

fn tile_at(row: u32, tile: u32, place: u32) -> u32 {
  return (place * tile_rows + row) * tile_count() + tile;
}

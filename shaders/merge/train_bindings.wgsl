// What training reads and writes beside the nets themselves (network/memory.wgsl).
//
//   draws       [row][2d + 1]       of all shards, one after the other: whitened draw, gradient of its log density there, log density
//   shards      [shard]
//   losses      [net]               mean over the updates of a dispatch: of the score, of the energy
//
// Net n is of shard n % params.shards.

struct Training {
  shards: u32,
  first_update: u32,     // from 0
  updates: u32,          // in this dispatch
  total_updates: u32,
  key: vec2<u32>,
  learning_rate: f32,    // at the start; it falls to 0 as a cosine
  most_slope: f32,       // norm of the gradient beyond which it is cut
  energy_weight: f32,    // of the energy's loss; 0 where no log densities are known
  energy_every: u32,     // updates that have the energy's loss, with as many times the weight
}

struct Shard {
  first: u32,            // row
  rows: u32,
  has_gradients: u32,
}

@group(0) @binding(0) var<uniform> params: Training;
@group(0) @binding(5) var<storage, read> draws: array<f32>;
@group(0) @binding(6) var<storage, read> shards: array<Shard>;
@group(0) @binding(7) var<storage, read_write> losses: array<vec2<f32>>;

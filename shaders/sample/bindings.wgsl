// What the kernels of the HMC family read and write. D unconstrained coordinates, C chains; every array is [row][chain], so that neighbouring chains are neighbours in memory.
//
//   params       sizes, the step size and how far chains may go                     host: src/sample/params.ts
//   metric       D standard deviations (diagonal) or the D × D lower Cholesky factor, row by row (dense), of the inverse mass matrix
//   law          lengths of trajectories to draw from                               trajectory.wgsl
//   vectors      [slot][D][chain]   positions, momenta and gradients; slots below
//   chain_words  [word][chain]      struct Chain of chain.wgsl, and its sums of energies
//   draws        [iteration mod capacity][D][chain]   phi
//   draw_stats   [iteration mod capacity][stat][chain]
//
// Momenta are whitened: standard normal whatever the metric, with velocity F·r and force Fᵀ·gradient for F the factor in `metric`. It is the same dynamics as
// momentum N(0, M) with M⁻¹ = F·Fᵀ (Neal 2011, §4.1), and every inner product p·M⁻¹·p is a plain r·r.

import package::model_space::dimension;

struct Params {
  chains: u32,
  ticks: u32,       // leapfrog steps per dispatch
  limit: u32,       // chains stop before this iteration
  capacity: u32,    // of draws and draw_stats, in iterations
  origin: u32,      // the iteration that is recorded first
  thinning: u32,    // of so many iterations, the last is recorded
  most_steps: u32,  // longest trajectory; NUTS: deepest tree
  law_kind: u32,
  law_length: u32,
  shared_length: u32, // 1: one length per iteration for all chains
  learning: u32,    // 1: trajectories go on until they turn
  epsilon: f32,
  key: vec2<u32>,
  coordinates: u32, // D, as a number that compilers do not know: loops over a constant D would be unrolled, which takes LLVM minutes for D = 25
  blocks: u32,      // of rows, for the same reason
  homeward: u32,    // 1: HMC may lose as much energy as it likes; only before anything is learned
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> metric: array<f32>;
@group(0) @binding(2) var<storage, read> law: array<u32>;
@group(0) @binding(3) var<storage, read_write> vectors: array<f32>;
@group(0) @binding(4) var<storage, read_write> chain_words: array<u32>;
@group(0) @binding(5) var<storage, read_write> draws: array<f32>;
@group(0) @binding(6) var<storage, read_write> draw_stats: array<f32>;

// The end of the trajectory that moves.
const position = 0u;
const momentum = 1u;
const gradient = 2u;
// The last draw.
const draw_position = 3u;
const draw_gradient = 4u;
// HMC: where the trajectory's proposal is. NUTS: the proposal of the subtree that grows.
const candidate_position = 5u;
const candidate_gradient = 6u;

const stat_log_density = 0u;
const stat_energy = 1u;
const stat_acceptance = 2u;
const stat_steps = 3u;
const stat_diverging = 4u; // did this transition diverge, or one since the draw kept before?
const stat_extra = 5u;  // HMC: steps until the trajectory turned, 0 if it was not followed so far; NUTS: depth of the tree
const stat_count = 6u;

fn vector_at(slot: u32, d: u32, chain: u32) -> u32 {
  return (slot * dimension + d) * params.chains + chain;
}

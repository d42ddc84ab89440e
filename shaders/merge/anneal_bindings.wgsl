// What annealing reads and writes beside the nets (network/memory.wgsl), whose work rows belong to a group of particles here.
//
//   maps        [shard][d][d + 1]   from the product's coordinates u to a shard's: x = A u + c, row by row, c last
//   levels      [level]             noise time, HMC step, both for one level; times never rise
//   particles   [slot][d][particle / 4]      slots: see below
//   outcomes    [number][particle / 4]       see below
//
// A group is as many particles as a batch of the nets has samples; group g belongs to seed g % params.seeds. Net of shard b and seed k: k·shards + b.

struct Annealing {
  shards: u32,
  seeds: u32,
  first_level: u32,      // from 0
  level_count: u32,      // in this dispatch
  transitions: u32,      // HMC transitions at a level
  leapfrogs: u32,        // steps of a transition
  key: vec2<u32>,
  particle_quads: u32,   // of the whole population
}

struct Level {
  time: f32,
  step: f32,
}

@group(0) @binding(0) var<uniform> params: Annealing;
@group(0) @binding(4) var<storage, read> maps: array<f32>;
@group(0) @binding(5) var<storage, read> levels: array<Level>;
@group(0) @binding(6) var<storage, read_write> particles: array<vec4<f32>>;
@group(0) @binding(7) var<storage, read_write> outcomes: array<vec4<f32>>;

// Slots of `particles`.
const slot_u = 0u;
const slot_force = 1u;        // gradient of the summed energies at u
const slot_momentum = 2u;
const slot_start_u = 3u;      // where the transition started
const slot_start_force = 4u;

// Numbers of `outcomes`.
const outcome_log_weight = 0u;
const outcome_energy = 1u;
const outcome_accepted = 2u;      // transitions
// Of the transition under way:
const outcome_start_energy = 3u;
const outcome_start = 4u;         // log density of position and momentum together
const outcome_moved = 5u;         // 1 or 0

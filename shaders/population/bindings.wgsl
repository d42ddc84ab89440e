// What the kernels of a population of particles read and write. D unconstrained coordinates, P particles; every array is [row][particle], so that neighbouring particles are neighbours in memory.
//
//   params       sizes, the schedule of step sizes                                    host: src/population/params.ts
//   metric       [D]                        diagonal G of the update, the same for all particles
//   states       [slot][D][particle]        slots below
//   draws        [record][D][particle]      phi
//   anchor       [2][T]                     control variates: the parameters they are taken at, and the gradient of the log likelihood of all rows there

import package::model_space::dimension;

struct Params {
  particles: u32,
  steps: u32,         // in this dispatch
  first_step: u32,    // since the population began, which is what random numbers are counted by
  batch: u32,         // rows of a gradient; 0: all of them
  thinning: u32,      // of so many steps, the last is recorded; 0: none
  learning: u32,      // 1: mean squares of the gradient are gathered for a metric
  key: vec2<u32>,
  size: f32,          // ε_t = size · (1 + t / scale)^−decay, t since `schedule_first`
  scale: f32,
  decay: f32,
  friction: f32,      // α of SGHMC
  known_noise: f32,   // β̂ of SGHMC
  schedule_first: u32,
  coordinates: u32,   // D, as a number that compilers do not know: loops over a constant D would be unrolled
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> metric: array<f32>;
@group(0) @binding(2) var<storage, read_write> states: array<f32>;
@group(0) @binding(3) var<storage, read_write> draws: array<f32>;

const position = 0u;
const gradient = 1u;
const velocity = 2u;
const square = 3u;      // running mean of squares of the gradient per row
const slots = 4u;

fn state_at(slot: u32, d: u32, particle: u32) -> u32 {
  return (slot * dimension + d) * params.particles + particle;
}

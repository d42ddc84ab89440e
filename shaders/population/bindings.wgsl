// What the kernels of a population of particles read and write. D unconstrained coordinates, P particles; every array is [row][particle], so that neighbouring particles are neighbours in memory.
//
//   params       sizes, the schedule of step sizes                                    host: src/population/params.ts
//   metric       [D]                        diagonal G of the update, the same for all particles
//   beta         [particle]                 inverse temperature: the likelihood counts to this power, the priors whole
//   states       [slot][D][particle]        slots below
//   tally        [particle]                 proposals that were accepted
//
// Of single kernels:
//   draws        [record][D][moving particle]      phi
//   anchor       [2][T]                     control variates: the parameters they are taken at, and the gradient of the log likelihood of all rows there
//   parts        [3][particle]              log prior, log likelihood, variance of the second's estimate
//   archive      [D][state]                 of other ranks' particles

import package::model_space::dimension;

struct Params {
  particles: u32,
  first: u32,         // of those that this dispatch moves
  moving: u32,        // how many
  steps: u32,         // in this dispatch
  first_step: u32,    // since these particles began, which is what random numbers are counted by
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
  delay: u32,         // τ: a step takes the gradient of τ steps before
  archived: u32,      // states in the archive
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> metric: array<f32>;
@group(0) @binding(2) var<storage, read> beta: array<f32>;
@group(0) @binding(3) var<storage, read_write> states: array<f32>;
@group(0) @binding(4) var<storage, read_write> tally: array<u32>;

const position = 0u;
const velocity = 1u;
const square = 2u;            // running mean of squares of the gradient per row
const proposal = 3u;
const proposal_gradient = 4u;
const gradient = 5u;          // and as many behind it as the delay is long, by turns

fn state_at(slot: u32, d: u32, particle: u32) -> u32 {
  return (slot * dimension + d) * params.particles + particle;
}

/// Where the gradient of this step belongs.
fn gradient_of(step: u32) -> u32 {
  return gradient + step % (params.delay + 1u);
}

// Many steps of Langevin dynamics of many particles in one dispatch: one invocation per particle, each with a minibatch of its own.
//
//   SGLD    φ ← φ + (ε/2) G g + N(0, ε G)                                             (Welling & Teh 2011; with G from RMSprop: Li et al., arXiv 1512.07666, frozen, so that its Γ is 0)
//   SGHMC   v ← (1 − α) v + (ε/2) √G g + N(0, (α − β̂) ε),   φ ← φ + √G v              (Chen, Fox & Guestrin, arXiv 1402.4102, equation 15, in coordinates scaled by √G)
//   MALA    SGLD's step with all rows as a proposal, accepted or not                   (metropolis.wgsl)
//
// g is the gradient of the log density of the whole posterior, the minibatch standing for all rows: the noise belongs to that, and not to a mean loss, with which chains sample a far hotter distribution.

import package::population::bindings::{params, metric, states, state_at, gradient_of, position, gradient, velocity, square};
@if(adjusted) import package::population::metropolis::metropolis_step;
import package::population_target::{estimate, row_count};
import package::model_space::dimension;
import package::lib::threefry::threefry;
import package::lib::normal::normal_from_bits;
import package::lib::site::{at_step, site_momentum};

@group(0) @binding(5) var<storage, read_write> draws: array<f32>;

override lanes: u32 = 64u;

@compute @workgroup_size(lanes)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * lanes + lane;
  if (i >= params.moving) {
    return;
  }
  let c = params.first + i;
  @if(adjusted) var density = estimate(c, params.first_step, position, gradient);
  for (var n = 0u; n < params.steps; n++) {
    let step = params.first_step + n;
    @if(adjusted) density = metropolis_step(c, step, step_size(step), density);
    @if(!adjusted) {
      _ = estimate(c, step, position, gradient_of(step));
      move_particle(c, step);
    }
    learn(c, step);
    let is_kept = params.thinning > 0u && (n + 1u) % max(params.thinning, 1u) == 0u;
    for (var d = select(params.coordinates, 0u, is_kept); d < params.coordinates; d++) {
      draws[(n / max(params.thinning, 1u) * dimension + d) * params.moving + i] = states[state_at(position, d, c)];
    }
  }
}

fn step_size(step: u32) -> f32 {
  return params.size * pow(1.0 + f32(step - params.schedule_first) / params.scale, -params.decay);
}

fn move_particle(c: u32, step: u32) {
  let epsilon = step_size(step);
  let pairs = (params.coordinates + 1u) / 2u;
  for (var pair = 0u; pair < pairs; pair++) {
    let words = threefry(params.key, vec2<u32>(at_step(site_momentum, step), c * pairs + pair));
    for (var k = 0u; k < 2u; k++) {
      let d = 2u * pair + k;
      if (d < params.coordinates) {
        move_coordinate(c, d, step, epsilon, normal_from_bits(select(words.x, words.y, k == 1u)));
      }
    }
  }
}

fn move_coordinate(c: u32, d: u32, step: u32, epsilon: f32, noise: f32) {
  // Of the slots of the delay, the next to be written has the oldest gradient.
  let slope = states[state_at(gradient_of(step + 1u), d, c)];
  let scale = metric[d];
  @if(momentum) {
    let at_velocity = state_at(velocity, d, c);
    let pushed = (1.0 - params.friction) * states[at_velocity] + 0.5 * epsilon * sqrt(scale) * slope + sqrt((params.friction - params.known_noise) * epsilon) * noise;
    states[at_velocity] = pushed;
    states[state_at(position, d, c)] += sqrt(scale) * pushed;
  }
  @if(!momentum) states[state_at(position, d, c)] += 0.5 * epsilon * scale * slope + sqrt(epsilon * scale) * noise;
}

fn learn(c: u32, step: u32) {
  @if(adjusted) let slot = gradient;
  @if(!adjusted) let slot = gradient_of(step);
  for (var d = select(params.coordinates, 0u, params.learning == 1u); d < params.coordinates; d++) {
    let per_row = states[state_at(slot, d, c)] / f32(max(row_count, 1u));
    let at_square = state_at(square, d, c);
    states[at_square] = 0.99 * states[at_square] + 0.01 * per_row * per_row;
  }
}

// One move of differential evolution of every particle: along the difference of two states of an archive, which are those that other ranks' particles had, accepted or not by Metropolis (ter Braak & Vrugt 2008, DE-MC-Z).
//
//   φ' = φ + γ (a − b) + 10⁻⁴ z,   γ = 2.38 / √(2D), and 1 every tenth time, so that modes are jumped between;   accepted with probability π(φ') / π(φ)
//
// The move there and the move back have the same probability because the archive does not know of the particle. All rows are seen.

import package::population::bindings::{params, states, state_at, position, gradient, proposal, proposal_gradient, tally};
import package::population_target::estimate;
import package::lib::threefry::threefry;
import package::lib::normal::normal_from_bits;
import package::lib::uniform::uniform_open;
import package::lib::site::{at_step, site_propose};

@group(0) @binding(5) var<storage, read> archive: array<f32>;

override lanes: u32 = 64u;

@compute @workgroup_size(lanes)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * lanes + lane;
  if (i >= params.moving) {
    return;
  }
  let c = params.first + i;
  let step = params.first_step;
  let draws_of_particle = params.coordinates + 2u;
  let chosen = threefry(params.key, vec2<u32>(at_step(site_propose, step), c * draws_of_particle));
  let rest = threefry(params.key, vec2<u32>(at_step(site_propose, step), c * draws_of_particle + 1u));
  let a = chosen.x % params.archived;
  // Another one than a.
  let b = (a + 1u + chosen.y % (params.archived - 1u)) % params.archived;
  let gamma = select(2.38 / sqrt(2.0 * f32(params.coordinates)), 1.0, rest.y % 10u == 0u);
  for (var d = 0u; d < params.coordinates; d++) {
    let z = normal_from_bits(threefry(params.key, vec2<u32>(at_step(site_propose, step), c * draws_of_particle + 2u + d)).x);
    let apart = archive[d * params.archived + a] - archive[d * params.archived + b];
    states[state_at(proposal, d, c)] = states[state_at(position, d, c)] + gamma * apart + 1e-4 * z;
  }
  let density = estimate(c, step, position, gradient);
  let proposed = estimate(c, step, proposal, proposal_gradient);
  if (log(uniform_open(rest.x)) < proposed - density) {
    for (var d = 0u; d < params.coordinates; d++) {
      states[state_at(position, d, c)] = states[state_at(proposal, d, c)];
    }
    tally[c] += 1u;
  }
}

// A step of MALA (Roberts & Tweedie 1996) of one particle, with the diagonal metric G:
//
//   φ' = φ + (ε/2) G g(φ) + √(ε G) z,   accepted with log probability log π(φ') − log π(φ) + ½|z|² − ½|z'|²,   z' = (φ − φ' − (ε/2) G g(φ')) / √(ε G)
//
// Needs: the gradient at the position in its slot, all rows in every gradient.

import package::population::bindings::{params, metric, states, state_at, position, gradient, proposal, proposal_gradient, tally};
import package::population_target::estimate;
import package::lib::threefry::threefry;
import package::lib::normal::normal_from_bits;
import package::lib::uniform::uniform_open;
import package::lib::site::{at_step, site_momentum, site_accept};

/// @returns the log density at where the particle is then
fn metropolis_step(c: u32, step: u32, epsilon: f32, density: f32) -> f32 {
  let out = propose(c, step, epsilon);
  let proposed = estimate(c, step, proposal, proposal_gradient);
  let back = squares_back(c, epsilon);
  let u = uniform_open(threefry(params.key, vec2<u32>(at_step(site_accept, step), c)).x);
  // A comparison with what is no number is false.
  if (log(u) < proposed - density + 0.5 * (out - back)) {
    for (var d = 0u; d < params.coordinates; d++) {
      states[state_at(position, d, c)] = states[state_at(proposal, d, c)];
      states[state_at(gradient, d, c)] = states[state_at(proposal_gradient, d, c)];
    }
    tally[c] += 1u;
    return proposed;
  }
  return density;
}

/// @returns |z|²
fn propose(c: u32, step: u32, epsilon: f32) -> f32 {
  var squares = 0.0;
  let pairs = (params.coordinates + 1u) / 2u;
  for (var pair = 0u; pair < pairs; pair++) {
    let words = threefry(params.key, vec2<u32>(at_step(site_momentum, step), c * pairs + pair));
    for (var k = 0u; k < 2u; k++) {
      let d = 2u * pair + k;
      if (d < params.coordinates) {
        let z = normal_from_bits(select(words.x, words.y, k == 1u));
        states[state_at(proposal, d, c)] = states[state_at(position, d, c)] + 0.5 * epsilon * metric[d] * states[state_at(gradient, d, c)] + sqrt(epsilon * metric[d]) * z;
        squares += z * z;
      }
    }
  }
  return squares;
}

/// |z'|²
fn squares_back(c: u32, epsilon: f32) -> f32 {
  var squares = 0.0;
  for (var d = 0u; d < params.coordinates; d++) {
    let there = states[state_at(proposal, d, c)] + 0.5 * epsilon * metric[d] * states[state_at(proposal_gradient, d, c)];
    let z = (states[state_at(position, d, c)] - there) / sqrt(epsilon * metric[d]);
    squares += z * z;
  }
  return squares;
}

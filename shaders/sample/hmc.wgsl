// Hamiltonian Monte Carlo with a given law of trajectory lengths (Neal 2011; eHMC, arXiv 1810.04449), one leapfrog step at a time.
//
// A trajectory whose energies spread by more than `divergence`, or that meets a number which is not finite, ends at once as a rejection: recorded, and charged the
// steps that were done. The test looks at largest minus smallest energy along the path, so that it is the same from both ends and the kernel stays reversible.
//
// While learning, a trajectory goes on until it turns back towards its start, and that number of steps is recorded; the proposal is the state after `length` steps
// all the same, so learning is a valid run of HMC.

import package::sample::bindings::{params, position, gradient, draw_position, draw_gradient, candidate_position, candidate_gradient};
import package::sample::chain::{Chain, moving, starting, copy_vector, complete_start, record};
import package::sample::hamiltonian::{impossible_energy, divergence, energy_of, draw_momentum, kick, drift, returns};
import package::sample::trajectory::trajectory_length;
import package::lib::threefry::threefry;
import package::lib::uniform::uniform_open;
import package::lib::site::{at_step, site_accept};

/// Starts the next transition, up to where a gradient is needed.
fn begin(c: u32, chain: ptr<function, Chain>) {
  let n = (*chain).iteration;
  copy_vector(draw_position, position, c);
  copy_vector(draw_gradient, gradient, c);
  draw_momentum(c, n);
  let energy = energy_of((*chain).draw_log_density, c);
  (*chain).start_energy = energy;
  (*chain).lowest_energy = energy;
  (*chain).highest_energy = energy;
  (*chain).steps = 0u;
  (*chain).turned = 0u;
  (*chain).length = trajectory_length(c, n);
  (*chain).phase = moving;
  kick(c, 0.5 * params.epsilon);
  drift(c, params.epsilon);
}

/// Goes on from a new gradient, up to where the next one is needed or the transition ends.
fn complete(c: u32, chain: ptr<function, Chain>, log_density: f32) {
  (*chain).evaluations += 1u;
  if ((*chain).phase == starting) {
    complete_start(c, chain, log_density);
    return;
  }
  (*chain).steps += 1u;
  kick(c, 0.5 * params.epsilon);
  let energy = energy_of(log_density, c);
  (*chain).lowest_energy = min((*chain).lowest_energy, energy);
  (*chain).highest_energy = max((*chain).highest_energy, energy);
  // Far out steps that lose most of a huge energy are the right ones, and NUTS takes them too.
  let lowest = select((*chain).lowest_energy, (*chain).start_energy, params.homeward == 1u);
  let diverging = (*chain).highest_energy - lowest > divergence;
  let steps = (*chain).steps;
  if (steps == (*chain).length) {
    (*chain).candidate_log_density = log_density;
    (*chain).candidate_energy = energy;
    copy_vector(position, candidate_position, c);
    copy_vector(gradient, candidate_gradient, c);
  }
  var arrived = steps >= (*chain).length;
  if (params.learning == 1u) {
    if ((*chain).turned == 0u && !diverging && returns(c)) {
      (*chain).turned = steps;
    }
    arrived = arrived && ((*chain).turned > 0u || steps >= params.most_steps);
  }
  if (!(arrived || diverging)) {
    kick(c, 0.5 * params.epsilon);
    drift(c, params.epsilon);
    return;
  }
  // What happens beyond the proposal, while learning, does not concern it.
  let proposed = select((*chain).candidate_energy, impossible_energy, diverging && steps <= (*chain).length);
  let gain = (*chain).start_energy - proposed;
  let acceptance = exp(clamp(gain, -80.0, 0.0)) * select(1.0, 0.0, proposed == impossible_energy);
  let accept = uniform_open(threefry(params.key, vec2<u32>(at_step(site_accept, (*chain).iteration), c)).x) < acceptance;
  if (accept) {
    copy_vector(candidate_position, draw_position, c);
    copy_vector(candidate_gradient, draw_gradient, c);
    (*chain).draw_log_density = (*chain).candidate_log_density;
  }
  // Not turned by the longest trajectory there may be: that length stands for it.
  let turned = select((*chain).turned, steps, (*chain).turned == 0u && !diverging);
  record(c, chain, select((*chain).start_energy, proposed, accept), acceptance, diverging, select(0u, turned, params.learning == 1u));
}

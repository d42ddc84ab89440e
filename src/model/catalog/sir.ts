/**
 * Stochastic SIR epidemic as a chemical Langevin equation, observed as beds occupied.
 *
 * In a substep of dt days the infections have mean a = beta s i / N dt and the recoveries mean b = gamma i dt; each flow is its mean plus the square root of its
 * mean times a standard normal (Gillespie 2000), and is kept within [0, what is there], so that nobody is created or lost: 0 ≤ s, 0 ≤ i, s + i ≤ N.
 *
 * The standard deviation is written a / sqrt(a + 1e-3). It is 0.05 % below sqrt(a) where one event is expected, and where far fewer than one
 * is expected, where the diffusion means nothing anyway, its derivative stays below 32 instead of growing without limit; at a = 0 both are finite.
 *
 * Observation: negative binomial with mean i and variance i + phi_inverse i². Priors and I_0 = 1 at day 0 are those of the Stan case study of the 1978
 * boarding-school influenza (Grinsztajn et al. 2021), whose deterministic model is `sir-ode`.
 */

import type { StateSpaceSource } from '../types.ts';

export const sir: StateSpaceSource = {
  kind: 'state-space',
  name: 'sir',
  description:
    'Stochastic SIR epidemic (chemical Langevin, 4 substeps a day), negative binomial counts of those in bed',
  parameters: {
    beta: { prior: { normal: [2, 1] }, lower: 0 },
    gamma: { prior: { normal: [0.4, 0.5] }, lower: 0 },
    phi_inverse: { prior: { exponential: 5 } },
  },
  constants: { population: 763 },
  state: ['s', 'i'],
  noise: 8,
  observation: ['in_bed'],
  counts: ['in_bed'],
  wgsl: `
const dt = 0.25;

fn initial(theta: Theta, noise: Noise) -> State {
  return State(population - 1.0, 1.0);
}

// Events in one substep: their mean, noise of about the same variance, never more than there are people for.
fn flow(mean: f32, normal: f32, people: f32) -> f32 {
  return clamp(mean + normal * mean / sqrt(mean + 1e-3), 0.0, people);
}

fn substep(state: State, theta: Theta, infection_normal: f32, recovery_normal: f32) -> State {
  let infected = flow(theta.beta * state.s * state.i / population * dt, infection_normal, state.s);
  let recovered = flow(theta.gamma * state.i * dt, recovery_normal, state.i);
  return State(state.s - infected, state.i + infected - recovered);
}

fn transition(state: State, theta: Theta, noise: Noise, t: f32) -> State {
  let quarter = substep(state, theta, noise[0], noise[1]);
  let half = substep(quarter, theta, noise[2], noise[3]);
  let three_quarters = substep(half, theta, noise[4], noise[5]);
  return substep(three_quarters, theta, noise[6], noise[7]);
}

// Nobody ill and yet somebody in bed is unlikely, not impossible; and an overdispersion below 1e-6 is none.
fn log_observation(observed: Observation, state: State, theta: Theta, t: f32) -> f32 {
  return negative_binomial_log_density(observed.in_bed, max(state.i, 1e-5), 1.0 / max(theta.phi_inverse, 1e-6));
}
`,
};

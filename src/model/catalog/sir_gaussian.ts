/**
 * The SIR epidemic of Hess-MC² (arXiv 2507.07461, section IV): day by day, with additive normal noise of standard deviation 0.5 in both flows, Poisson counts.
 *
 *   S' = S − beta I S / N + e_beta,   I' = I + beta I S / N − gamma I − e_beta + e_gamma,   y ~ Poisson(I)
 *
 * The text prints beta I S; the division by N is in its code, and without it the stated truth beta = 0.6 would infect everybody in a day. Where noise takes a
 * compartment below zero, the published code restarts the epidemic (I < 0 becomes I = 1, S = N − 1), which throws away all that the particle
 * has lived through. Here S and I stop at 0 and S at N; the Poisson rate is at least 1e-5, so that a count above a dead epidemic is unlikely, not impossible.
 */

import type { StateSpaceSource } from '../types.ts';

export const sir_gaussian: StateSpaceSource = {
  kind: 'state-space',
  name: 'sir-gaussian',
  description: 'SIR epidemic with additive normal noise and Poisson counts, as in Hess-MC² (arXiv 2507.07461)',
  parameters: {
    beta: { prior: { uniform: [0, 1] } },
    gamma: { prior: { uniform: [0, 1] } },
  },
  constants: { population: 763, noise_sd: 0.5 },
  state: ['s', 'i'],
  noise: 2,
  observation: ['in_bed'],
  counts: ['in_bed'],
  wgsl: `
fn initial(theta: Theta, noise: Noise) -> State {
  return State(population - 1.0, 1.0);
}

fn transition(state: State, theta: Theta, noise: Noise, t: f32) -> State {
  let infections = theta.beta * state.i * state.s / population - noise_sd * noise[0];
  let recoveries = theta.gamma * state.i - noise_sd * noise[1];
  return State(clamp(state.s - infections, 0.0, population), max(state.i + infections - recoveries, 0.0));
}

fn log_observation(observed: Observation, state: State, theta: Theta, t: f32) -> f32 {
  return poisson_log_density(observed.in_bed, max(state.i, 1e-5));
}
`,
};

/**
 * Stochastic volatility: the log-variance of a return wanders about mu and is never seen.
 *
 *   x_0 ~ N(mu, sigma² / (1 − phi²)),   x_t = mu + phi (x_{t−1} − mu) + sigma v_t,   y_t = exp(x_t / 2) e_t
 *
 * Priors of Dahlin & Schön's tutorial ("Getting started with particle Metropolis-Hastings", J. Stat. Softw. 88, 2019): gamma has shape 2 and rate 10, and phi is kept
 * within (−1, 1), where x is stationary.
 */

import type { StateSpaceSource } from '../types.ts';

export const stochastic_volatility: StateSpaceSource = {
  kind: 'state-space',
  name: 'stochastic-volatility',
  description: 'Stochastic volatility of returns: log-variance is an AR(1) about mu',
  parameters: {
    mu: { prior: { normal: [0, 1] } },
    phi: { prior: { normal: [0.95, 0.05] }, lower: -1, upper: 1 },
    sigma: { prior: { gamma: [2, 10] } },
  },
  state: ['x'],
  noise: 1,
  observation: ['y'],
  wgsl: `
fn initial(theta: Theta, noise: Noise) -> State {
  let scale = sqrt((1.0 - theta.phi) * (1.0 + theta.phi));
  return State(theta.mu + theta.sigma / scale * noise[0]);
}

fn transition(state: State, theta: Theta, noise: Noise, t: f32) -> State {
  return State(theta.mu + theta.phi * (state.x - theta.mu) + theta.sigma * noise[0]);
}

// log N(y; 0, exp(x)), written without the standard deviation, which overflows later than its square.
fn log_observation(observed: Observation, state: State, theta: Theta, t: f32) -> f32 {
  let half_log_two_pi = 0.9189385;
  return -0.5 * (state.x + observed.y * observed.y * exp(min(-state.x, 80.0))) - half_log_two_pi;
}
`,
};

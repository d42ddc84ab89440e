/**
 * Linear-Gaussian state space: the model with an exact answer (Kalman), and so the first thing any filter is tested on.
 *
 *   x_0 ~ N(0, 1),   x_t = mu x_{t−1} + phi v_t,   y_t = x_t + sigma e_t,   v, e ~ N(0, 1)
 *
 * Priors as in Hess-MC² (arXiv 2507.07461, section IV). The guided proposal is the locally optimal one, x_t given x_{t−1} and y_t; its weight is
 * the one-step predictive N(y_t; mu x_{t−1}, phi² + sigma²), which the paper's eq 48 prints with the posterior variance instead.
 */

import type { StateSpaceSource } from '../types.ts';

export const lgssm: StateSpaceSource = {
  kind: 'state-space',
  name: 'lgssm',
  description: 'Linear-Gaussian state space: x = mu x + phi v, y = x + sigma e; exact answers exist',
  parameters: {
    mu: { prior: { uniform: [0, 1] } },
    phi: { prior: { uniform: [0, 2] } },
    sigma: { prior: { uniform: [0, 2] } },
  },
  state: ['x'],
  noise: 1,
  observation: ['y'],
  wgsl: `
fn initial(theta: Theta, noise: Noise) -> State {
  return State(noise[0]);
}

fn transition(state: State, theta: Theta, noise: Noise, t: f32) -> State {
  return State(theta.mu * state.x + theta.phi * noise[0]);
}

fn log_observation(observed: Observation, state: State, theta: Theta, t: f32) -> f32 {
  return normal_log_density(observed.y, state.x, theta.sigma);
}

// Two normals for x meet, N(mu x, phi²) and N(y, sigma²): precisions add, means average with the precisions as weights.
fn guided(state: State, observed: Observation, theta: Theta, noise: Noise, t: f32) -> Guided {
  let forecast = theta.mu * state.x;
  let total_sd = sqrt(theta.phi * theta.phi + theta.sigma * theta.sigma);
  let gain = (theta.phi / total_sd) * (theta.phi / total_sd);
  let sd = theta.phi * (theta.sigma / total_sd);
  let x = forecast + gain * (observed.y - forecast) + sd * noise[0];
  return Guided(State(x), normal_log_density(observed.y, forecast, total_sd));
}
`,
};

/**
 * The deterministic SIR epidemic of the Stan case study (Grinsztajn et al. 2021): s' = −beta s i / N, i' = beta s i / N − gamma i, I_0 = 1 at day 0, beds observed
 * with negative binomial noise. Given theta there is nothing random, so one particle is enough and the likelihood is exact: smc2.md §4.2 has the
 * posterior and the evidence by quadrature.
 *
 * Classical Runge–Kutta, 32 steps a day: within 1e-6 relative of the exact solution for beta up to 2.5 over the whole epidemic, 5e-6 for beta = 4 (test/model/catalog.test.ts),
 * which is about what f32 itself loses.
 */

import type { StateSpaceSource } from '../types.ts';
import { sir } from './sir.ts';

export const sir_ode: StateSpaceSource = {
  kind: 'state-space',
  name: 'sir-ode',
  description: 'Deterministic SIR epidemic (Runge–Kutta), negative binomial counts of those in bed',
  parameters: sir.parameters,
  constants: { population: 763 },
  state: ['s', 'i'],
  noise: 0,
  observation: ['in_bed'],
  counts: ['in_bed'],
  wgsl: `
const substeps = 32;

fn initial(theta: Theta, noise: Noise) -> State {
  return State(population - 1.0, 1.0);
}

// d(s, i) / dt
fn rate(x: vec2<f32>, theta: Theta) -> vec2<f32> {
  let infection = theta.beta * x.x * x.y / population;
  return vec2<f32>(-infection, infection - theta.gamma * x.y);
}

fn transition(state: State, theta: Theta, noise: Noise, t: f32) -> State {
  let dt = 1.0 / f32(substeps);
  var x = vec2<f32>(state.s, state.i);
  for (var k = 0; k < substeps; k++) {
    let a = rate(x, theta);
    let b = rate(x + 0.5 * dt * a, theta);
    let c = rate(x + 0.5 * dt * b, theta);
    let d = rate(x + dt * c, theta);
    x += (dt / 6.0) * (a + 2.0 * b + 2.0 * c + d);
  }
  return State(x.x, x.y);
}

// The solution never reaches 0, but rounding might; and an overdispersion below 1e-6 is none.
fn log_observation(observed: Observation, state: State, theta: Theta, t: f32) -> f32 {
  return negative_binomial_log_density(observed.in_bed, max(state.i, 1e-5), 1.0 / max(theta.phi_inverse, 1e-6));
}
`,
};

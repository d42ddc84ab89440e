/**
 * A model with as many parameters as one likes and nearly the same cost for any number of them: one state that is pulled back by a weight on each of eight basis functions, of which
 * the first D weights are parameters and the others constants. So the cost with D tangents over the cost without any shows what a tangent costs.
 *
 *   x_t = x_{t−1} + Σ_k w_k x_{t−1} / (1 + k x²_{t−1}) + v_t,   y_t = x_t + e_t,   v, e ~ N(0, 1)
 */

import type { StateSpaceModel, StateSpaceSource } from '../../src/model/types.ts';
import { validate_model } from '../../src/model/validate.ts';

export const most_parameters = 8;

/** Every weight's value: the state then comes back to zero by a factor between 0.6 and 1. */
export const weight = -0.05;

const indices = Array.from({ length: most_parameters }, (_, k) => k);

export function many_parameters(dimension: number): StateSpaceModel {
  const weight_at = (k: number) => (k < dimension ? `theta.w${k}` : weight.toFixed(2));
  const pull = indices.map((k) => `${weight_at(k)} * x / (1.0 + ${k}.0 * square)`);
  const source: StateSpaceSource = {
    kind: 'state-space',
    name: `pull-${dimension}`,
    parameters: Object.fromEntries(
      indices.slice(0, dimension).map((k) => [`w${k}`, { prior: { uniform: [-0.2, 0] } }]),
    ),
    state: ['x'],
    noise: 1,
    observation: ['y'],
    wgsl: `
fn initial(theta: Theta, noise: Noise) -> State {
  return State(noise[0]);
}

fn transition(state: State, theta: Theta, noise: Noise, t: f32) -> State {
  let x = state.x;
  let square = x * x;
  return State(x + ${pull.join('\n    + ')} + noise[0]);
}

fn log_observation(observed: Observation, state: State, theta: Theta, t: f32) -> f32 {
  return normal_log_density(observed.y, state.x, 1.0);
}
`,
  };
  return validate_model(source);
}

/**
 * An autoregression with an unknown coefficient, seen through noise: the problem that smcx publishes times for (github.com/michaelellis003/smcx,
 * benchmarks/results/2026-07-15-smc2-device-benchmark.md), with the data of its recipe (NumPy default_rng(0)) rounded to four decimals.
 *
 *   x_1 ~ N(0, 1),   x_t = a x_{t−1} + v_t,   y_t = x_t + e_t,   var v = 0.5,   var e = 0.3,   a ~ U(0.5, 1.3)
 *
 * Exact, by Kalman filter and quadrature: log-evidence −143.5315 for the series as made and −143.5311 for the rounded one; posterior mean 0.90229, sd 0.04520. The first state is the
 * one of the first row, so its transition has no memory. The guided proposal is the locally optimal one, as in lgssm.
 */

import type { StateSpaceModel } from '../../src/model/types.ts';
import { validate_model } from '../../src/model/validate.ts';

export const unknown_ar: StateSpaceModel = validate_model({
  kind: 'state-space',
  name: 'unknown-ar',
  parameters: { a: { prior: { uniform: [0.5, 1.3] } } },
  constants: { state_variance: 0.5, observation_variance: 0.3 },
  state: ['x'],
  noise: 1,
  observation: ['y'],
  wgsl: `
fn initial(theta: Theta, noise: Noise) -> State {
  return State(0.0);
}

fn forecast_mean(state: State, theta: Theta, t: f32) -> f32 {
  return select(theta.a * state.x, 0.0, t == 1.0);
}

fn forecast_variance(t: f32) -> f32 {
  return select(state_variance, 1.0, t == 1.0);
}

fn transition(state: State, theta: Theta, noise: Noise, t: f32) -> State {
  return State(forecast_mean(state, theta, t) + sqrt(forecast_variance(t)) * noise[0]);
}

fn log_observation(observed: Observation, state: State, theta: Theta, t: f32) -> f32 {
  return normal_log_density(observed.y, state.x, sqrt(observation_variance));
}

fn guided(state: State, observed: Observation, theta: Theta, noise: Noise, t: f32) -> Guided {
  let mean = forecast_mean(state, theta, t);
  let variance = forecast_variance(t);
  let total = variance + observation_variance;
  let x = mean + variance / total * (observed.y - mean) + sqrt(variance * observation_variance / total) * noise[0];
  return Guided(State(x), normal_log_density(observed.y, mean, sqrt(total)));
}
`,
});

/** Of the rounded series; `published` is that of the unrounded one, which the published runs are compared with. */
export const exact_log_evidence = { rounded: -143.5311, published: -143.5315 } as const;

export const unknown_ar_data: readonly number[] = [
  0.4011, 0.5618, 0.3806, -0.0907, 0.5474, -0.3833, 0.8177, 2.0972, -0.1487, 0.2922, -0.6868, -0.2423, -1.9574, -1.7684,
  -2.192, -3.2481, -2.156, -2.4668, -1.8249, -0.6831, -0.8485, 0.2766, -0.5961, -1.1067, 0.2722, -0.0434, -0.9648,
  -0.6771, -1.3719, -1.3628, -2.0041, -1.2904, -1.2098, -0.1589, -0.6507, 0.2431, 0.011, -0.143, -1.4369, 1.6018,
  0.1316, 1.2537, 2.0744, 2.4461, 2.3748, 1.5613, 1.5715, 3.6782, 4.1978, 5.6958, 4.6883, 3.5531, 2.6881, 3.0227,
  2.0548, 1.3208, 2.3896, 2.4365, 0.7584, -0.5144, 0.6916, -0.6206, 0.5278, 0.2563, 1.5746, 0.3116, 1.4721, 1.4013,
  3.3444, 1.1423, 1.197, 1.0609, 2.1433, 1.2433, 2.5603, 0.985, -0.3135, 1.6691, -0.0301, 2.2112, 2.1296, 0.9986,
  1.4816, 0.1499, -0.909, 0.1277, 0.0086, 1.9188, 0.7012, 1.3924, 0.2188, 1.5524, 2.331, 1.0144, 0.9595, 2.6325, 0.9705,
  0.7709, -0.2247, -0.6391,
];

/** Models for the tests of SMC²: priors of every transform, a likelihood that says nothing, one with a Gaussian posterior, and the unknown-AR benchmark. */

import type { ParameterSource, StateSpaceModel, StateSpaceSource } from '../../src/model/types.ts';
import { validate_model } from '../../src/model/validate.ts';

/** What every observation adds to the log-likelihood of a model that learns nothing from it. */
export const flat_increment = -0.25;

/** A model whose likelihood does not depend on its parameters. */
export function flat_model(parameters: Record<string, ParameterSource>): StateSpaceModel {
  return validate_model({
    kind: 'state-space',
    name: 'flat',
    parameters,
    state: ['x'],
    noise: 0,
    observation: ['y'],
    wgsl: `
      fn initial(theta: Theta, noise: Noise) -> State { return State(0.0); }
      fn transition(x: State, theta: Theta, noise: Noise, t: f32) -> State { return x; }
      fn log_observation(y: Observation, x: State, theta: Theta, t: f32) -> f32 { return -0.25; }`,
  });
}

/** a ~ U(0, 1), and every observation excludes a < 0.6, at first or only later: `late` is the first step that does. */
export const excluding_model = (late: number): StateSpaceModel =>
  validate_model({
    kind: 'state-space',
    name: 'excluding',
    parameters: { a: { prior: { uniform: [0, 1] } } },
    constants: { late },
    state: ['x'],
    noise: 0,
    observation: ['y'],
    wgsl: `
      fn initial(theta: Theta, noise: Noise) -> State { return State(0.0); }
      fn transition(x: State, theta: Theta, noise: Noise, t: f32) -> State { return x; }
      fn log_observation(y: Observation, x: State, theta: Theta, t: f32) -> f32 {
        if (t >= late && theta.a < 0.6) { return -1e30; }
        return -0.25;
      }`,
  });

const all_priors: Record<string, ParameterSource> = {
  location: { prior: { normal: [0.3, 1.2] } },
  share: { prior: { beta: [2, 3] } },
  scale: { prior: { gamma: [3, 2] } },
  floor: { prior: { normal: [1, 2] }, lower: 0.5 },
  ceiling: { prior: { student_t: [4, 0, 1] }, upper: 2 },
  window: { prior: { uniform: [-1, 3] } },
  spread: { prior: { lognormal: [0, 0.5] } },
};

/** The first D of seven priors that use each transform; D up to 7. */
export const model_of = (dimension: number): StateSpaceModel =>
  flat_model(Object.fromEntries(Object.entries(all_priors).slice(0, dimension)));

const line_source: StateSpaceSource = {
  kind: 'state-space',
  name: 'line',
  parameters: {
    level: { prior: { normal: [0, 2] } },
    slope: { prior: { normal: [0.5, 1] } },
  },
  state: ['x'],
  noise: 0,
  observation: ['y'],
  wgsl: `
    fn initial(theta: Theta, noise: Noise) -> State { return State(0.0); }
    fn transition(x: State, theta: Theta, noise: Noise, t: f32) -> State { return State(x.x + 0.5); }
    fn log_observation(y: Observation, x: State, theta: Theta, t: f32) -> f32 {
      return normal_log_density(y.y, theta.level + theta.slope * x.x, 0.5);
    }`,
};
/** y_t ~ N(level + slope·t/2, ½²), normal priors: the posterior is Gaussian (test/reference/line_posterior.ts). */
export const line = validate_model(line_source);
export const line_data = { y: [1.3, 0.9, 2.4, 2.2, 3.1, 2.6, 4.2, 4.9] };

const unknown_ar_source: StateSpaceSource = {
  kind: 'state-space',
  name: 'unknown-ar',
  parameters: { a: { prior: { uniform: [0.5, 1.3] } } },
  state: ['x'],
  noise: 1,
  observation: ['y'],
  wgsl: `
    fn initial(theta: Theta, noise: Noise) -> State { return State(0.0); }
    fn transition(x: State, theta: Theta, noise: Noise, t: f32) -> State {
      if (t < 1.5) { return State(noise[0]); }
      return State(theta.a * x.x + sqrt(0.5) * noise[0]);
    }
    fn log_observation(y: Observation, x: State, theta: Theta, t: f32) -> f32 {
      return normal_log_density(y.y, x.x, sqrt(0.3));
    }`,
};
/** x_1 ~ N(0, 1), x_t = a x_{t−1} + N(0, 0.5), y_t = x_t + N(0, 0.3), both variances, a ~ U(0.5, 1.3): the benchmark of smcx. */
export const unknown_ar = validate_model(unknown_ar_source);

/** NumPy's default_rng(0), rounded to four decimals (smc2.md, appendix A). */
export const unknown_ar_data = {
  y: [
    0.4011, 0.5618, 0.3806, -0.0907, 0.5474, -0.3833, 0.8177, 2.0972, -0.1487, 0.2922, -0.6868, -0.2423, -1.9574,
    -1.7684, -2.192, -3.2481, -2.156, -2.4668, -1.8249, -0.6831, -0.8485, 0.2766, -0.5961, -1.1067, 0.2722, -0.0434,
    -0.9648, -0.6771, -1.3719, -1.3628, -2.0041, -1.2904, -1.2098, -0.1589, -0.6507, 0.2431, 0.011, -0.143, -1.4369,
    1.6018, 0.1316, 1.2537, 2.0744, 2.4461, 2.3748, 1.5613, 1.5715, 3.6782, 4.1978, 5.6958, 4.6883, 3.5531, 2.6881,
    3.0227, 2.0548, 1.3208, 2.3896, 2.4365, 0.7584, -0.5144, 0.6916, -0.6206, 0.5278, 0.2563, 1.5746, 0.3116, 1.4721,
    1.4013, 3.3444, 1.1423, 1.197, 1.0609, 2.1433, 1.2433, 2.5603, 0.985, -0.3135, 1.6691, -0.0301, 2.2112, 2.1296,
    0.9986, 1.4816, 0.1499, -0.909, 0.1277, 0.0086, 1.9188, 0.7012, 1.3924, 0.2188, 1.5524, 2.331, 1.0144, 0.9595,
    2.6325, 0.9705, 0.7709, -0.2247, -0.6391,
  ],
};

/** Models for the filter tests, each with its functions written twice: in WGSL for the shaders and in TypeScript for the twin. Noise 0, 1, 2, 3; arrays; two columns. */

import { lgssm } from '../../src/model/catalog/lgssm.ts';
import type { StateSpaceModel, StateSpaceSource } from '../../src/model/types.ts';
import { validate_model } from '../../src/model/validate.ts';
import type { TwinModel } from '../reference/particle_filter.ts';

export interface TestModel {
  model: StateSpaceModel;
  twin: TwinModel;
  theta: number[];
}

type Numbers = readonly number[];
const at = (x: Numbers, i: number) => x[i] as number;
const normal_log_density = (y: number, mean: number, sd: number) =>
  -0.5 * ((y - mean) / sd) ** 2 - Math.log(sd) - 0.5 * Math.log(2 * Math.PI);
const prior = { prior: { normal: [0, 1] } } as const;

export const linear: TestModel = {
  model: validate_model(lgssm),
  theta: [0.75, 1, 0.9],
  twin: {
    noise: 1,
    initial: (_, n) => [at(n, 0)],
    transition: (x, theta, n) => [at(theta, 0) * at(x, 0) + at(theta, 1) * at(n, 0)],
    log_observation: (y, x, theta) => normal_log_density(at(y, 0), at(x, 0), at(theta, 2)),
    guided(x, y, theta, n) {
      const [mu = 0, phi = 0, sigma = 0] = theta;
      const variance = 1 / (1 / phi ** 2 + 1 / sigma ** 2);
      const mean = variance * ((mu * at(x, 0)) / phi ** 2 + at(y, 0) / sigma ** 2);
      return {
        x: [mean + Math.sqrt(variance) * at(n, 0)],
        log_weight: normal_log_density(at(y, 0), mu * at(x, 0), Math.hypot(phi, sigma)),
      };
    },
  },
};

const growth_source: StateSpaceSource = {
  kind: 'state-space',
  name: 'growth',
  parameters: { rate: prior },
  state: ['x'],
  noise: 0,
  observation: ['y'],
  wgsl: `
    fn initial(theta: Theta, noise: Noise) -> State { return State(1.0 + theta.rate); }
    fn transition(x: State, theta: Theta, noise: Noise, t: f32) -> State {
      return State(x.x + theta.rate * x.x * (1.0 - 0.5 * x.x) + 0.01 * t);
    }
    fn log_observation(y: Observation, x: State, theta: Theta, t: f32) -> f32 { return normal_log_density(y.y, x.x, 0.5); }`,
};
export const growth: TestModel = {
  model: validate_model(growth_source),
  theta: [0.3],
  twin: {
    noise: 0,
    initial: (theta) => [1 + at(theta, 0)],
    transition: (x, theta, _, t) => [at(x, 0) + at(theta, 0) * at(x, 0) * (1 - 0.5 * at(x, 0)) + 0.01 * t],
    log_observation: (y, x) => normal_log_density(at(y, 0), at(x, 0), 0.5),
  },
};

const trend_source: StateSpaceSource = {
  kind: 'state-space',
  name: 'trend',
  parameters: { level_sd: prior, slope_sd: prior, sd: prior, damping: prior },
  constants: { offset: 0.25 },
  state: ['level', 'slope'],
  noise: 2,
  observation: ['now', 'ahead'],
  wgsl: `
    fn initial(theta: Theta, noise: Noise) -> State { return State(noise[0], 0.1 * noise[1]); }
    fn transition(x: State, theta: Theta, noise: Noise, t: f32) -> State {
      let slope = theta.damping * x.slope + theta.slope_sd * noise[1];
      return State(0.9 * x.level + slope + theta.level_sd * noise[0], slope);
    }
    fn log_observation(y: Observation, x: State, theta: Theta, t: f32) -> f32 {
      return normal_log_density(y.now, x.level, theta.sd) + normal_log_density(y.ahead, x.level + x.slope + offset, theta.sd);
    }`,
};
export const trend: TestModel = {
  model: validate_model(trend_source),
  theta: [0.6, 0.3, 0.8, 0.7],
  twin: {
    noise: 2,
    initial: (_, n) => [at(n, 0), 0.1 * at(n, 1)],
    transition(x, [level_sd = 0, slope_sd = 0, , damping = 0], n) {
      const slope = damping * at(x, 1) + slope_sd * at(n, 1);
      return [0.9 * at(x, 0) + slope + level_sd * at(n, 0), slope];
    },
    log_observation: (y, x, theta) =>
      normal_log_density(at(y, 0), at(x, 0), at(theta, 2)) +
      normal_log_density(at(y, 1), at(x, 0) + at(x, 1) + 0.25, at(theta, 2)),
  },
};

const ring_source: StateSpaceSource = {
  kind: 'state-space',
  name: 'ring',
  parameters: { pull: { ...prior, size: 2 }, sd: prior },
  state: ['age', ['x', 3]],
  noise: 3,
  observation: ['y'],
  wgsl: `
    fn initial(theta: Theta, noise: Noise) -> State { return State(0.0, array<f32, 3>(noise[0], noise[1], noise[2])); }
    fn transition(s: State, theta: Theta, noise: Noise, t: f32) -> State {
      var to = s;
      to.age = 0.5 * s.age + 0.1 * s.x[0];
      for (var i = 0u; i < 3u; i++) {
        to.x[i] = theta.pull[0] * s.x[i] + theta.pull[1] * s.x[(i + 1u) % 3u] + 0.5 * noise[i];
      }
      return to;
    }
    fn log_observation(y: Observation, s: State, theta: Theta, t: f32) -> f32 {
      return normal_log_density(y.y, s.x[0] + 0.5 * s.x[2] + s.age, theta.sd);
    }`,
};
export const ring: TestModel = {
  model: validate_model(ring_source),
  theta: [0.6, -0.3, 0.8],
  twin: {
    noise: 3,
    initial: (_, n) => [0, ...n],
    transition([age = 0, ...x], [pull = 0, next = 0], n) {
      const moved = x.map((value, i) => pull * value + next * at(x, (i + 1) % 3) + 0.5 * at(n, i));
      return [0.5 * age + 0.1 * at(x, 0), ...moved];
    },
    log_observation: (y, x, theta) => normal_log_density(at(y, 0), at(x, 1) + 0.5 * at(x, 3) + at(x, 0), at(theta, 2)),
  },
};

export const test_models = { linear, growth, trend, ring };

/** A random walk with a log-density that is `at_bad` where the observation exceeds `limit`, a parameter. */
export const walk = (at_bad: string) =>
  validate_model({
    kind: 'state-space',
    name: 'walk',
    parameters: { limit: { prior: { normal: [0, 1] } } },
    state: ['x'],
    noise: 1,
    observation: ['y'],
    wgsl: `
      fn initial(theta: Theta, noise: Noise) -> State { return State(noise[0]); }
      fn transition(x: State, theta: Theta, noise: Noise, t: f32) -> State { return State(0.5 * x.x + noise[0]); }
      fn log_observation(y: Observation, x: State, theta: Theta, t: f32) -> f32 {
        let density = normal_log_density(y.y, x.x, 1.0);
        if (y.y > theta.limit) {
          ${at_bad}
        }
        return density;
      }`,
  });

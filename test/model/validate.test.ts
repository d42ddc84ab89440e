// Acceptance: the whole text of each message, since the message is the feature.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalog } from '../../src/model/catalog/index.ts';
import { model_declarations } from '../../src/model/declarations.ts';
import { built_in_model } from '../../src/model/resolve.ts';
import { UserError } from '../../src/model/user_error.ts';
import { validate_model } from '../../src/model/validate.ts';
import { message_of } from './messages.ts';

const wgsl = `
fn initial(theta: Theta, noise: Noise) -> State { return State(noise[0]); }
fn transition(x: State, theta: Theta, noise: Noise, t: f32) -> State { return x; }
fn log_observation(y: Observation, x: State, theta: Theta, t: f32) -> f32 { return -y.seen; }
`;
const good = {
  kind: 'state-space',
  name: 'walk',
  parameters: { beta: { prior: { normal: [2, 1] }, lower: 0 }, weights: { prior: { exponential: 5 }, size: 2 } },
  constants: { population: 763 },
  state: ['x'],
  noise: 1,
  observation: ['seen'],
  counts: ['seen'],
  wgsl,
};
const with_beta = (beta: unknown) => ({ ...good, parameters: { beta } });

describe('a valid model', () => {
  it('is flattened to scalars, with defaults filled in', () => {
    const model = validate_model(good, { path: 'models/walk.mjs', line: 12 });
    expect(model.fields).toEqual([
      { name: 'beta', size: 0, offset: 0, constraint: 'none', unconstrained: { offset: 0, size: 1 } },
      { name: 'weights', size: 2, offset: 1, constraint: 'none', unconstrained: { offset: 1, size: 2 } },
    ]);
    expect(model.dimension).toBe(3);
    expect(model.scalars).toEqual([
      {
        name: 'beta',
        prior: { family: 'normal', arguments: [2, 1], lower: 0, upper: Infinity },
        bounds: { lower: 0, upper: Infinity },
      },
      ...['weights[0]', 'weights[1]'].map((name) => ({
        name,
        prior: { family: 'exponential', arguments: [5], lower: 0, upper: Infinity },
        bounds: { lower: -Infinity, upper: Infinity },
      })),
    ]);
    expect(model).toMatchObject({ description: '', has_guided: false, noise: 1, state_size: 1, counts: ['seen'] });
    expect(model.source).toEqual({ path: 'models/walk.mjs', line: 12 });
    const { counts, constants, ...least } = good;
    expect(validate_model(least)).toMatchObject({ counts: [], constants: {} });
  });

  it.each([
    ['names', ['x', 's'], 2, [0, 0]],
    ['pairs', [['x', 3], 's'], 4, [3, 0]],
    [
      'objects in a list',
      [
        { name: 'x', size: 3 },
        { name: 's', size: 1 },
      ],
      4,
      [3, 1],
    ],
    ['one object, where 1 is a scalar', { x: 3, s: 1 }, 4, [3, 0]],
  ])('may give its state as %s', (_, state, state_size, sizes) => {
    const model = validate_model({ ...good, state });
    const fields = [
      { name: 'x', size: sizes[0], offset: 0 },
      { name: 's', size: sizes[1], offset: Math.max(1, sizes[0] as number) },
    ];
    expect(model).toMatchObject({ state_size, state: fields });
  });

  it.each([
    [{ flat: true }, []],
    [{ flat: [] }, []],
    [{ exponential: 5 }, [5]],
    [{ exponential: [5] }, [5]],
  ])('may give its prior as %j', (prior, values) => {
    expect(validate_model(with_beta({ prior })).scalars[0]?.prior.arguments).toEqual(values);
  });

  it('may be every model of the catalog, under the name it is listed by', () => {
    for (const name of Object.keys(catalog)) expect(built_in_model(name).name).toBe(name);
    expect(built_in_model('lgssm').has_guided).toBe(true);
    expect(built_in_model('sir-ode').noise).toBe(0);
  });

  it('may use an alias of its own for one of our types', () => {
    const aliased = wgsl.replace('noise: Noise) -> State {', 'noise: array<f32, 1>) -> State {');
    expect(validate_model({ ...good, wgsl: aliased })).toMatchObject({ noise: 1 });
  });
});

describe('model_declarations', () => {
  it('declares what the functions use', () => {
    expect(
      model_declarations(validate_model({ ...good, state: [['x', 3], 's'], constants: { n: 763, rate: -1e-7 } })),
    ).toBe(
      `struct Theta {
  beta: f32,
  weights: array<f32, 2>,
}
struct State {
  x: array<f32, 3>,
  s: f32,
}
struct Observation {
  seen: f32,
}
struct Guided {
  state: State,
  log_weight: f32,
}
alias Noise = array<f32, 1>;
const n: f32 = 763.0;
const rate: f32 = (-1e-7);
`,
    );
  });

  it('gives a model without noise one element of it', () => {
    expect(model_declarations(built_in_model('sir-ode'))).toContain('alias Noise = array<f32, 1>;');
  });
});

describe('a refusal says where, what and what to do:', () => {
  const families =
    'There are: normal, lognormal, uniform, gamma, beta, exponential, half_normal, half_cauchy, student_t, dirichlet, flat.';
  const functions = 'a text with the functions initial, transition and log_observation';
  const cases: [unknown, string][] = [
    [42, "m.mjs: a model is an object { kind: 'state-space', … }, got 42."],
    [{ ...good, kind: 'state space' }, `m.mjs: kind must be 'state-space' or 'log-density', got "state space".`],
    [{ ...good, name: 7 }, 'm.mjs: name must be a text on one line, got 7.'],
    [{ ...good, observations: ['y'] }, 'm.mjs: unknown key "observations". Did you mean "observation"?'],
    [
      { ...good, zzz: 1 },
      'm.mjs: unknown key "zzz". There are: kind, name, description, parameters, constants, state, noise, observation, counts, wgsl.',
    ],
    [{ ...good, description: 7 }, 'm.mjs: description must be a text, got 7.'],
    [{ ...good, noise: 1.5 }, 'm.mjs: noise must be a whole number ≥ 0, the standard normals per step, got 1.5.'],
    [{ ...good, noise: -1 }, 'm.mjs: noise must be a whole number ≥ 0, the standard normals per step, got -1.'],
    [{ ...good, wgsl: ' ' }, `m.mjs: wgsl must be ${functions}, got " ".`],
    [{ ...good, wgsl: undefined }, `m.mjs: wgsl must be ${functions}, got nothing.`],

    [
      { ...good, parameters: {} },
      'm.mjs: parameters must be an object such as { beta: { prior: { normal: [0, 1] } } }, got {}.',
    ],
    [with_beta(2), 'm.mjs: parameter beta: write an object such as { prior: { normal: [0, 1] } }, got 2.'],
    [
      with_beta({ prior: { normal: [2, 1] }, low: 0 }),
      'm.mjs: parameter beta: unknown key "low". There are: prior, lower, upper, size.',
    ],
    [
      with_beta({ prior: { normal: [2, 1] }, lowr: 0 }),
      'm.mjs: parameter beta: unknown key "lowr". Did you mean "lower"?',
    ],
    [
      with_beta({ prior: { normal: [2, 1] }, size: 0 }),
      'm.mjs: parameter beta: size must be a whole number ≥ 1, or left out for a scalar, got 0.',
    ],
    [
      with_beta({}),
      'm.mjs: parameter beta: a prior is one family with its arguments, such as { normal: [0, 1] }, got nothing.',
    ],
    [
      with_beta({ prior: { normal: [0, 1], beta: [1, 1] } }),
      'm.mjs: parameter beta: a prior is one family with its arguments, such as { normal: [0, 1] }, got {"normal":[0,1],"beta":[1,1]}.',
    ],
    [
      with_beta({ prior: { nromal: [0, 1] } }),
      `m.mjs: parameter beta: there is no prior "nromal". Did you mean normal? ${families}`,
    ],
    [with_beta({ prior: { cauchy: [0, 1] } }), `m.mjs: parameter beta: there is no prior "cauchy". ${families}`],
    [with_beta({ prior: { normal: [2] } }), 'm.mjs: parameter beta: prior normal takes [mean, sd], got [2].'],
    [with_beta({ prior: { normal: 2 } }), 'm.mjs: parameter beta: prior normal takes [mean, sd], got 2.'],
    [with_beta({ prior: { normal: true } }), 'm.mjs: parameter beta: prior normal takes [mean, sd], got true.'],
    [with_beta({ prior: { normal: ['0', 1] } }), 'm.mjs: parameter beta: prior normal takes [mean, sd], got ["0", 1].'],
    [
      with_beta({ prior: { flat: 1 } }),
      'm.mjs: parameter beta: prior flat takes no arguments; write { flat: true }, got 1.',
    ],
    [with_beta({ prior: { gamma: [2, 0] } }), 'm.mjs: parameter beta: prior gamma: rate must be > 0, got 0.'],
    [
      with_beta({ prior: { normal: [Number.NaN, 1] } }),
      'm.mjs: parameter beta: prior normal: mean must be a finite number that f32 can hold, got NaN.',
    ],
    [
      with_beta({ prior: { uniform: [1, 1] } }),
      'm.mjs: parameter beta: prior uniform: lower must be below upper, got [1, 1].',
    ],
    [
      with_beta({ prior: { normal: [0, 1] }, lower: 2, upper: 1 }),
      'm.mjs: parameter beta: lower must be below upper, got lower 2 and upper 1.',
    ],
    [
      with_beta({ prior: { normal: [0, 1] }, lower: '0' }),
      'm.mjs: parameter beta: lower must be a finite number, or left out for no bound, got "0".',
    ],
    [
      with_beta({ prior: { lognormal: [0, 1] }, lower: -1 }),
      'm.mjs: parameter beta: lower -1 is outside prior lognormal, which begins at 0.',
    ],
    [
      with_beta({ prior: { uniform: [0, 1] }, upper: 2 }),
      'm.mjs: parameter beta: upper 2 is outside prior uniform, which ends at 1.',
    ],
    [
      with_beta({ prior: { normal: [0, 1] }, lower: 50 }),
      'm.mjs: parameter beta: prior normal has no probability between 50 and Infinity. Change the prior or the bounds.',
    ],
    [
      { ...good, parameters: { fn: { prior: { normal: [0, 1] } } } },
      'm.mjs: parameter fn: "fn" is a reserved word of WGSL. Choose another name, such as fn_value.',
    ],
    [
      { ...good, parameters: { 'R 0': { prior: { normal: [0, 1] } } } },
      'm.mjs: parameter R 0: "R 0" is not a WGSL name. Use letters, digits and _, beginning with a letter.',
    ],

    [{ ...good, constants: [1] }, 'm.mjs: constants must be an object such as { population: 763 }, got [1].'],
    [
      { ...good, constants: { population: Infinity } },
      'm.mjs: constant population must be a finite number that f32 can hold, got Infinity.',
    ],
    [
      { ...good, constants: { Theta: 1 } },
      'm.mjs: constant Theta: "Theta" is the name of a generated type. Choose another name.',
    ],
    [
      { ...good, constants: { beta: 1 } },
      'm.mjs: constant beta: there is already a parameter of this name. Rename one of them.',
    ],
    [
      { ...good, constants: { initial: 1 } },
      'm.mjs: constant initial: the WGSL has a function of this name. Rename one of them.',
    ],

    [{ ...good, state: [] }, "m.mjs: state must be a list of names, such as ['s', 'i'] or [['x', 3]], got []."],
    [{ ...good, state: 'x' }, `m.mjs: state must be a list of names, such as ['s', 'i'] or [['x', 3]], got "x".`],
    [{ ...good, state: [7] }, "m.mjs: state: write 'x', ['x', 3] or { name: 'x', size: 3 }, got 7."],
    [{ ...good, state: [['x', 0]] }, 'm.mjs: state x: size must be a whole number ≥ 1, got 0.'],
    [{ ...good, state: { x: 1.5 } }, 'm.mjs: state x: size must be a whole number ≥ 1, got 1.5.'],
    [{ ...good, state: ['beta'] }, 'm.mjs: state beta: there is already a parameter of this name. Rename one of them.'],
    [{ ...good, state: ['x', 'x'] }, 'm.mjs: state x: there is already a state of this name. Rename one of them.'],

    [{ ...good, observation: [] }, "m.mjs: observation must be a list of column names, such as ['y'], got []."],
    [{ ...good, observation: 'seen' }, `m.mjs: observation must be a list of column names, such as ['y'], got "seen".`],
    [
      { ...good, observation: ['x', 'seen'] },
      'm.mjs: observation x: there is already a state of this name. Rename one of them.',
    ],
    [{ ...good, counts: ['sen'] }, 'm.mjs: counts: "sen" is not an observation. There is: seen.'],
    [
      { ...good, constants: { seen: 1 } },
      'm.mjs: constant seen: there is already an observation of this name. Rename one of them.',
    ],

    [
      { ...good, wgsl: wgsl.replace('fn initial', 'fn inital') },
      'm.mjs: the WGSL has no function initial. Add fn initial(theta: Theta, noise: Noise) -> State. There is a function inital; is it meant?',
    ],
    [
      { ...good, wgsl: wgsl.replace('fn log_observation', 'fn weigh') },
      'm.mjs: the WGSL has no function log_observation. Add fn log_observation(y: Observation, x: State, theta: Theta, t: f32) -> f32.',
    ],
    [
      { ...good, wgsl: wgsl.replace('noise: Noise, t: f32', 'noise: Noise') },
      'm.mjs:22: function transition takes (State, Theta, Noise) and returns State. It must be fn transition(x: State, theta: Theta, noise: Noise, t: f32) -> State.',
    ],
    [
      { ...good, wgsl: wgsl.replace('y: Observation, x: State', 'x: State, y: Observation') },
      'm.mjs:23: function log_observation takes (State, Observation, Theta, f32) and returns f32. It must be fn log_observation(y: Observation, x: State, theta: Theta, t: f32) -> f32.',
    ],
    [
      { ...good, wgsl: wgsl.replace(' -> f32', '') },
      'm.mjs:23: function log_observation takes (Observation, State, Theta, f32) and returns nothing. It must be fn log_observation(y: Observation, x: State, theta: Theta, t: f32) -> f32.',
    ],
    [
      { ...good, wgsl: `${wgsl}fn guided(x: State) -> Guided { }` },
      'm.mjs:24: function guided takes (State) and returns Guided. It must be fn guided(x: State, y: Observation, theta: Theta, noise: Noise, t: f32) -> Guided.',
    ],
  ];
  it.each(cases.map(([source, message]) => ({ source, message })))('$message', ({ source, message }) => {
    expect(message_of(() => validate_model(source, { path: 'm.mjs', line: 20 }))).toBe(message);
  });

  it("names the WGSL's line where its place in the file is not known, and the model where there is no file", () => {
    const wrong = { ...good, wgsl: wgsl.replace(' -> f32', '') };
    const advice =
      'function log_observation takes (Observation, State, Theta, f32) and returns nothing. It must be fn log_observation(y: Observation, x: State, theta: Theta, t: f32) -> f32.';
    expect(message_of(() => validate_model(wrong, { path: 'm.mjs' }))).toBe(`m.mjs: WGSL, line 4: ${advice}`);
    expect(message_of(() => validate_model(wrong))).toBe(`model walk: WGSL, line 4: ${advice}`);
  });

  it('puts a syntax error on its line in the file', () => {
    const broken = { ...good, wgsl: wgsl.replace('return x;', 'return (x;') };
    expect(message_of(() => validate_model(broken, { path: 'm.mjs', line: 20 }))).toMatch(/^m\.mjs:22: .+\. .+\.$/);
    expect(message_of(() => validate_model(broken))).toMatch(/^model walk: WGSL, line 3, column \d+: .+\. .+\.$/);
  });

  it('never fails in another way, whatever it is given', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(good)), fc.anything(), (key, value) => {
        try {
          validate_model({ ...good, [key]: value });
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
        }
      }),
      { numRuns: 500, seed: 1 },
    );
  });
});

it('an unknown built-in model is answered with the nearest and the list', () => {
  const list =
    'There are: lgssm, sir, sir-ode, sir-gaussian, stochastic-volatility, eight-schools, banana, funnel.\nA model of your own is given by its path, such as ./model.mjs.';
  expect(message_of(() => built_in_model('lgsm'))).toBe(
    `There is no built-in model "lgsm". Did you mean lgssm? ${list}`,
  );
  expect(message_of(() => built_in_model('constructor'))).toBe(`There is no built-in model "constructor". ${list}`);
});

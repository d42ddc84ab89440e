// Acceptance: the whole text of each message, since the message is the feature; declarations and flattening by equality.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { model_declarations } from '../../src/model/declarations.ts';
import { differentiate_model } from '../../src/model/derivatives.ts';
import { parse_prior } from '../../src/model/prior_text.ts';
import type { LogDensityModel, LogDensitySource } from '../../src/model/types.ts';
import { UserError } from '../../src/model/user_error.ts';
import { validate_model } from '../../src/model/validate.ts';
import { with_prior } from '../../src/model/with_prior.ts';
import { message_of } from './messages.ts';

const wgsl = `
fn log_likelihood(row: Row, theta: Theta) -> f32 {
  return normal_log_density(row.y, theta.beta[0] + theta.beta[1] * row.x[1], theta.sigma);
}
`;
const everything = `
fn log_density(theta: Theta) -> f32 { return -f32(data_length) * theta.sigma; }
`;
const good: LogDensitySource = {
  kind: 'log-density',
  name: 'line',
  parameters: {
    beta: { size: 2, prior: { flat: [] } },
    weights: { size: 3, simplex: true, prior: { dirichlet: [1, 2, 3] } },
    mu: { size: 2, ordered: true, lower: 0, prior: { normal: [0, 2] } },
    sigma: { prior: { half_cauchy: 5 } },
  },
  constants: { n: 763 },
  row: ['y', { name: 'x', size: 2 }],
  wgsl,
};
const with_sigma = (sigma: unknown) => ({ ...good, parameters: { beta: good.parameters.beta, sigma } });

describe('a valid log-density model', () => {
  it('is flattened to constrained scalars, with unconstrained coordinates beside them', () => {
    const model = validate_model(good);
    const none = { lower: -Infinity, upper: Infinity };
    expect(model).toMatchObject({ kind: 'log-density', description: '', entry: 'log_likelihood', dimension: 7 });
    expect(model.fields).toEqual([
      { name: 'beta', size: 2, offset: 0, constraint: 'none', unconstrained: { offset: 0, size: 2 } },
      { name: 'weights', size: 3, offset: 2, constraint: 'simplex', unconstrained: { offset: 2, size: 2 } },
      { name: 'mu', size: 2, offset: 5, constraint: 'ordered', unconstrained: { offset: 4, size: 2 } },
      { name: 'sigma', size: 0, offset: 7, constraint: 'none', unconstrained: { offset: 6, size: 1 } },
    ]);
    expect(model.scalars.map(({ name }) => name)).toEqual([
      'beta[0]',
      'beta[1]',
      'weights[0]',
      'weights[1]',
      'weights[2]',
      'mu[0]',
      'mu[1]',
      'sigma',
    ]);
    expect(model.scalars[3]).toEqual({
      name: 'weights[1]',
      prior: { family: 'dirichlet', arguments: [2, 4], lower: 0, upper: 1 },
      bounds: none,
    });
    expect(model.scalars[6]?.prior).toEqual({ family: 'normal', arguments: [0, 2], lower: 0, upper: Infinity });
  });

  it.each([
    ['names', ['y', 'x'], [0, 0], [['y'], ['x']]],
    ['sizes', [['x', 2], 'y'], [2, 0], [['x[0]', 'x[1]'], ['y']]],
    [
      'columns of other names',
      ['y', { name: 'x', columns: ['age', 'net income'] }],
      [0, 2],
      [['y'], ['age', 'net income']],
    ],
    ['an object, where 1 is a scalar', { y: 1, x: 3 }, [0, 3], [['y'], ['x[0]', 'x[1]', 'x[2]']]],
  ])('may give its row as %s', (_, row, sizes, columns) => {
    const model = validate_model({ ...good, row }) as LogDensityModel;
    expect(model.row.map(({ size }) => size)).toEqual(sizes);
    expect(model.row.map((field) => field.columns)).toEqual(columns);
    expect(model.row[1]?.offset).toBe(columns[0]?.length);
  });

  it('declares its structs, constants and data, whose length is known when there are data', () => {
    expect(model_declarations(validate_model(good), 1000)).toBe(`struct Theta {
  beta: array<f32, 2>,
  weights: array<f32, 3>,
  mu: array<f32, 2>,
  sigma: f32,
}
struct Row {
  y: f32,
  x: array<f32, 2>,
}
@group(0) @binding(10) var<storage, read> data: array<Row, 1000>;
const data_length: u32 = 1000u;
const n: f32 = 763.0;
`);
    expect(model_declarations(validate_model(good))).toContain('data: array<Row>;\nconst data_length: u32 = 64u;');
    const { row, ...rest } = good;
    const without = { ...rest, wgsl: 'fn log_density(theta: Theta) -> f32 { return -theta.sigma; }' };
    expect(model_declarations(validate_model(without))).not.toMatch(/Row|data/);
  });

  it.each(['data_length: u32', 'data: f32'])('without a row may use %s as a name of its own', (parameter) => {
    const { row, ...rest } = good;
    const own = `fn f(${parameter}) -> f32 { return f32(${parameter.split(':')[0]}); }`;
    const text = `// data[0] is not ours\n${own}\nfn log_density(theta: Theta) -> f32 { return f(2); }`;
    expect(validate_model({ ...rest, wgsl: text }).row).toEqual([]);
  });

  it('may have rows with the names of its parameters', () => {
    const model = validate_model({ ...good, row: ['y', 'sigma', ['x', 2]] });
    expect(model.row.map(({ name }) => name)).toEqual(['y', 'sigma', 'x']);
  });

  it.each([
    ['left out', {}],
    ['flat', { prior: { flat: true as const } }],
    ['1 for all', { prior: { dirichlet: 1 } }],
    ['a list', { prior: { dirichlet: [1, 1, 1] } }],
  ])('has a uniform simplex where its prior is %s', (_, prior) => {
    const model = validate_model({ ...good, parameters: { beta: { size: 3, simplex: true, ...prior } } });
    for (const scalar of model.scalars) expect(scalar.prior).toMatchObject({ family: 'dirichlet', arguments: [1, 2] });
  });

  it('takes positive ordered elements from the support of their prior', () => {
    const model = validate_model({
      ...good,
      parameters: { beta: { size: 3, ordered: true, prior: { exponential: 2 } } },
    });
    expect(model.scalars.map(({ prior }) => prior.lower)).toEqual([0, 0, 0]);
  });
});

describe('a refusal says where, what and what to do:', () => {
  const add = 'fn log_likelihood(row: Row, theta: Theta) -> f32, or fn log_density(theta: Theta) -> f32';
  const cases: [unknown, string][] = [
    [
      { ...good, observation: ['y'] },
      'm.mjs: unknown key "observation". There are: kind, name, description, parameters, constants, row, wgsl.',
    ],
    [{ ...good, rows: ['y'] }, 'm.mjs: unknown key "rows". Did you mean "row"?'],
    [{ ...good, description: 7 }, 'm.mjs: description must be a text, got 7.'],
    [{ ...good, wgsl: 7 }, 'm.mjs: wgsl must be a text with the function log_likelihood or log_density, got 7.'],
    [
      { ...good, wgsl: 'fn f() -> f32 { return 1.0; }' },
      `m.mjs: the WGSL has no function log_likelihood or log_density. Add ${add}.`,
    ],
    [
      { ...good, wgsl: wgsl.replace('log_likelihood', 'log_likelyhood') },
      `m.mjs: the WGSL has no function log_likelihood or log_density. Add ${add}. There is a function log_likelyhood; is it meant?`,
    ],
    [
      { ...good, wgsl: wgsl + everything },
      'm.mjs: the WGSL has both log_likelihood and log_density. Keep one of them.',
    ],
    [
      { ...good, wgsl: wgsl.replace('row: Row, theta: Theta', 'theta: Theta, row: Row') },
      'm.mjs:21: function log_likelihood takes (Theta, Row) and returns f32. It must be fn log_likelihood(row: Row, theta: Theta) -> f32.',
    ],
    [
      { ...good, wgsl: everything.replace('theta: Theta', 'row: Row') },
      'm.mjs:21: function log_density takes (Row) and returns f32. It must be fn log_density(theta: Theta) -> f32.',
    ],
    [
      { ...good, row: undefined },
      "m.mjs: log_likelihood is of one row of data, but the model has no row. Add row: ['y'], the columns of the data, or write fn log_density(theta: Theta) -> f32.",
    ],
    [
      { ...good, row: undefined, wgsl: everything },
      "m.mjs: the WGSL reads data, but the model has no row. Add row: ['y'], the columns of the data.",
    ],
    [{ ...good, row: [] }, "m.mjs: row must be a list of names, such as ['y', { name: 'x', size: 24 }], got []."],
    [{ ...good, row: [7] }, "m.mjs: row: write 'x', ['x', 3] or { name: 'x', size: 3 }, got 7."],
    [{ ...good, row: [['x', 0]] }, 'm.mjs: row x: size must be a whole number ≥ 1, got 0.'],
    [{ ...good, row: ['y', 'y'] }, 'm.mjs: column y: there is already a column of this name. Rename one of them.'],
    [{ ...good, row: [{ name: 'x', column: ['a'] }] }, 'm.mjs: row x: unknown key "column". Did you mean "columns"?'],
    [
      { ...good, row: [{ name: 'x', columns: 'age' }] },
      `m.mjs: row x: columns must be a list of column names, such as ['age', 'income'], got "age".`,
    ],
    [
      { ...good, row: [{ name: 'x', columns: ['age', 7] }] },
      `m.mjs: row x: columns must be a list of column names, such as ['age', 'income'], got ["age", 7].`,
    ],
    [
      { ...good, row: [{ name: 'x', size: 3, columns: ['age'] }] },
      'm.mjs: row x: size is 3, but columns names 1. Leave size out.',
    ],
    [
      { ...good, row: ['net income'] },
      'm.mjs: column net income: "net income" is not a WGSL name. Use letters, digits and _, beginning with a letter.',
    ],
    [{ ...good, row: ['data'] }, 'm.mjs: column data: "data" stands for the rows of data. Choose another name.'],
    [
      { ...good, constants: { Row: 1 } },
      'm.mjs: constant Row: "Row" is the name of a generated type. Choose another name.',
    ],
    [
      { ...good, constants: { log_likelihood: 1 } },
      'm.mjs: constant log_likelihood: the WGSL has a function of this name. Rename one of them.',
    ],
    [
      { ...good, parameters: { weight: { prior: { flat: [] } } } },
      'm.mjs: parameter weight: "weight" is a column that every run writes. Choose another name, such as weight_value.',
    ],
    [
      { ...good, parameters: { lp__: { prior: { flat: [] } } } },
      "m.mjs: parameter lp__: columns that end in __ are the sampler's. Choose another name, such as lp.",
    ],

    [
      with_sigma({}),
      'm.mjs: parameter sigma: a prior is one family with its arguments, such as { normal: [0, 1] }, got nothing.',
    ],
    [
      with_sigma({ size: 3, orderd: true, prior: { flat: [] } }),
      'm.mjs: parameter sigma: unknown key "orderd". Did you mean "ordered"?',
    ],
    [
      with_sigma({ size: 3, ordered: 1, prior: { flat: [] } }),
      'm.mjs: parameter sigma: ordered must be true or false, got 1.',
    ],
    [
      with_sigma({ size: 3, ordered: true, simplex: true }),
      'm.mjs: parameter sigma: it cannot be both ordered and a simplex. Leave one out.',
    ],
    [
      with_sigma({ ordered: true, prior: { flat: [] } }),
      'm.mjs: parameter sigma: ordered needs a size of at least 2, such as size: 3, got none.',
    ],
    [
      with_sigma({ size: 1, simplex: true }),
      'm.mjs: parameter sigma: simplex needs a size of at least 2, such as size: 3, got 1.',
    ],
    [
      with_sigma({ size: 3, ordered: true, prior: { normal: [0, 1] }, lower: 1 }),
      'm.mjs: parameter sigma: ordered elements lie in (−∞, ∞), or in (0, ∞) with lower: 0, but this prior is on (1, Infinity). Choose a prior on one of the two.',
    ],
    [
      with_sigma({ size: 3, ordered: true, prior: { uniform: [0, 1] } }),
      'm.mjs: parameter sigma: ordered elements lie in (−∞, ∞), or in (0, ∞) with lower: 0, but this prior is on (0, 1). Choose a prior on one of the two.',
    ],
    [
      with_sigma({ size: 3, simplex: true, lower: 0 }),
      'm.mjs: parameter sigma: a simplex takes no bounds, its elements lie in (0, 1). Leave lower and upper out.',
    ],
    [
      with_sigma({ size: 3, simplex: true, prior: { normal: [0, 1] } }),
      'm.mjs: parameter sigma: a simplex takes prior dirichlet, not normal. Write { dirichlet: 1 }.',
    ],
    [
      with_sigma({ size: 3, simplex: true, prior: { dirichlet: [1, 2] } }),
      'm.mjs: parameter sigma: prior dirichlet has 2 concentrations for 3 elements. Give one for each, or one number for all.',
    ],
    [
      with_sigma({ size: 3, simplex: true, prior: { dirichlet: [] } }),
      'm.mjs: parameter sigma: prior dirichlet takes one concentration for all elements, or a list of one for each, got [].',
    ],
    [
      with_sigma({ size: 3, simplex: true, prior: { dirichlet: true } }),
      'm.mjs: parameter sigma: prior dirichlet takes one concentration for all elements, or a list of one for each, got true.',
    ],
    [
      with_sigma({ size: 3, simplex: true, prior: { dirichlet: [1, 0, 1] } }),
      'm.mjs: parameter sigma: prior dirichlet: concentration must be > 0, got 0.',
    ],
    [
      with_sigma({ prior: { dirichlet: 1 } }),
      'm.mjs: parameter sigma: prior dirichlet is for parameters that sum to one. Add simplex: true with a size of at least 2, or use beta: [a, b].',
    ],
  ];
  it.each(cases.map(([source, message]) => ({ source, message })))('$message', ({ source, message }) => {
    expect(message_of(() => validate_model(source, { path: 'm.mjs', line: 20 }))).toBe(message);
  });

  it.each(['ordered', 'simplex'])('%s is for log densities', (key) => {
    const source = {
      kind: 'state-space',
      name: 'walk',
      parameters: { b: { size: 2, prior: { flat: [] }, [key]: true } },
      state: ['x'],
      noise: 1,
      observation: ['y'],
      wgsl: 'fn initial(theta: Theta, noise: Noise) -> State { return State(noise[0]); }',
    };
    expect(message_of(() => validate_model(source))).toBe(
      `model walk: parameter b: ${key} is for models of kind 'log-density'. Leave it out.`,
    );
  });

  it('never fails in another way, whatever it is given', () => {
    const parameter = fc.constantFrom('size', 'prior', 'lower', 'upper', 'ordered', 'simplex');
    const changes = fc.oneof(
      fc.tuple(fc.constantFrom(...Object.keys(good)), fc.anything()).map(([key, value]) => ({ ...good, [key]: value })),
      fc
        .tuple(parameter, fc.anything())
        .map(([key, value]) => with_sigma({ size: 3, prior: { flat: [] }, [key]: value })),
    );
    fc.assert(
      fc.property(changes, (source) => {
        try {
          validate_model(source);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
        }
      }),
      { numRuns: 500, seed: 1 },
    );
  });
});

describe('with_prior', () => {
  const model = validate_model(good);
  const priors = (changed: LogDensityModel, name: string) =>
    changed.scalars.filter((scalar) => scalar.name.startsWith(name)).map(({ prior }) => prior);

  it('changes one element, or all', () => {
    const one = with_prior(model, 'beta[1]', parse_prior('normal:0,1'));
    expect(priors(one, 'beta').map(({ family }) => family)).toEqual(['flat', 'normal']);
    const all = with_prior(model, 'beta', parse_prior('normal:0,1'));
    expect(priors(all, 'beta').map(({ family }) => family)).toEqual(['normal', 'normal']);
  });

  it('keeps ordered elements positive unless another bound is given', () => {
    expect(priors(with_prior(model, 'mu', parse_prior('normal:3,1')), 'mu')).toEqual([
      { family: 'normal', arguments: [3, 1], lower: 0, upper: Infinity },
      { family: 'normal', arguments: [3, 1], lower: 0, upper: Infinity },
    ]);
    expect(message_of(() => with_prior(model, 'mu', parse_prior('uniform:0,1')))).toBe(
      'prior of mu: ordered elements lie in (−∞, ∞), or in (0, ∞) with lower: 0, but this prior is on (0, 1). Choose a prior on one of the two.',
    );
  });

  it('gives a simplex another Dirichlet', () => {
    const concentrations = (text: string) =>
      priors(with_prior(model, 'weights', parse_prior(text)), 'weights').map((prior) => prior.arguments[0]);
    expect(concentrations('dirichlet:5')).toEqual([5, 5, 5]);
    expect(concentrations('dirichlet:0.5,1,2')).toEqual([0.5, 1, 2]);
    expect(message_of(() => with_prior(model, 'weights', parse_prior('dirichlet:1,2')))).toBe(
      'prior of weights: prior dirichlet has 2 concentrations for 3 elements. Give one for each, or one number for all.',
    );
    expect(message_of(() => with_prior(model, 'weights', parse_prior('normal:0,1')))).toBe(
      'prior of weights: a simplex takes prior dirichlet, not normal. Write { dirichlet: 1 }.',
    );
  });

  it.each(['mu[1]', 'weights[0]'])('refuses %s, which is constrained together with others', (name) => {
    const field = name.slice(0, -3);
    expect(message_of(() => with_prior(model, name, parse_prior('dirichlet:1')))).toBe(
      `prior of ${name}: the elements of ${field} are constrained together. Give the prior of ${field}.`,
    );
  });
});

describe('the derivative of a log density', () => {
  it('is with respect to theta, by rows or of everything', () => {
    expect(differentiate_model(validate_model(good), 8, 10)).toContain(
      'fn log_likelihood_d(row: Row, theta: Theta, theta_d: Theta_d) -> Dual_f32',
    );
    const whole = differentiate_model(validate_model({ ...good, wgsl: everything }), 8, 10);
    expect(whole).toContain('fn log_density_d(theta: Theta, theta_d: Theta_d) -> Dual_f32');
    expect(whole.match(/var<storage, read> data: array<Row, 10>/g)).toHaveLength(1);
  });

  it('refuses a row that the data do not have, once they are known', () => {
    const third = everything.replace('data_length', 'data_length + u32(data[2].y)');
    const model = validate_model({ ...good, wgsl: third }, { path: 'm.mjs', line: 20 });
    expect(differentiate_model(model, 8, 3)).toContain('data[2].y');
    expect(differentiate_model(model, 8)).toContain('data[2].y');
    expect(message_of(() => differentiate_model(model, 8, 2))).toBe(
      'm.mjs:21: index 2 is out of range. Indices here go from 0 to 1.',
    );
  });

  it.each([
    ['struct Theta { a: f32 }', '`Theta` is declared for you'],
    ['const data_length = 3;', '`data_length` is declared for you'],
    ['const n = 3;', '`n` is declared for you'],
  ])('refuses %s, which would be declared twice', (own, what) => {
    const model = validate_model({ ...good, wgsl: `${own}\n${wgsl}` }, { path: 'm.mjs', line: 20 });
    expect(message_of(() => differentiate_model(model, 8))).toBe(
      `m.mjs:20: ${what}. Remove this one, or choose another name.`,
    );
  });
});

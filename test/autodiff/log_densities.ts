/** Log densities as models write them, small enough for 16 tangents, for the tests of reverse mode. */

import type { Case } from './harness.ts';

/** Numbers between -1 and 1 without a pattern. */
const spread = (count: number, from: number) =>
  Array.from({ length: count }, (_, i) => Math.sin(7.3 * (i + from) ** 1.5));

const data_of = (fields: string, rows: number) =>
  `struct Row { ${fields} }\n@group(0) @binding(10) var<storage, read> data: array<Row>;\nconst data_length: u32 = ${rows}u;\n`;

const rows = (count: number, columns: number) =>
  Array.from({ length: count }, (_, i) => ({ y: i % 2, x: spread(columns, columns * i + 1) }));

const logistic_row = `
  var eta = theta.beta[0];
  for (var j = 0u; j < 4u; j++) { eta += row.x[j] * theta.beta[j + 1u]; }
  return row.y * eta - log1p(exp(eta));
}`;

export const log_densities: Record<string, Case> = {
  'a row of a logistic regression': {
    source: `fn log_likelihood(row: Row, theta: Theta) -> f32 {${logistic_row}`,
    declarations: 'struct Theta { beta: array<f32, 5> }\nstruct Row { y: f32, x: array<f32, 4> }',
    entry: 'log_likelihood',
    active: [false, true],
    inputs: [{ y: 1, x: spread(4, 1) }, { beta: spread(5, 9) }],
  },
  'a logistic regression with a helper per row': {
    source: `fn one(row: Row, theta: Theta) -> f32 {${logistic_row}
fn log_density(theta: Theta) -> f32 {
  if (theta.scale <= 0.0) { return -1e30; }
  var lp = normal_log_density(theta.beta[0], 0.0, theta.scale);
  for (var i = 0u; i < data_length; i++) { lp += one(data[i], theta); }
  return lp - theta.scale;
}`,
    declarations: `struct Theta { beta: array<f32, 5>, scale: f32 }\n${data_of('y: f32, x: array<f32, 4>', 7)}`,
    entry: 'log_density',
    active: [true],
    inputs: [{ beta: spread(5, 9), scale: 1.4 }],
    variables: { data: rows(7, 4) },
  },
  'stochastic volatility, centred': {
    source: `fn log_density(theta: Theta) -> f32 {
  var lp = normal_log_density(theta.h[0], theta.mu, theta.sigma / sqrt(1.0 - theta.phi * theta.phi));
  for (var t = 0u; t < data_length; t++) {
    if (t > 0u) { lp += normal_log_density(theta.h[t], theta.mu + theta.phi * (theta.h[t - 1u] - theta.mu), theta.sigma); }
    lp += normal_log_density(data[t].y, 0.0, exp(0.5 * theta.h[t]));
  }
  return lp;
}`,
    declarations: `struct Theta { h: array<f32, 9>, mu: f32, phi: f32, sigma: f32 }\n${data_of('y: f32', 9)}`,
    entry: 'log_density',
    active: [true],
    inputs: [{ h: spread(9, 3), mu: -0.3, phi: 0.8, sigma: 0.4 }],
    variables: { data: spread(9, 5).map((y) => ({ y })) },
  },
  'stochastic volatility, not centred': {
    source: `fn log_density(theta: Theta) -> f32 {
  var lp = 0.0;
  var h = theta.mu;
  for (var t = 0u; t < data_length; t++) {
    h = theta.mu + theta.phi * (h - theta.mu) + theta.sigma * theta.z[t];
    lp += normal_log_density(data[t].y, 0.0, exp(0.5 * h)) + normal_log_density(theta.z[t], 0.0, 1.0);
  }
  return lp;
}`,
    declarations: `struct Theta { z: array<f32, 9>, mu: f32, phi: f32, sigma: f32 }\n${data_of('y: f32', 9)}`,
    entry: 'log_density',
    active: [true],
    inputs: [{ z: spread(9, 3), mu: -0.3, phi: 0.8, sigma: 0.4 }],
    variables: { data: spread(9, 5).map((y) => ({ y })) },
  },
  'a mixture with a sum of exponentials per row': {
    source: `fn log_likelihood(row: Row, theta: Theta) -> f32 {
  var top = -1e30;
  var terms: array<f32, 3>;
  for (var k = 0; k < 3; k++) {
    terms[k] = log(theta.weight[k]) + normal_log_density(row.y, theta.mean[k], theta.sd);
    top = max(top, terms[k]);
  }
  var sum = 0.0;
  for (var k = 0; k < 3; k++) { sum += exp(terms[k] - top); }
  return top + log(sum);
}`,
    declarations: 'struct Theta { weight: array<f32, 3>, mean: array<f32, 3>, sd: f32 }\nstruct Row { y: f32 }',
    entry: 'log_likelihood',
    active: [false, true],
    inputs: [{ y: 0.4 }, { weight: [0.2, 0.5, 0.3], mean: [-1, 0.3, 1.2], sd: 0.7 }],
  },
  'an autoregression with an array of residuals': {
    source: `fn log_density(theta: Theta) -> f32 {
  var e: array<f32, 8>;
  var lp = 0.0;
  for (var t = 0u; t < 8u; t++) {
    var mean = 0.0;
    for (var k = 1u; k <= min(t, 2u); k++) { mean += theta.a[k - 1u] * data[t - k].y + theta.b[k - 1u] * e[t - k]; }
    e[t] = data[t].y - mean;
    lp += normal_log_density(e[t], 0.0, theta.sd);
  }
  return lp;
}`,
    declarations: `struct Theta { a: array<f32, 2>, b: array<f32, 2>, sd: f32 }\n${data_of('y: f32', 8)}`,
    entry: 'log_density',
    active: [true],
    inputs: [{ a: [0.4, -0.2], b: [0.3, 0.1], sd: 0.6 }],
    variables: { data: spread(8, 5).map((y) => ({ y })) },
  },
};

/** A Gaussian process on `size` points: its covariance factorised by Cholesky in a local array, row by row. */
export function gaussian_process(size: number): Case {
  return {
    source: `fn kernel(i: u32, j: u32, theta: Theta) -> f32 {
  let d = (f32(i) - f32(j)) / theta.rho;
  return theta.alpha * theta.alpha * exp(-0.5 * d * d);
}
fn log_density(theta: Theta) -> f32 {
  var l: array<f32, ${size * size}>;
  for (var i = 0u; i < ${size}u; i++) {
    for (var j = 0u; j <= i; j++) {
      var s = kernel(i, j, theta);
      if (i == j) { s += theta.sigma * theta.sigma; }
      for (var k = 0u; k < j; k++) { s -= l[i * ${size}u + k] * l[j * ${size}u + k]; }
      if (i == j) { l[i * ${size}u + j] = sqrt(s); } else { l[i * ${size}u + j] = s / l[j * ${size}u + j]; }
    }
  }
  var z: array<f32, ${size}>;
  var lp = 0.0;
  for (var i = 0u; i < ${size}u; i++) {
    var s = data[i].y;
    for (var k = 0u; k < i; k++) { s -= l[i * ${size}u + k] * z[k]; }
    z[i] = s / l[i * ${size}u + i];
    lp -= 0.5 * z[i] * z[i] + log(l[i * ${size}u + i]);
  }
  return lp;
}`,
    declarations: `struct Theta { alpha: f32, rho: f32, sigma: f32 }\n${data_of('y: f32', size)}`,
    entry: 'log_density',
    active: [true],
    inputs: [{ alpha: 1.3, rho: 2.1, sigma: 0.5 }],
    variables: { data: spread(size, 5).map((y) => ({ y })) },
  };
}

/**
 * Robust regression as arXiv 2406.11664 has it, with the likelihood summed over all rows (the authors' script takes one row of every shard): t errors with 5 degrees of freedom, N(0, 100) of every coefficient, chi-square of one degree of
 * freedom of sigma / 10.
 *
 * Rows: simulated, with the size of the power plant's data (UCI 294) and the coefficients and scale of its posterior; four standardised attributes, correlated about as temperature, vacuum, pressure and humidity are.
 */

import { lower_factor, times_vector } from '../../src/diagnostics/linear_algebra.ts';
import { points_between } from '../../src/diagnostics/points.ts';
import { unconstrained_space } from '../../src/merge/shards/space.ts';
import type { LogDensityModel } from '../../src/model/types.ts';
import { validate_model } from '../../src/model/validate.ts';
import { normals_at } from '../../src/random/normals.ts';
import { site, type Words } from '../../src/random/threefry.ts';
import { sample_rows, sample_shards } from './sample_shard.ts';
import type { MakeTask } from './task.ts';

export const regression_model: LogDensityModel = validate_model({
  kind: 'log-density',
  name: 'robust-regression',
  parameters: {
    beta: { size: 5, prior: { normal: [0, 10] } },
    // sigma / 10 ~ gamma(1/2, 1/2).
    sigma: { prior: { gamma: [0.5, 0.05] } },
  },
  row: ['y', { name: 'x', size: 4 }],
  // Without the normaliser of the t distribution.
  wgsl: `
fn log_likelihood(row: Row, theta: Theta) -> f32 {
  var mean = theta.beta[0];
  for (var i = 0u; i < 4u; i++) {
    mean += theta.beta[i + 1u] * row.x[i];
  }
  let z = (row.y - mean) / theta.sigma;
  return -3.0 * log1p(z * z / 5.0) - log(theta.sigma);
}
`,
});

const key: Words = [9568, 294];
const coefficients = [454.313, -15.03, -2.914, 0.299, -2.276];
const scale = 3.841;
/** Temperature, vacuum, pressure, humidity. */
const correlations = [
  [1, 0.84, -0.51, -0.54],
  [0.84, 1, -0.41, -0.31],
  [-0.51, -0.41, 1, 0.1],
  [-0.54, -0.31, 0.1, 1],
];

/** [row][y, four attributes], standardised by their own mean and sd. */
export function regression_rows(count = 9568): number[][] {
  const factor = lower_factor(Float64Array.from(correlations.flat()), 4);
  const noise = normals_at(key, site.initial, 0, 4 * count);
  const raw = Array.from({ length: count }, (_, i) => times_vector(factor, noise.subarray(4 * i, 4 * i + 4)));
  const columns = [0, 1, 2, 3].map((k) => {
    const mean = raw.reduce((sum, x) => sum + (x[k] as number) / count, 0);
    const sd = Math.sqrt(raw.reduce((sum, x) => sum + ((x[k] as number) - mean) ** 2 / count, 0));
    return raw.map((x) => ((x[k] as number) - mean) / sd);
  });
  // A t variable: a normal over the root of the mean of five squares.
  const errors = normals_at(key, site.observation, 0, 6 * count);
  return Array.from({ length: count }, (_, i) => {
    const x = columns.map((column) => column[i] as number);
    const squares = errors.subarray(6 * i + 1, 6 * i + 6).reduce((sum, z) => sum + (z * z) / 5, 0);
    const mean = x.reduce((sum, v, k) => sum + v * (coefficients[k + 1] as number), coefficients[0] as number);
    return [mean + (scale * (errors[6 * i] as number)) / Math.sqrt(squares), ...x];
  });
}

/** At 8 shards the merge is to be right, at 64 better than the mean of draws. */
export const regression =
  (shards: number): MakeTask =>
  async ({ device, say }, sizes) => {
    const rows = regression_rows();
    // The mean of y, no slope, and log of its sd, which is far from where chains start by themselves.
    const around = [454, 0, 0, 0, 0, Math.log(17)];
    // What is wanted is less than the chance of 10 000 draws of six parameters, √(6 / 10 000).
    const draws = 4 * sizes.draws;
    const work = { model: regression_model, rows, power: 1, draws, seed: 1, around };
    const { points } = await sample_rows(device, work, sizes);
    say('the full posterior is sampled');
    const set = {
      names: regression_model.scalars.map(({ name }) => name),
      shards: await sample_shards(device, { model: regression_model, rows, around }, shards, sizes, say),
    };
    return {
      name: `robust regression, ${shards} shards`,
      space: unconstrained_space(set, regression_model, true),
      exact: points_between(points, 0, draws),
      truth: 'draws of all rows by NUTS',
      wanted: [{ distance: 'd_mah', at_most: shards <= 8 ? 0.02 : 'consensus' }],
      ...(shards > 8 ? { on_software: { updates: 5000, networks: 1, draws: 9984 } } : {}),
    };
  };

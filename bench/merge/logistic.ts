/** The logistic regression of arXiv 2406.11664 with 100 coefficients: 1000 rows, x ~ N(0, I), intercept −5, other coefficients N(0, 1), 4 shards, prior N(0, 0.2) of every coefficient. */

import { points_between } from '../../src/diagnostics/points.ts';
import type { Device } from '../../src/gpu/device.ts';
import type { ShardOracle } from '../../src/merge/rounds/oracle.ts';
import { plain_space } from '../../src/merge/shards/space.ts';
import type { LogDensityModel } from '../../src/model/types.ts';
import { validate_model } from '../../src/model/validate.ts';
import { normals_at } from '../../src/random/normals.ts';
import { site, uniform_at, type Words } from '../../src/random/threefry.ts';
import { evaluate_densities } from '../../src/sample/evaluate.ts';
import { sample_rows, sample_shards } from './sample_shard.ts';
import type { MakeTask } from './task.ts';

const coefficients = 100;
const parts = 4;

const logistic_model: LogDensityModel = validate_model({
  kind: 'log-density',
  name: 'logistic-100',
  parameters: { beta: { size: coefficients, prior: { normal: [0, Math.sqrt(0.2)] } } },
  row: ['y', { name: 'x', size: coefficients - 1 }],
  wgsl: `
fn log_likelihood(row: Row, theta: Theta) -> f32 {
  var score = theta.beta[0];
  for (var i = 0u; i < ${coefficients - 1}u; i++) {
    score += theta.beta[i + 1u] * row.x[i];
  }
  return -log_add_exp(0.0, select(score, -score, row.y > 0.5));
}
`,
});

const key: Words = [1000, 100];

function logistic_rows(count = 1000): number[][] {
  const beta = normals_at(key, site.prior, 0, coefficients - 1);
  const noise = normals_at(key, site.initial, 0, count * (coefficients - 1));
  return Array.from({ length: count }, (_, i) => {
    const x = Array.from(noise.subarray(i * (coefficients - 1), (i + 1) * (coefficients - 1)));
    const score = x.reduce((sum, v, k) => sum + v * (beta[k] as number), -5);
    return [Number(uniform_at(key, site.observation, 0, i) < 1 / (1 + Math.exp(-score))), ...x];
  });
}

/** The same parts of the rows as sample_shards deals out. */
const asked_shards = (device: Device, rows: readonly (readonly number[])[]): ShardOracle[] =>
  Array.from({ length: parts }, (_, b) => {
    const own = rows.filter((_, i) => i % parts === b);
    const data = { rows: { count: own.length, values: Float32Array.from(own.flat()) } };
    return (points) => evaluate_densities(device, logistic_model, data, points, { prior_power: 1 / parts });
  });

export const logistic: MakeTask = async ({ device, say }, sizes) => {
  const rows = logistic_rows();
  // 10 000 draws of 100 parameters are 0.1 from their mean by chance alone.
  const draws = 4 * sizes.draws;
  const work = { model: logistic_model, rows, power: 1, draws, seed: 1 };
  const { points } = await sample_rows(device, work, sizes);
  say('the full posterior is sampled');
  const names = logistic_model.scalars.map(({ name }) => name);
  const shards = await sample_shards(device, { model: logistic_model, rows }, parts, sizes, say);
  return {
    name: 'logistic regression of 100 coefficients, 4 shards',
    space: plain_space({ names, shards }),
    exact: points_between(points, 0, draws),
    truth: 'draws of all rows by NUTS',
    must_warn: true,
    in_rounds: {
      oracles: asked_shards(device, rows),
      rounds: 4,
      wanted: [
        { distance: 'd_mah', at_most: 0.1 },
        { distance: 'd_iad', at_most: 0.02 },
      ],
    },
    on_software: { updates: 60_000, networks: 1, draws: 9984 },
    // What one merge at width 128 was found to give elsewhere (diffusion-merge.md §2.4).
    wanted: [
      { distance: 'd_mah', at_most: 2.493 },
      { distance: 'd_iad', at_most: 0.125 },
    ],
  };
};

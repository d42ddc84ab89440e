/**
 * The toy logistic regression of arXiv 2406.11664 with rows of our own: intercept and slope −3, x = 0.5 + N(0, 1), 990 rows in 15 shards of 66, prior N(0, 5) of both. Of the authors' own there are draws, but no rows.
 *
 * Two parameters make everything exact: shards are drawn from grids of their densities, and merges are judged by a grid of the full posterior.
 */

import type { Points } from '../../src/diagnostics/points.ts';
import type { Shard } from '../../src/merge/shards/shard.ts';
import { plain_space } from '../../src/merge/shards/space.ts';
import type { LogDensityModel } from '../../src/model/types.ts';
import { validate_model } from '../../src/model/validate.ts';
import { normals_at } from '../../src/random/normals.ts';
import { site, uniform_at, type Words } from '../../src/random/threefry.ts';
import { axis, grid_moments, type PlaneGrid, plane_draws, plane_grid } from './plane_grid.ts';
import type { MakeTask } from './task.ts';

export const toy_model: LogDensityModel = validate_model({
  kind: 'log-density',
  name: 'toy-logistic',
  parameters: { intercept: { prior: { normal: [0, Math.sqrt(5)] } }, slope: { prior: { normal: [0, Math.sqrt(5)] } } },
  row: ['x', 'y'],
  wgsl: `
fn log_likelihood(row: Row, theta: Theta) -> f32 {
  let score = theta.intercept + theta.slope * row.x;
  return -log_add_exp(0.0, select(score, -score, row.y > 0.5));
}
`,
});

export const toy_shards = 15;
const key: Words = [1000, 15];

/** [row][x, y], x in f32 as the kernels read it. */
export function toy_rows(): number[][] {
  const noise = normals_at(key, site.observation, 0, 990);
  return Array.from(noise, (z, i) => {
    const x = Math.fround(0.5 + z);
    return [x, Number(uniform_at(key, site.initial, 0, i) < 1 / (1 + Math.exp(3 + 3 * x)))];
  });
}

export const toy_shard_rows = (rows: readonly number[][], shard: number) => rows.slice(66 * shard, 66 * (shard + 1));

export interface ToyDensity {
  value: number;
  gradient: readonly [number, number];
}

/** In float64, up to a constant. @param power of the prior */
export function toy_density(rows: readonly number[][], power: number, intercept: number, slope: number): ToyDensity {
  let value = (-power * (intercept ** 2 + slope ** 2)) / 10;
  let [a, b] = [(-power * intercept) / 5, (-power * slope) / 5];
  for (const [x = 0, y = 0] of rows) {
    const score = intercept + slope * x;
    // log(1 + e^−|score|) and the probability of 1 by one exponential.
    const e = Math.exp(-Math.abs(score));
    value += y * score - Math.max(score, 0) - Math.log1p(e);
    const rest = y - (score > 0 ? 1 : e) / (1 + e);
    a += rest;
    b += rest * x;
  }
  return { value, gradient: [a, b] };
}

/** The value alone, at many places: one exponential for a row, and one logarithm for sixteen. */
function toy_value(rows: readonly number[][], power: number): (intercept: number, slope: number) => number {
  const x = Float64Array.from(rows, ([cell = 0]) => cell);
  const events = rows.reduce((sum, [, y = 0]) => sum + y, 0);
  const at_events = rows.reduce((sum, [cell = 0, y = 0]) => sum + y * cell, 0);
  return (intercept, slope) => {
    let value = (-power * (intercept * intercept + slope * slope)) / 10 + intercept * events + slope * at_events;
    for (let first = 0; first < x.length; first += 16) {
      // Factors between 1 and 2.
      let product = 1;
      const end = Math.min(first + 16, x.length);
      for (let i = first; i < end; i++) {
        const score = intercept + slope * (x[i] as number);
        value -= Math.max(score, 0);
        product *= 1 + Math.exp(-Math.abs(score));
      }
      value -= Math.log(product);
    }
    return value;
  };
}

/** A coarse grid finds where the density is; the fine one has its mean ± `reach` sd, at least. */
export function toy_grid(rows: readonly number[][], power: number, cells: number, reach: number): PlaneGrid {
  const log_density = toy_value(rows, power);
  const on = (axes: PlaneGrid['axes']) => {
    const log_densities = new Float64Array(axes[0].length * axes[1].length);
    axes[0].forEach((intercept, i) => {
      axes[1].forEach((slope, j) => {
        log_densities[i * axes[1].length + j] = log_density(intercept, slope);
      });
    });
    return plane_grid(axes, log_densities);
  };
  let axes: PlaneGrid['axes'] = [axis(0, 40, 80), axis(0, 40, 80)];
  for (let n = 0; n < 3; n++) {
    const { mean, covariance } = grid_moments(on(axes));
    const around = (k: 0 | 1, size: number) => {
      // A density within one cell has a sd of 0 on the coarse grid.
      const sd = Math.max(Math.sqrt(covariance[3 * k] as number), (axes[k][1] as number) - (axes[k][0] as number));
      return axis(mean[k] as number, reach * sd, size);
    };
    const size = n === 2 ? cells : 80;
    axes = [around(0, size), around(1, size)];
  }
  return on(axes);
}

/** Shards drawn from grids of 200 × 200, mean ± 8 sd. */
export function exact_toy_shards(rows: readonly number[][], draws: number): Shard[] {
  return Array.from({ length: toy_shards }, (_, b) => {
    const own = toy_shard_rows(rows, b);
    const points: Points = plane_draws(toy_grid(own, 1 / toy_shards, 200, 8), draws, [key[0], 100 + b]);
    const gradients = new Float64Array(2 * draws);
    const log_densities = new Float64Array(draws);
    for (let i = 0; i < draws; i++) {
      const [intercept, slope] = points.values.subarray(2 * i) as unknown as [number, number];
      const { value, gradient } = toy_density(own, 1 / toy_shards, intercept, slope);
      log_densities[i] = value;
      gradients.set(gradient, 2 * i);
    }
    return { name: `shard ${b + 1}`, points, chains: 1, gradients, log_densities };
  });
}

export const toy: MakeTask = async (_, sizes) => {
  const rows = toy_rows();
  return {
    name: 'toy logistic regression, 15 shards',
    space: plain_space({ names: ['intercept', 'slope'], shards: exact_toy_shards(rows, sizes.shard_draws) }),
    exact: plane_draws(toy_grid(rows, 1, 400, 6), sizes.draws, key),
    truth: 'draws of a grid of 400 × 400 points',
    wanted: [
      { distance: 'd_mah', at_most: 0.07 },
      { distance: 'd_iad', at_most: 0.028 },
    ],
  };
};

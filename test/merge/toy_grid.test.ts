// The toy logistic regression on grids (anchor 11 of the reference page's §6), with rows of our own.
//
// Acceptance. Shards against the whole, by the kernels: rows are added up in f32, so each log density is right to 8 · (96 + rows/64) · 2⁻²⁴ of the sum of its terms' sizes (test/sample/evaluate.test.ts); all terms have one sign, so that sum is the log likelihood itself, and
// the fifteen shards' sizes add up to the whole's: both sides together 2 · 8 · 112 · 2⁻²⁴ = 1.1e-4 of it. A prior to the power 1 in every shard would be wrong by 14 log prior densities, 70 and more.
//
// Float64 against the kernels: the same bound, up to the constant of the prior. Grid moments: of the posterior's own density on 400 × 400 points, mean ± 6 sd, so a rectangle rule of smooth numbers: exact to below 1e-6; half as many points must agree to 1e-4 sd.

import { expect, it } from 'vitest';
import { grid_moments } from '../../bench/merge/plane_grid.ts';
import { toy_density, toy_grid, toy_model, toy_rows, toy_shard_rows, toy_shards } from '../../bench/merge/toy.ts';
import type { Points } from '../../src/diagnostics/points.ts';
import { log_prior_density } from '../../src/model/prior.ts';
import { evaluate_densities } from '../../src/sample/evaluate.ts';
import { use_device } from '../device.ts';

const device = use_device();
const rows = toy_rows();
const { axes, ...grid } = toy_grid(rows, 1, 400, 6);
const exact = grid_moments({ axes, ...grid });
const ulp = 2 ** -24;

it('has the whole posterior as the sum of its shards, all over the grid', async () => {
  // Every fifth place of either axis.
  const [first, second] = axes.map((places) => places.filter((_, i) => i % 5 === 2)) as [Float64Array, Float64Array];
  const values = new Float64Array(2 * first.length * second.length);
  first.forEach((x, i) => {
    second.forEach((y, j) => {
      values.set([Math.fround(x), Math.fround(y)], 2 * (i * second.length + j));
    });
  });
  const points: Points = { count: values.length / 2, dimension: 2, values };
  const at = async (some: readonly number[][], prior_power: number) => {
    const data = { rows: { count: some.length, values: Float32Array.from(some.flat()) } };
    return (await evaluate_densities(device(), toy_model, data, points, { prior_power })).log_densities;
  };
  const whole = await at(rows, 1);
  const sum = new Float64Array(points.count);
  for (let b = 0; b < toy_shards; b++) {
    const own = await at(toy_shard_rows(rows, b), 1 / toy_shards);
    own.forEach((l, i) => {
      sum[i] = (sum[i] as number) + l;
    });
  }
  let worst = 0;
  let least_prior = Number.POSITIVE_INFINITY;
  let worst_twin = 0;
  const [prior, constant] = [toy_model.scalars[0]?.prior, -Math.log(2 * Math.PI * 5)];
  if (!prior) throw new Error('the model has two parameters');
  for (let i = 0; i < points.count; i++) {
    const theta = [values[2 * i] as number, values[2 * i + 1] as number] as const;
    const log_prior = theta.reduce((total, x) => total + log_prior_density(prior, x), 0);
    least_prior = Math.min(least_prior, Math.abs(log_prior));
    const size = Math.abs((whole[i] as number) - log_prior);
    worst = Math.max(worst, Math.abs((sum[i] as number) - (whole[i] as number)) / size);
    // Some against float64.
    if (i % 7 === 0) {
      const twin = toy_density(rows, 1, ...theta).value + constant;
      worst_twin = Math.max(worst_twin, Math.abs(twin - (whole[i] as number)) / size);
    }
  }
  expect(worst).toBeLessThan(2 * 8 * 112 * ulp);
  expect(worst_twin).toBeLessThan(8 * 112 * ulp);
  expect(14 * least_prior).toBeGreaterThan(40);
});

it('has moments that do not depend on the grid', () => {
  const coarse = grid_moments(toy_grid(rows, 1, 200, 6));
  exact.mean.forEach((m, k) => {
    const variance = exact.covariance[3 * k] as number;
    expect(Math.abs((coarse.mean[k] as number) - m) / Math.sqrt(variance)).toBeLessThan(1e-4);
    expect(Math.abs((coarse.covariance[3 * k] as number) / variance - 1)).toBeLessThan(1e-4);
  });
});

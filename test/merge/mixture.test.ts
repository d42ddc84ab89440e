// Three means of a mixture, label switching, four shards with the prior to the power 1/4 (the mixture task of the reference page's §1.9), against a grid of 96³ points (anchor 12 of §6).
//
// Acceptance. The grid against the kernels, at cells drawn by their probability: 2000 rows added up in f32 are right to 8 · (96 + 2000/64) · 2⁻²⁴ = 6.1e-5 of the sum of their sizes, at most the log density's without its constant (terms of both signs: the sizes are
// counted). Marginals: draws of the whole by NUTS, each relabelled at random, against the grid's distribution function with the bound of Dvoretzky, Kiefer and Wolfowitz at 1e-6 for a quarter of the draws (three means of one draw are one draw; NUTS loses some), plus half a cell.
// Weights of the six modes of grid draws: √(5/36 / n) each, 5 of them, six weights: 4e-6.
//
// The learned merge, in short: a twelfth of the updates that the command makes, so mode weights are not right yet. What must hold now is that all six modes are found, and that marginals are nearer than two thirds of what the product of Gaussians has, which is one mode; `npm run bench -- merge_mixture` shows the whole.

import { describe, expect, it } from 'vitest';
import {
  grid_draws,
  mixture_grid,
  mixture_model,
  mixture_rows,
  mixture_shards,
  mode_weights,
} from '../../bench/merge/mixture.ts';
import { marginal_distance } from '../../src/diagnostics/distances/marginals.ts';
import { column } from '../../src/diagnostics/points.ts';
import { gaussian } from '../../src/merge/baselines/gaussian.ts';
import { diffusion_merge } from '../../src/merge/diffusion.ts';
import { draws_of } from '../../src/merge/whiten.ts';
import { evaluate_densities } from '../../src/sample/evaluate.ts';
import { use_device } from '../device.ts';
import { ks_distance, ks_limit } from '../reference/statistics.ts';

const device = use_device();
const rows = mixture_rows();
const grid = mixture_grid(rows, 1);
const sizes = { shard_draws: 4096, draws: 4096, updates: 1500, networks: 1, chains: 64, warm_up: 100 };

describe('the grid of the mixture (anchor 12)', () => {
  it('has the density of the model', async () => {
    // Every so many cells of those that have most of the probability.
    const likely = grid.cells.filter(({ probability, triple: [a, b, c] }) => probability > 1e-7 && a < b && b < c);
    const some = likely.filter((_, n) => n % Math.ceil(likely.length / 200) === 0);
    const theta = some.map(({ triple }) => triple.map((i) => Math.fround(grid.places[i] as number)));
    const points = { count: some.length, dimension: 3, values: Float64Array.from(theta.flat()) };
    const data = { rows: { count: rows.length, values: Float32Array.from(rows.flat()) } };
    const { log_densities } = await evaluate_densities(device(), mixture_model, data, points);
    const size = rows.reduce((sum, [y = 0]) => sum + 2.5 * Math.max(...[-0.7, 0.7].map((mu) => (y - mu) ** 2)) + 1, 0);
    const apart = some.map(({ probability }, n) => Math.log(probability) - (log_densities[n] as number));
    const middle = apart.reduce((sum, d) => sum + d / apart.length, 0);
    const worst = Math.max(...apart.map((d) => Math.abs(d - middle)));
    expect(some.length).toBeGreaterThan(100);
    expect(worst / size).toBeLessThan(6.1e-5);
    // Which sees a prior that is not there: between the likely cells it differs by more.
    const priors = theta.map((mu) => mu.reduce((sum, x) => sum + (x * x) / 2, 0));
    expect(Math.max(...priors) - Math.min(...priors)).toBeGreaterThan(worst);
  });

  it('holds the posterior, six modes of equal weight, and marginals that draws of the whole have', async () => {
    const edge = (grid.marginal[0] as number) + (grid.marginal.at(-1) as number);
    expect(edge).toBeLessThan(1e-4);
    const count = 2048;
    for (const weight of mode_weights(grid_draws(grid, count))) {
      expect(Math.abs(weight - 1 / 6)).toBeLessThan(5 * Math.sqrt(5 / 36 / count));
    }
    const [whole] = await mixture_shards(device(), rows, 1, { ...sizes, shard_draws: count });
    if (!whole) throw new Error('one shard is the whole');
    const width = (grid.places[1] as number) - (grid.places[0] as number);
    const cumulative = (x: number) => {
      const reached = (x - (grid.places[0] as number)) / width + 0.5;
      return grid.marginal.reduce((sum, p, i) => sum + p * Math.min(1, Math.max(0, reached - i)), 0);
    };
    const most = ks_limit(count / 4, 1e-6 / 3) + Math.max(...grid.marginal) / 2;
    for (const j of [0, 1, 2]) expect(ks_distance(column(whole.points, j), cumulative)).toBeLessThan(most);
  });
});

it('is merged with all of its modes', async () => {
  const shards = (await mixture_shards(device(), rows, 4, sizes)).map(draws_of);
  const key = [3, 12] as const;
  const merge = await diffusion_merge(device(), shards, { ...sizes, seeds: 1, units: 16, key });
  const { draws } = merge;
  const exact = grid_draws(grid, draws.count);
  const of_gaussians = gaussian(
    shards.map((one) => one.draws),
    { draws: draws.count, key },
  );
  for (const weight of mode_weights(draws)) expect(weight).toBeGreaterThan(0.02);
  expect(marginal_distance(draws, exact)).toBeLessThan((2 / 3) * marginal_distance(of_gaussians, exact));
});

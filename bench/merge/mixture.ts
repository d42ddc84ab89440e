/**
 * The mixture task of arXiv 2406.11664: 2000 rows of three normals with weights 1/3, variance 0.2 and means −0.4, 0.4, 0, of which the means are unknown; label switching makes six modes of equal weight.
 * The authors' shards each carry the whole prior N(0, 1); ours carry it to the power 1/4, as the method asks for.
 *
 * The posterior is known on a grid of 96³ points in [−0.7, 0.7]³. It is the same in every order of the means, so a sixth of the grid is evaluated.
 */

import type { Points } from '../../src/diagnostics/points.ts';
import type { Device } from '../../src/gpu/device.ts';
import type { Shard } from '../../src/merge/shards/shard.ts';
import { plain_space } from '../../src/merge/shards/space.ts';
import type { LogDensityModel } from '../../src/model/types.ts';
import { validate_model } from '../../src/model/validate.ts';
import { normals_at, permutation_at } from '../../src/random/normals.ts';
import { site, uniform_at, type Words } from '../../src/random/threefry.ts';
import { sample_rows, with_densities } from './sample_shard.ts';
import type { MergeSizes } from './sizes.ts';
import type { MakeTask } from './task.ts';

export const mixture_model: LogDensityModel = validate_model({
  kind: 'log-density',
  name: 'three-means',
  parameters: { mu: { size: 3, prior: { normal: [0, 1] } } },
  row: ['y'],
  // Up to a constant: −(y − μ)²/(2 · 0.2).
  wgsl: `
fn part(y: f32, mu: f32) -> f32 {
  return -2.5 * (y - mu) * (y - mu);
}
fn log_likelihood(row: Row, theta: Theta) -> f32 {
  return log_add_exp(log_add_exp(part(row.y, theta.mu[0]), part(row.y, theta.mu[1])), part(row.y, theta.mu[2]));
}
`,
});

const means = [-0.4, 0.4, 0];
const key: Words = [2406, 11664];

/** As the kernels read them, in f32. */
export function mixture_rows(count = 2000): number[][] {
  const noise = normals_at(key, site.observation, 0, count);
  return Array.from(noise, (z, i) => {
    const mean = means[Math.floor(3 * uniform_at(key, site.initial, 0, i))] as number;
    return [Math.fround(mean + Math.sqrt(0.2) * z)];
  });
}

export interface MixtureGrid {
  /** Of every axis. */
  places: Float64Array;
  /** Indices with a ≤ b ≤ c, and the probability of all their orders together. */
  cells: { triple: readonly [number, number, number]; probability: number }[];
  /** [place] of one mean. */
  marginal: Float64Array;
}

const half_width = 0.7;

/** @param power of the prior */
export function mixture_grid(rows: readonly (readonly number[])[], power: number, points = 96): MixtureGrid {
  const places = Float64Array.from({ length: points }, (_, i) => half_width * ((2 * i + 1) / points - 1));
  const parts = Array.from(places, (mu) => Float64Array.from(rows, ([y = 0]) => Math.exp(-2.5 * (y - mu) ** 2)));
  const found: { triple: [number, number, number]; log_density: number }[] = [];
  for (let a = 0; a < points; a++) {
    for (let b = a; b < points; b++) {
      for (let c = b; c < points; c++) {
        const prior = (-power / 2) * [a, b, c].reduce((sum, i) => sum + (places[i] as number) ** 2, 0);
        const of = [a, b, c].map((i) => parts[i] as Float64Array) as [Float64Array, Float64Array, Float64Array];
        found.push({ triple: [a, b, c], log_density: prior + log_of_sums(...of) });
      }
    }
  }
  const top = found.reduce((most, { log_density }) => Math.max(most, log_density), Number.NEGATIVE_INFINITY);
  const weights = found.map(({ triple, log_density }) => orders(triple) * Math.exp(log_density - top));
  const total = weights.reduce((sum, w) => sum + w, 0);
  const marginal = new Float64Array(points);
  const cells = found.map(({ triple }, n) => {
    const probability = (weights[n] as number) / total;
    for (const i of triple) marginal[i] = (marginal[i] as number) + probability / 3;
    return { triple, probability };
  });
  return { places, cells, marginal };
}

/** Σ log(a + b + c), with one logarithm for sixteen rows: the sums lie between 1e-15 and 3, and so their product within float64. */
function log_of_sums(a: Float64Array, b: Float64Array, c: Float64Array): number {
  let sum = 0;
  for (let first = 0; first < a.length; first += 16) {
    let product = 1;
    const end = Math.min(first + 16, a.length);
    for (let i = first; i < end; i++) product *= (a[i] as number) + (b[i] as number) + (c[i] as number);
    sum += Math.log(product);
  }
  return sum;
}

const orders = ([a, b, c]: readonly number[]) => (a === b && b === c ? 1 : a === b || b === c ? 3 : 6);

/** Draws of the grid: cells at even steps of their cumulative probability, uniform within, every one in an order of its own, all in an order at random. */
export function grid_draws({ places, cells }: MixtureGrid, count: number): Points {
  const width = (places[1] as number) - (places[0] as number);
  const values = new Float64Array(3 * count);
  const where = permutation_at(key, site.start, 0, count);
  const shift = uniform_at(key, site.resample, 0, 0);
  let cell = -1;
  let cumulative = 0;
  for (let n = 0; n < count; n++) {
    while (cumulative <= (n + shift) / count && cell < cells.length - 1) cumulative += cells[++cell]?.probability ?? 0;
    const triple = cells[cell]?.triple as readonly [number, number, number];
    const order = permutation_at(key, site.propose, n, 3);
    const at = 3 * (where[n] as number);
    order.forEach((k, j) => {
      const within = uniform_at(key, site.state_draw, n, j) - 0.5;
      values[at + j] = (places[triple[k] as number] as number) + width * within;
    });
  }
  return { count, dimension: 3, values };
}

/** Shares of draws in each of the six orders of the means. */
export function mode_weights({ count, values }: Points): number[] {
  const shares = new Map<string, number>(['012', '021', '102', '120', '201', '210'].map((name) => [name, 0]));
  for (let at = 0; at < 3 * count; at += 3) {
    const name = [0, 1, 2].toSorted((i, j) => (values[at + i] as number) - (values[at + j] as number)).join('');
    shares.set(name, (shares.get(name) as number) + 1 / count);
  }
  return [...shares.values()];
}

/** Every draw of NUTS in an order of its own, which leaves the posterior as it is, and takes chains through all modes. */
export async function mixture_shards(
  device: Device,
  rows: readonly (readonly number[])[],
  shards: number,
  sizes: MergeSizes,
): Promise<Shard[]> {
  const all: Shard[] = [];
  for (let b = 0; b < shards; b++) {
    const work = {
      around: [0, 0, 0],
      ...{ model: mixture_model, rows: rows.filter((_, i) => i % shards === b), power: 1 / shards },
      ...{ draws: sizes.shard_draws, seed: 1 + b },
    };
    const { points, chains } = await sample_rows(device, work, sizes);
    const values = points.values.slice();
    for (let n = 0; n < points.count; n++) {
      permutation_at([...key.slice(0, 1), b] as unknown as Words, site.propose, n, 3).forEach((from, j) => {
        values[3 * n + j] = points.values[3 * n + from] as number;
      });
    }
    all.push(await with_densities(device, work, `shard ${b + 1}`, { points: { ...points, values }, chains }));
  }
  return all;
}

export const mixture: MakeTask = async ({ device }, sizes) => {
  const rows = mixture_rows();
  const shards = await mixture_shards(device, rows, 4, sizes);
  const grid = mixture_grid(rows, 1);
  return {
    name: 'mixture of three means, 4 shards',
    space: plain_space({ names: ['mu[0]', 'mu[1]', 'mu[2]'], shards }),
    exact: grid_draws(grid, sizes.draws),
    truth: 'draws of a grid of 96³ points',
    wanted: [{ distance: 'd_iad', at_most: 0.03 }],
    facts: (merged) => [
      {
        label: 'largest distance of a weight of the six modes from 1/6',
        value: Math.max(...mode_weights(merged).map((w) => Math.abs(w - 1 / 6))),
        at_most: 0.03,
      },
    ],
  };
};

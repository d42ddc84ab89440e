/** Shards of densities whose gradients are known. */

import type { Shard } from '../../../src/merge/shards/shard.ts';
import { uniform_at } from '../../../src/random/threefry.ts';
import { autoregression, independent_normals } from '../../diagnostics/reference_draws.ts';

/** Independent draws of one parameter, by an inverse or by normals. */
export interface Density {
  draw: (seed: number, i: number) => number;
  log_density: (x: number) => number;
  gradient: (x: number) => number;
}

const uniform = (seed: number, i: number) => uniform_at([seed, 2611], 5, 0, i);

export const densities: Record<string, Density> = {
  /** log of an exponential variable: skewed, with a long tail to the left. */
  log_exponential: {
    draw: (seed, i) => Math.log(-Math.log(uniform(seed, i))),
    log_density: (x) => x - Math.exp(x),
    gradient: (x) => 1 - Math.exp(x),
  },
  /** Heavy tails. */
  logistic: {
    draw: (seed, i) => Math.log(uniform(seed, i) / (1 - uniform(seed, i))),
    log_density: (x) => -x - 2 * Math.log1p(Math.exp(-x)),
    gradient: (x) => -Math.tanh(x / 2),
  },
};

/** Two parameters, each with this density. */
export function shard_of({ draw, log_density, gradient }: Density, seed: number, count: number): Shard {
  const values = Float64Array.from({ length: 2 * count }, (_, at) => draw(seed, at));
  return {
    name: 'a.csv',
    points: { count, dimension: 2, values },
    chains: 1,
    gradients: values.map(gradient),
    log_densities: Float64Array.from(
      { length: count },
      (_, i) => log_density(values[2 * i] as number) + log_density(values[2 * i + 1] as number),
    ),
  };
}

/** Correlated normals with means 3 and −1, in chains with this autocorrelation, and their gradients. */
export function normal_shard(seed: number, chains: number, length: number, rho: number): Shard {
  const series = (which: number) =>
    (rho === 0 ? independent_normals(which, chains, length) : autoregression(which, chains, length, rho)).flatMap(
      (chain) => Array.from(chain),
    );
  const [first, second] = [series(2 * seed), series(2 * seed + 1)];
  const count = first.length;
  const values = new Float64Array(2 * count);
  const gradients = new Float64Array(2 * count);
  // x = (3 + 2 a, −1 + a + ½ b): precision from the inverse of that map.
  first.forEach((a, i) => {
    const b = second[i] as number;
    values.set([3 + 2 * a, -1 + a + b / 2], 2 * i);
    gradients.set([b - a / 2, -2 * b], 2 * i);
  });
  const log_densities = Float64Array.from(first, (a, i) => -(a * a + (second[i] as number) ** 2) / 2);
  return { name: 'n.csv', points: { count, dimension: 2, values }, chains, gradients, log_densities };
}

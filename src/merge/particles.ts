/** Particles of the learned merge between device and host: how many at a time, which are looked at on the way, and where they are in the coordinates of the shards. */

import { times_vector } from '../diagnostics/linear_algebra.ts';
import type { Points } from '../diagnostics/points.ts';
import { effective_sample_size, resample_indices } from '../diagnostics/weighted.ts';
import { type NetworkSizes, work_rows } from '../network/residual.ts';
import { site, uniform_at, type Words } from '../random/threefry.ts';
import type { Population } from './anneal.ts';
import { groups, weights_of } from './by_network.ts';
import type { WhitenedShards } from './whiten.ts';

/** Of the path, and particles of each. */
const snapshots = { levels: 6, particles: 400 };

/** Evenly over the levels, the first and the last among them; those at rest at the end, `resting` and one, count as one. */
export function is_snapshot(level: number, levels: number, resting: number): boolean {
  if (level === levels - 1) return true;
  const moving = levels - resting - 1;
  const apart = moving / (snapshots.levels - 1);
  return level < moving && Math.ceil(level / apart) * apart < level + 1;
}

/** Those that a snapshot shows. */
export function first_particles({ u, ...of }: Population, dimension: number): Population {
  const count = of.energy.length;
  const most = Math.min(snapshots.particles, count);
  const rows = Array.from({ length: dimension }, (_, d) => Array.from(u.subarray(d * count, d * count + most)));
  return { ...of, u: Float32Array.from(rows.flat()), energy: of.energy.subarray(0, most) };
}

/**
 * Particles resampled by their weights, every network's among its own, since its energies have a constant of their own; and how many effective ones the weights left.
 *
 * @param seed [particle] its network
 */
export function resampled(
  population: Population,
  seed: Uint8Array,
  key: Words,
): { population: Population; ess: number } {
  const { u, force, log_weight, energy, accepted } = population;
  const count = energy.length;
  const from = new Uint32Array(count);
  let ess = 0;
  for (const own of groups(seed)) {
    const weights = weights_of(Float64Array.from(own, (i) => log_weight[i] as number));
    ess += effective_sample_size(weights);
    const chosen = resample_indices(weights, own.length, uniform_at(key, site.resample, 1, own[0] as number));
    own.forEach((i, n) => {
      from[i] = own[chosen[n] as number] as number;
    });
  }
  // [row][particle]
  const take = (values: Float32Array) =>
    values.map((_, at) => values[at - (at % count) + (from[at % count] as number)] as number);
  const moved = { u: take(u), force: take(force), energy: take(energy) };
  return { population: { ...moved, log_weight: new Float32Array(count), accepted }, ess };
}

/** Particles of each wave, whole groups of every seed: as many at once as their activations have room, and about as many in each. */
export function wave_sizes(sizes: NetworkSizes, draws: number, seeds: number, most_bytes: number): number[] {
  const round = sizes.batch * seeds;
  const most = round * Math.max(1, Math.floor(most_bytes / (4 * work_rows(sizes) * round)));
  const rounds = Math.ceil(draws / round);
  const waves = Math.ceil((round * rounds) / most);
  const before = (wave: number) => Math.floor((rounds * wave) / waves);
  return Array.from({ length: waves }, (_, wave) => round * (before(wave + 1) - before(wave)));
}

/** θ = center + root · u. */
export function to_parameters({ center, root }: WhitenedShards, populations: readonly Population[]): Points {
  const dimension = center.length;
  const count = populations.reduce((sum, { energy }) => sum + energy.length, 0);
  const values = new Float64Array(count * dimension);
  let at = 0;
  for (const { u, energy } of populations) {
    for (let i = 0; i < energy.length; i++) {
      const place = Float64Array.from({ length: dimension }, (_, d) => u[d * energy.length + i] as number);
      values.set(
        times_vector(root, place).map((v, d) => v + (center[d] as number)),
        at,
      );
      at += dimension;
    }
  }
  return { count, dimension, values };
}

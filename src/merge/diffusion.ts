/**
 * The learned merge: energy-based diffusion models of all shards, and annealed HMC on the sum of their energies (arXiv 2406.11664).
 *
 * Beyond the paper: energies are regressed on the log densities where those are known, the learning rate falls as a cosine, gradients are cut, several seeds train at once and share the particles, and the
 * path is chosen by what importance weights between its levels allow.
 */

import { times_vector } from '../diagnostics/linear_algebra.ts';
import type { Points } from '../diagnostics/points.ts';
import type { Device } from '../gpu/device.ts';
import { type NetworkSizes, work_rows } from '../network/residual.ts';
import { tiling_for } from '../network/tiles.ts';
import { normals_at } from '../random/normals.ts';
import { site, type Words, words_at } from '../random/threefry.ts';
import { create_annealer, type Level, type Population } from './anneal.ts';
import { find_path, type Path } from './path.ts';
import { create_trainer, type Losses, type Trainer } from './train.ts';
import { type ShardDraws, type WhitenedShards, whiten_shards } from './whiten.ts';

export interface DiffusionOptions {
  /** Of every network. */
  updates: number;
  /** Networks of every shard. */
  seeds: number;
  /** Merged draws, rounded up to whole groups of every seed. */
  draws: number;
  /** Width of the networks; absent: by dimension. */
  units?: number;
  key: Words;
  /** Device memory for the activations of particles; more of them go in waves. Absent: 64 MiB, well below every adapter's limit of a buffer. */
  most_bytes?: number;
  on_progress?(what: 'training' | 'path' | 'sampling', done: number, of: number): void;
  /** Called at some levels from t = 1 to the last with a few hundred particles as they are there, in the coordinates of the shards. */
  on_snapshot?(time: number, points: Points): void;
}

export interface DiffusionMerge {
  draws: Points;
  /** [draw] seed whose networks it is of. */
  seed: Uint8Array;
  /** [draw] log importance weight; undefined where log densities are not known, and so energies not calibrated. */
  log_weight?: Float64Array;
  /** [seed] mean losses over all shards at some updates. */
  curve: { update: number; losses: Losses[] }[];
  path: Path;
  /** Of the merged draws, over all levels. */
  acceptance: number;
  sizes: NetworkSizes;
}

const batch = 32;
const learning_rate = 2e-3;
const most_slope = 1;
const energy_weight = 0.1;
const leapfrogs = 3;
const scouts = 512;
/** Milliseconds of a dispatch. */
const wanted_ms = 400;
const last_transitions = 10;
/** Of the path, and particles of each. */
const snapshots = { levels: 6, particles: 400 };

/** Wide enough for what 58 and 100 dimensions gained from 128 units (a quarter to a half of d_MAH); 32 as published elsewhere. */
const width_for = (dimension: number) => (dimension >= 32 ? 128 : 32);

/** Throws UserError for shards that cannot be merged. */
export async function diffusion_merge(
  device: Device,
  shards: readonly ShardDraws[],
  options: DiffusionOptions,
): Promise<DiffusionMerge> {
  const { key, seeds, on_progress } = options;
  const white = whiten_shards(shards);
  const dimension = white.center.length;
  const knows_densities = shards.every(({ log_densities }) => log_densities !== undefined);
  const sizes: NetworkSizes = {
    inputs: dimension,
    units: options.units ?? width_for(dimension),
    batch,
    tiling: tiling_for(device, batch / 4),
  };
  const trainer = await create_trainer(device, {
    ...{ sizes, shards: white.training, seeds, updates: options.updates, learning_rate, most_slope },
    energy_weight: knows_densities ? energy_weight : 0,
    energy_every: 2,
    key: words_at(key, site.weights, 0, 0),
  });
  try {
    const curve = await train(trainer, shards.length, options);
    const common = {
      ...{ sizes, weights: trainer.buffers.weights, shards: shards.length, seeds, maps: white.maps },
      ...{ transitions: 1, leapfrogs },
    };
    const path = await find_path(device, {
      ...common,
      scouts: Math.max(scouts, batch * seeds),
      distance: 0.9,
      target_acceptance: 0.85,
      key: words_at(key, site.propose, 0, 0),
      on_level: ({ time }) => on_progress?.('path', Math.round(100 * (1 - time)), 100),
    });
    const waves = wave_sizes(sizes, options);
    const end = path.levels.at(-1);
    const levels = [...path.levels, ...Array(last_transitions).fill(end)];
    const moved: Population[] = [];
    for (const [wave, particles] of waves.entries()) {
      const start = Float32Array.from(normals_at(key, site.start, 1 + wave, dimension * particles));
      const own_key = words_at(key, site.momentum, 0, wave);
      const annealer = await create_annealer(device, { ...common, particles, key: own_key }, start);
      try {
        for (let n = 0; n < levels.length; n++) {
          await annealer.run([levels[n]]);
          on_progress?.('sampling', wave * levels.length + n + 1, waves.length * levels.length);
          if (options.on_snapshot && wave === 0 && is_snapshot(n, levels.length)) {
            const some = first_particles(await annealer.read(), dimension, snapshots.particles);
            options.on_snapshot((levels[n] as Level).time, to_parameters(white, [some]));
          }
        }
        moved.push(await annealer.read());
      } finally {
        annealer.destroy();
      }
    }
    const numbers = (of: (population: Population) => Float32Array) => moved.flatMap((one) => Array.from(of(one)));
    const accepted = numbers((one) => one.accepted);
    return {
      draws: to_parameters(white, moved),
      seed: Uint8Array.from(
        waves.flatMap((size) => Array.from({ length: size }, (_, i) => Math.floor(i / batch) % seeds)),
      ),
      ...(knows_densities ? { log_weight: Float64Array.from(numbers((one) => one.log_weight)) } : {}),
      curve,
      path,
      acceptance: accepted.reduce((sum, a) => sum + a, 0) / (accepted.length * levels.length),
      sizes,
    };
  } finally {
    trainer.destroy();
  }
}

/** Evenly over the levels, the first and the last among them; those at rest at the end count as one. */
function is_snapshot(level: number, levels: number): boolean {
  if (level === levels - 1) return true;
  const moving = levels - last_transitions - 1;
  const apart = moving / (snapshots.levels - 1);
  return level < moving && Math.ceil(level / apart) * apart < level + 1;
}

function first_particles({ u, ...of }: Population, dimension: number, most: number): Population {
  const count = of.energy.length;
  const rows = Array.from({ length: dimension }, (_, d) => Array.from(u.subarray(d * count, d * count + most)));
  return { ...of, u: Float32Array.from(rows.flat()), energy: of.energy.subarray(0, most) };
}

/** Particles of each wave, whole groups of every seed: as many at once as their activations have room. */
function wave_sizes(sizes: NetworkSizes, { draws, seeds, most_bytes = 2 ** 26 }: DiffusionOptions): number[] {
  const round = batch * seeds;
  const most = round * Math.max(1, Math.floor(most_bytes / (4 * work_rows(sizes) * round)));
  const all = round * Math.ceil(draws / round);
  return Array.from({ length: Math.ceil(all / most) }, (_, wave) => Math.min(most, all - wave * most));
}

/** θ = center + root · u. */
function to_parameters({ center, root }: WhitenedShards, populations: readonly Population[]): Points {
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

/** Dispatches of about the same length; losses by seed, means over the shards. */
async function train(trainer: Trainer, shards: number, options: DiffusionOptions): Promise<DiffusionMerge['curve']> {
  const { updates, seeds, on_progress } = options;
  const curve: DiffusionMerge['curve'] = [];
  let chunk = 8;
  for (let done = 0; done < updates; ) {
    const now = Math.min(chunk, updates - done);
    const started = performance.now();
    const losses = await trainer.run(now);
    const ms = performance.now() - started;
    chunk = Math.max(1, Math.min(2 * chunk, Math.round((now * wanted_ms) / ms)));
    done += now;
    const means = Array.from({ length: seeds }, (_, seed) => {
      const own = losses.slice(seed * shards, (seed + 1) * shards);
      const mean = (of: (l: Losses) => number) => own.reduce((sum, l) => sum + of(l), 0) / shards;
      return { score: mean((l) => l.score), energy: mean((l) => l.energy) };
    });
    curve.push({ update: done, losses: means });
    on_progress?.('training', done, updates);
  }
  return curve;
}

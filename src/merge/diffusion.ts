/**
 * The learned merge: energy-based diffusion models of all shards, and annealed HMC on the sum of their energies (arXiv 2406.11664).
 *
 * Beyond the paper: energies are regressed on the log densities where those are known, the learning rate falls as a cosine, gradients are cut, several seeds train at once and share the particles, and the
 * path is chosen by what importance weights between its levels allow.
 */

import type { Points } from '../diagnostics/points.ts';
import type { Device } from '../gpu/device.ts';
import { UserError } from '../model/user_error.ts';
import type { NetworkSizes } from '../network/residual.ts';
import { tiling_for } from '../network/tiles.ts';
import { normals_at } from '../random/normals.ts';
import { site, type Words, words_at } from '../random/threefry.ts';
import { create_annealer, type Level, type Population } from './anneal.ts';
import { centred_energies } from './by_network.ts';
import { type MergeOnlooker, show_particles } from './onlooker.ts';
import { first_particles, is_snapshot, resampled, to_parameters, wave_sizes } from './particles.ts';
import { find_path, type Path } from './path.ts';
import { type LossCurve, last_variance, type MergeCheckpoint, run_training } from './run_training.ts';
import { create_trainer } from './train.ts';
import { type ShardDraws, whiten_shards } from './whiten.ts';

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
  onlooker?: MergeOnlooker;
  /** Of a merge with the same options: this one goes on with its training, on any device. What follows the training is run again, to the same draws. */
  resumed?: MergeCheckpoint;
}

export interface DiffusionMerge {
  draws: Points;
  /** [draw] seed whose networks it is of. */
  seed: Uint8Array;
  /** Effective draws that the importance weights of the path left, as a fraction; undefined where log densities are not known, and so energies not calibrated and nothing weighed. */
  weights_ess?: number;
  /** [draw] log density of what the networks learned, the sum over shards, less its mean over the network's draws. */
  energy: Float64Array;
  /** Variance of the networks' energies less the log densities at the shards' own draws, the sum over shards and mean over seeds, in the last tenth of the training; undefined where log densities are not known. */
  fit_variance?: number;
  curve: LossCurve;
  path: Path;
  /** Of the merged draws, over all levels. */
  acceptance: number;
  sizes: NetworkSizes;
}

const batch = 32;
const learning_rate = 2e-3;
const most_slope = 1;
/** Beside the score's mean square per coordinate. Published experiments had 0.1; with 3 the mixture of six modes has a third of the d_IAD after 5000 updates (0.05 for 0.23), and the toy logistic regression the same. */
const energy_weight = 3;
const leapfrogs = 3;
const scouts = 512;
/** HMC transitions at the end of the path beyond its own, after draws were resampled by their weights. */
const last_transitions = 6;

/** Wide enough for what 58 and 100 dimensions gained from 128 units (a quarter to a half of d_MAH); 32 as published elsewhere. */
const width_for = (dimension: number) => (dimension >= 32 ? 128 : 32);

/** Throws UserError for shards that cannot be merged. */
export async function diffusion_merge(
  device: Device,
  shards: readonly ShardDraws[],
  options: DiffusionOptions,
): Promise<DiffusionMerge> {
  const { key, seeds, on_progress, onlooker, resumed } = options;
  const white = whiten_shards(shards);
  const dimension = white.center.length;
  if (options.units !== undefined && options.units % 16 !== 0) {
    throw new UserError(`Networks of ${options.units} units: the width must be a multiple of 16.`);
  }
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
    energy_every: 4,
    key: words_at(key, site.weights, 0, 0),
    ...(resumed ? { from: resumed.state } : {}),
  });
  try {
    const curve = await run_training(trainer, {
      ...{ shards: shards.length, seeds, updates: options.updates },
      on_progress: (done, of) => on_progress?.('training', done, of),
      ...(onlooker === undefined ? {} : { onlooker }),
      ...(resumed ? { before: resumed.curve } : {}),
    });
    const show = show_particles(onlooker, white);
    let found = 0;
    const common = {
      ...{ sizes, weights: trainer.buffers.weights, shards: shards.length, seeds, maps: white.maps },
      ...{ transitions: 1, leapfrogs },
    };
    const ahead = Math.max(scouts, batch * seeds);
    const path = await find_path(device, {
      ...{ ...common, scouts: ahead },
      distance: 0.9,
      target_acceptance: 0.85,
      key: words_at(key, site.propose, 0, 0),
      on_level({ time }, annealer) {
        on_progress?.('path', Math.round(100 * (1 - time)), 100);
        return show(annealer, { phase: 'path', count: ahead, time, done: ++found });
      },
    });
    const waves = wave_sizes(sizes, options.draws, seeds, options.most_bytes ?? 2 ** 26);
    const end = path.levels.at(-1) as Level;
    const levels = [...path.levels, ...Array.from({ length: last_transitions }, () => end)];
    const moved: Population[] = [];
    const seed_of = (count: number) => Uint8Array.from({ length: count }, (_, i) => Math.floor(i / batch) % seeds);
    let weights_ess = 0;
    for (const [wave, particles] of waves.entries()) {
      const start = Float32Array.from(normals_at(key, site.start, 1 + wave, dimension * particles));
      const own_key = words_at(key, site.momentum, 0, wave);
      const annealer = await create_annealer(device, { ...common, particles, key: own_key }, start);
      try {
        for (const [n, level] of levels.entries()) {
          await annealer.run([level]);
          if (knows_densities && n === path.levels.length - 1) {
            // Transitions that follow tell copies apart.
            const { population, ess } = resampled(await annealer.read(), seed_of(particles), own_key);
            annealer.put(population);
            weights_ess += ess;
          }
          const [done, of] = [wave * levels.length + n + 1, waves.length * levels.length];
          on_progress?.('sampling', done, of);
          await show(annealer, { phase: 'sampling', count: particles, time: level.time, done, of });
          if (options.on_snapshot && wave === 0 && is_snapshot(n, levels.length, last_transitions)) {
            const some = first_particles(await annealer.read(), dimension);
            options.on_snapshot(level.time, to_parameters(white, [some]));
          }
        }
        moved.push(await annealer.read());
      } finally {
        annealer.destroy();
      }
    }
    const numbers = (of: (population: Population) => Float32Array) => moved.flatMap((one) => Array.from(of(one)));
    const accepted = numbers((one) => one.accepted);
    const seed = Uint8Array.from(waves.flatMap((size) => Array.from(seed_of(size))));
    return {
      draws: to_parameters(white, moved),
      seed,
      energy: centred_energies(Float64Array.from(numbers((one) => one.energy)), seed),
      ...(knows_densities
        ? {
            weights_ess: weights_ess / seed.length,
            fit_variance: shards.length * last_variance(curve, energy_weight, batch),
          }
        : {}),
      curve,
      path,
      acceptance: accepted.reduce((sum, a) => sum + a, 0) / (accepted.length * levels.length),
      sizes,
    };
  } finally {
    trainer.destroy();
  }
}

/** Moves particles from the Gaussian product at t = 1 to the learned product at t ≈ 0 (shaders/merge/anneal.wgsl). */

import type { Device } from '../gpu/device.ts';
import { network_overrides, network_parts } from '../network/modules.ts';
import { type NetworkSizes, work_rows } from '../network/residual.ts';
import type { Words } from '../random/threefry.ts';

export interface Level {
  /** Noise time. */
  time: number;
  /** HMC step, in coordinates where the Gaussian product is white. */
  step: number;
}

export interface AnnealOptions {
  sizes: NetworkSizes;
  /** Trained: [seed][shard]. */
  weights: GPUBuffer;
  shards: number;
  seeds: number;
  /** [shard][d][d + 1] (whiten.ts). */
  maps: Float32Array<ArrayBuffer>;
  /** A multiple of the nets' batch. */
  particles: number;
  /** Of HMC at every level. */
  transitions: number;
  /** Steps of a transition. */
  leapfrogs: number;
  key: Words;
}

/** [particle] where nothing else is said. */
export interface Population {
  /** [d][particle] */
  u: Float32Array<ArrayBuffer>;
  log_weight: Float32Array<ArrayBuffer>;
  /** Sum of the shards' energies at u: the merged log density up to a constant. */
  energy: Float32Array<ArrayBuffer>;
  /** [d][particle] Gradient of the energy. */
  force: Float32Array<ArrayBuffer>;
  /** Transitions accepted since the start. */
  accepted: Float32Array<ArrayBuffer>;
}

export interface Annealer {
  /** [row][particle]: u in the first D rows. */
  readonly buffer: GPUBuffer;
  /** The next levels, in one dispatch. */
  run(levels: readonly Level[]): Promise<void>;
  read(): Promise<Population>;
  /** Takes these particles instead, with their energies and forces; what they accepted so far goes on being counted. */
  put(population: Population): void;
  /** Puts all particles elsewhere. @param u [d][particle] */
  place(u: Float32Array<ArrayBuffer>): void;
  /** Energies at a time, where the particles are; for an annealer without transitions. */
  energies(time: number): Promise<Float32Array>;
  destroy(): void;
}

/** Must match shaders/merge/anneal_bindings.wgsl. */
const slots = 5;
const outcomes = 6;
const params_bytes = 48;
const most_levels = 4096;

/** @param start [d][particle] draws of N(0, I), which is the product at t = 1 up to 4e-5, and for which log weights count from the first level on */
export async function create_annealer(
  device: Device,
  options: AnnealOptions,
  start: Float32Array<ArrayBuffer>,
): Promise<Annealer> {
  const { sizes, particles, shards, seeds, key } = options;
  const groups = particles / sizes.batch;
  const kernel = await device.kernel({
    kernel: 'merge/anneal',
    ...network_parts(sizes),
    overrides: network_overrides(device),
  });
  const take = (role: string, numbers: number, usage?: number) =>
    device.buffers.take(`langevin.merge.anneal.${role}`, 4 * numbers, usage);
  const upload = (role: string, data: Float32Array<ArrayBuffer>) =>
    device.upload(`langevin.merge.anneal.${role}`, data);
  const own = {
    params: take('params', params_bytes / 4, GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST),
    work: upload('work', new Float32Array(groups * work_rows(sizes) * sizes.batch)),
    maps: upload('maps', options.maps),
    levels: take('levels', 2 * most_levels),
    particles: upload('particles', new Float32Array(slots * sizes.inputs * particles)),
    outcomes: upload('outcomes', new Float32Array(outcomes * particles)),
  };
  device.gpu.queue.writeBuffer(own.particles, 0, start);
  const energies = Float32Array.from({ length: particles }, (_, i) => normal_energy(start, sizes.inputs, i));
  device.gpu.queue.writeBuffer(own.outcomes, 4 * particles, energies);
  const group = kernel.bind({ ...own, weights: options.weights });
  let done = 0;
  const annealer: Annealer = {
    buffer: own.particles,
    async run(levels) {
      if (done + levels.length > most_levels) throw new Error(`more than ${most_levels} levels`);
      device.gpu.queue.writeBuffer(
        own.levels,
        8 * done,
        Float32Array.from(levels.flatMap(({ time, step }) => [time, step])),
      );
      device.gpu.queue.writeBuffer(
        own.params,
        0,
        Uint32Array.from([
          ...[shards, seeds, done, levels.length, options.transitions, options.leapfrogs],
          ...[...key, particles / 4],
        ]),
      );
      done += levels.length;
      device.submit('langevin.merge.anneal', (pass) => kernel.dispatch(pass, group, groups));
      await device.finish();
    },
    async read() {
      const both = new Float32Array(await device.read(own.particles, 4 * 2 * sizes.inputs * particles));
      const [u, force] = [both.slice(0, both.length / 2), both.slice(both.length / 2)];
      const numbers = new Float32Array(await device.read(own.outcomes, 4 * 3 * particles));
      const [log_weight, energy, accepted] = [0, 1, 2].map((k) => numbers.slice(k * particles, (k + 1) * particles));
      return { u, force, log_weight, energy, accepted } as Population;
    },
    put({ u, force, log_weight, energy }) {
      device.gpu.queue.writeBuffer(own.particles, 0, u);
      device.gpu.queue.writeBuffer(own.particles, u.byteLength, force);
      device.gpu.queue.writeBuffer(own.outcomes, 0, log_weight);
      device.gpu.queue.writeBuffer(own.outcomes, log_weight.byteLength, energy);
    },
    place(u) {
      device.gpu.queue.writeBuffer(own.particles, 0, u);
    },
    async energies(time) {
      if (options.transitions > 0) throw new Error('particles with transitions move');
      done = 0;
      await annealer.run([{ time, step: 0 }]);
      return new Float32Array(await device.read(own.outcomes, 4 * particles, 4 * particles));
    },
    destroy() {
      for (const buffer of Object.values(own)) device.buffers.give(buffer);
    },
  };
  return annealer;
}

/** −½|u|² of particle i. */
function normal_energy(u: Float32Array, dimension: number, i: number): number {
  let energy = 0;
  for (let d = 0; d < dimension; d++) energy -= 0.5 * (u[(d * u.length) / dimension + i] as number) ** 2;
  return energy;
}

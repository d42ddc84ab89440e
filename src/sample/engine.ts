/**
 * The GPU side of the HMC family: buffers, kernels, and what the host asks for: set positions, metric and law of lengths, let chains run, and read what they left.
 *
 * Chains are state machines (shaders/sample/chain.wgsl): `run` lets every chain that has not reached `limit` take so many leapfrog steps, and nothing waits for the host in between.
 */

import type { Device } from '../gpu/device.ts';
import { type KeptChains, read_chains, type Unread, write_chains } from './kept_chains.ts';
import { type ChainSizes, chain_memory } from './memory.ts';
import type { Metric } from './metric.ts';
import { type ChainParams, chain_word, chain_words, pack_params, phase, vector_slot } from './params.ts';
import { as_words, type Rows, word } from './rows.ts';
import { all_chains, type SeenChains } from './seen_chains.ts';
import { create_stepper, type Machine, type Stepper } from './stepper.ts';
import type { Target } from './target.ts';
import { type Law, law_kind } from './trajectory.ts';

/** What a run of leapfrog steps is told; the rest of `ChainParams` the engine knows. */
export type Run = Pick<ChainParams, 'ticks' | 'limit' | 'origin' | 'thinning' | 'most_steps' | 'epsilon'> & {
  machine: Machine;
  shared_length?: boolean;
  learning?: boolean;
  homeward?: boolean;
};

export interface Counts {
  /** Of log density and gradient together. */
  evaluations: Uint32Array;
  /** Of `evaluations`, those of the transition that is not finished. */
  under_way: Uint32Array;
  /** Transitions that are finished. */
  transitions: Uint32Array;
  /** Of `transitions`. */
  divergences: Uint32Array;
}

export interface Engine {
  readonly sizes: ChainSizes;
  /** [slot][D][chains], as in shaders/sample/bindings.wgsl. */
  readonly vectors: GPUBuffer;
  /** [slot][D][chains] */
  readonly recorded: GPUBuffer;
  /** Evaluates phi [D][chains] and makes it the first draw. Gives the log densities; NaN where a part of the gradient is not finite. */
  start(phi: Float32Array<ArrayBuffer>, key: readonly [number, number]): Promise<Float32Array>;
  set_metric(metric: Metric): void;
  set_law(law: Law): void;
  /** Submits leapfrog steps. Resolves when they are submitted. */
  run(run: Run): Promise<void>;
  /** Reads rows, one array per entry, [count][chains], in one read-back. Words of chains come as bits: see `as_words`. @param seen absent: of all chains */
  read(rows: readonly Rows[], seen?: SeenChains): Promise<Float32Array<ArrayBuffer>[]>;
  /** Reads all that the chains' next steps depend on beside the law and the model. @param unread kept draws that are on the device alone */
  keep(unread: Unread): Promise<KeptChains>;
  /** Goes on from there instead of from `start`. */
  put(kept: KeptChains, key: readonly [number, number]): void;
  /** Of every chain since `start`. */
  counts(): Promise<Counts>;
  /** Of every chain since the iteration `origin` of the last run, kept draws or not; NaN where energies never changed. */
  energy_fraction(): Promise<Float64Array>;
  destroy(): void;
}

export async function create_engine(
  device: Device,
  target: Target,
  sizes: ChainSizes,
  machines: readonly Machine[],
): Promise<Engine> {
  const { chains, dimension, capacity } = sizes;
  const own: Record<string, GPUBuffer> = {};
  for (const { role, bytes } of chain_memory(sizes)) {
    const usage = role === 'params' ? GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST : undefined;
    own[role] = device.buffers.take(`langevin.sample.${role}`, bytes, usage);
  }
  const buffer = (role: string) => own[role] as GPUBuffer;
  const destroy = () => {
    for (const one of Object.values(own)) device.buffers.give(one);
  };
  const machinery = new Map<Machine, Stepper>();
  try {
    for (const machine of machines) {
      machinery.set(machine, await create_stepper(device, target, { ...own, ...target.buffers }, sizes, machine));
    }
  } catch (error) {
    destroy();
    throw error;
  }
  const { queue } = device.gpu;
  let law = { law_kind: 0, law_length: 1 };
  let key: readonly [number, number] = [0, 0];

  const run = async ({ machine, shared_length = true, learning = false, homeward = false, ...run }: Run) => {
    const params = {
      ...{ ...run, ...law, chains, capacity, shared_length, learning, homeward, key },
      ...{ coordinates: dimension, blocks: target.blocks },
    };
    queue.writeBuffer(buffer('params'), 0, pack_params(params));
    await (machinery.get(machine) as Stepper)(run.ticks);
  };

  async function read(
    rows: readonly Rows[],
    seen: SeenChains = all_chains(chains),
  ): Promise<Float32Array<ArrayBuffer>[]> {
    const of = seen.count;
    const total = rows.reduce((sum, { count }) => sum + count, 0);
    const staging = device.buffers.take('langevin.sample.read', 4 * total * of);
    let at = 0;
    device.copy(
      rows.flatMap(({ buffer: role, first, count }) => {
        // Rows of all chains are one region.
        const whole = of === chains;
        const runs = whole ? [{ first: 0, count: chains * count }] : seen.runs;
        const regions = Array.from({ length: whole ? 1 : count }, (_, i) => {
          let to = of * (at + i);
          return runs.map((run) => {
            const target_offset = 4 * to;
            to += run.count;
            const source_offset = 4 * (chains * (first + i) + run.first);
            return { source: buffer(role), source_offset, target: staging, target_offset, bytes: 4 * run.count };
          });
        });
        at += count;
        return regions.flat();
      }),
    );
    const pending = device.read(staging, 4 * total * of);
    // The copy out of it is submitted: later users of the buffer come after.
    device.buffers.give(staging);
    const bytes = await pending;
    let offset = 0;
    return rows.map(({ count }) => {
      const part = new Float32Array(bytes, 4 * offset, count * of);
      offset += count * of;
      return part;
    });
  }

  return {
    sizes,
    vectors: buffer('vectors'),
    recorded: buffer('draws'),
    async start(phi, run_key) {
      key = run_key;
      const bytes = 4 * dimension * chains;
      queue.writeBuffer(buffer('vectors'), bytes * vector_slot.position, phi);
      const words = new Uint32Array(chain_words * chains);
      words.fill(phase.starting, chain_word.phase * chains, (chain_word.phase + 1) * chains);
      queue.writeBuffer(buffer('chain_words'), 0, words);
      const machine = machines[0] as Machine;
      await run({ machine, ticks: 1, limit: 0, origin: 0, thinning: 1, most_steps: 1, epsilon: 0 });
      const [log_densities, gradients] = (await read([
        { buffer: 'chain_words', first: chain_word.draw_log_density, count: 1 },
        { buffer: 'vectors', first: dimension * vector_slot.draw_gradient, count: dimension },
      ])) as [Float32Array, Float32Array];
      gradients.forEach((slope, i) => {
        if (!Number.isFinite(slope)) log_densities[i % chains] = Number.NaN;
      });
      return log_densities;
    },
    set_metric: ({ factor }) => queue.writeBuffer(buffer('metric'), 0, factor),
    set_law({ kind, lengths }) {
      queue.writeBuffer(buffer('law'), 0, lengths);
      law = { law_kind: law_kind[kind], law_length: lengths.length };
    },
    run,
    read,
    keep: (unread) => read_chains(device, own, sizes, unread),
    put(kept, run_key) {
      key = run_key;
      write_chains(device, own, sizes, kept);
    },
    async counts() {
      const rows = await read([
        word(chain_word.evaluations),
        word(chain_word.iteration),
        word(chain_word.divergences),
        word(chain_word.phase),
        word(chain_word.steps),
      ]);
      const [evaluations, transitions, divergences, phases, steps] = rows.map(as_words) as FiveRows;
      const under_way = steps.map((count, c) => (phases[c] === phase.waiting ? 0 : count));
      return { evaluations, under_way, transitions, divergences };
    },
    async energy_fraction() {
      const rows = await read([word(chain_word.energy_squares), word(chain_word.energy_jumps)]);
      const [squares, jumps] = rows as [Float32Array, Float32Array];
      return Float64Array.from(squares, (spread, c) => (spread > 0 ? (jumps[c] as number) / spread : Number.NaN));
    },
    destroy,
  };
}

type FiveRows = [Uint32Array, Uint32Array, Uint32Array, Uint32Array, Uint32Array];

/**
 * The genealogy of one particle filter: every particle's parent and state at every step, and from it the lines of those that are left at the end. Back in time they
 * meet: where all have one ancestor, the filter knows no more of that step's state than one path.
 */

import type { Device } from '../gpu/device.ts';
import { type BankOptions, create_filter_bank } from './bank.ts';

export interface LineageOptions extends Pick<BankOptions, 'model' | 'data' | 'particles' | 'proposal' | 'shape'> {
  /** Constrained. */
  theta: Float32Array<ArrayBuffer>;
  /** A pair. With the same theta and key it is the same filter, bit for bit, as in any other bank. */
  key: Uint32Array<ArrayBuffer>;
}

export interface Lineage {
  steps: number;
  particles: number;
  /** At t = 1…T; of particles at t, indices of those at t − 1. */
  parents(t: number): Uint32Array;
  /** Component i of the states at t = 0…T. */
  states(t: number, i: number): Float32Array;
}

/** Runs the filter once more and keeps what it usually forgets. */
export async function filter_lineage(device: Device, options: LineageOptions): Promise<Lineage> {
  const { theta, key, model, data, particles, proposal } = options;
  const shape = options.shape ?? (device.adapter.kind === 'software' ? 'lane' : 'workgroup');
  const bank = await create_filter_bank(device, {
    ...{ model, data, particles, shape, filters: 1, gradient: false, lineage: true },
    ...(proposal ? { proposal } : {}),
  });
  const { steps } = bank;
  const rows = 1 + model.state_size;
  try {
    device.gpu.queue.writeBuffer(bank.theta, 0, theta);
    device.gpu.queue.writeBuffer(bank.keys, 0, key);
    await bank.evaluate(1);
    const words = await device.read(bank.lineage as GPUBuffer, 4 * (steps + 1) * rows * particles);
    const at = (t: number, row: number) => 4 * (t * rows + row) * particles;
    return {
      ...{ steps, particles },
      parents: (t) => new Uint32Array(words, at(t, 0), particles),
      states: (t, i) => new Float32Array(words, at(t, 1 + i), particles),
    };
  } finally {
    bank.destroy();
  }
}

/** A piece of lines, from a particle at t − 1 to its child at t. */
export interface Link {
  t: number;
  parent: number;
  child: number;
  /** How many of the lines run through it. */
  heirs: number;
}

/** The lines of ancestors of some particles of the last step, piece by piece, the last step's first. Each piece stands once, however many lines run through it. */
export function ancestor_links({ steps, particles, parents }: Lineage, from: readonly number[]): Link[] {
  const links: Link[] = [];
  let heirs = new Uint32Array(particles);
  for (const last of from) heirs[last] = 1;
  for (let t = steps; t >= 1; t--) {
    const of = parents(t);
    const before = new Uint32Array(particles);
    heirs.forEach((count, child) => {
      if (count === 0) return;
      const parent = of[child] as number;
      before[parent] = (before[parent] as number) + count;
      links.push({ t, parent, child, heirs: count });
    });
    heirs = before;
  }
  return links;
}

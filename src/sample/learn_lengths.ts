/**
 * eHMC's law of trajectory lengths (arXiv 1810.04449): the longest batches, that is the numbers of leapfrog steps until a trajectory turns back towards its start, of
 * trajectories from draws of the target. Learned by all chains at once, and frozen.
 *
 * As published, learning is a run of HMC whose length is uniform on 1 … Q, Q the 0.95 quantile of the batches so far. Unlike the published code, the value that
 * Q starts from does not stay in the list, and batches that diverge are counted and told.
 */

import type { Runner } from './runner.ts';
import { type Law, uniform_lengths } from './trajectory.ts';

/** The longest batch that is followed. */
export const most_steps = 4096;
const first_quantile = 10;
const quantile_share = 0.95;

export interface Learned {
  /** Ascending. */
  batches: Uint32Array<ArrayBuffer>;
  /** Trajectories that diverged before they turned: the law says nothing of them. */
  unfinished: number;
}

export async function learn_lengths(
  runner: Runner,
  epsilon: number,
  transitions: number,
  on_iteration: (done: number) => void,
  signal?: AbortSignal,
): Promise<Learned> {
  // How often each length came.
  const counts = new Uint32Array(most_steps + 1);
  let finished = 0;
  let unfinished = 0;
  let quantile = first_quantile;
  while (finished + unfinished < transitions && !signal?.aborted) {
    const seen = await runner.iterate({
      machine: 'hmc',
      epsilon,
      most_steps,
      law: uniform_lengths(1, quantile),
      shared_length: false,
      learning: true,
    });
    for (const batch of seen.extra) {
      if (batch > 0) {
        counts[batch] = (counts[batch] as number) + 1;
        finished += 1;
      } else unfinished += 1;
    }
    if (finished > 0) quantile = quantile_of_counts(counts, finished, quantile_share);
    on_iteration(finished + unfinished);
  }
  return { batches: listed(counts, finished), unfinished };
}

/** Of an ascending list of so many: the place of the smallest value that a share p of the list does not exceed. */
const quantile_place = (length: number, p: number) => Math.max(0, Math.ceil(p * length) - 1);

function quantile_of_counts(counts: Uint32Array, total: number, p: number): number {
  const place = quantile_place(total, p);
  let value = 0;
  for (let below = counts[0] as number; below <= place; below += counts[value] as number) value += 1;
  return value;
}

/** Ascending. */
function listed(counts: Uint32Array, total: number): Uint32Array<ArrayBuffer> {
  const list = new Uint32Array(total);
  let at = 0;
  counts.forEach((count, value) => {
    list.fill(value, at, at + count);
    at += count;
  });
  return list;
}

/** At most so many of an ascending list, at equal distances, so that their law is the list's. */
export function thinned(batches: Uint32Array<ArrayBuffer>, most: number): Uint32Array<ArrayBuffer> {
  const { length } = batches;
  if (length <= most) return batches;
  return Uint32Array.from({ length: most }, (_, i) => batches[Math.floor(((i + 0.5) * length) / most)] as number);
}

/** ehmc: a batch from the list. ehmcu: uniform below such a batch. ehmcq: uniform below the list's 0.95 quantile. */
export function learned_law(kind: 'ehmc' | 'ehmcu' | 'ehmcq', batches: Uint32Array<ArrayBuffer>): Law {
  if (kind === 'ehmcq') return uniform_lengths(1, batches[quantile_place(batches.length, quantile_share)] as number);
  return { kind: kind === 'ehmc' ? 'draw' : 'draw_below', lengths: batches };
}

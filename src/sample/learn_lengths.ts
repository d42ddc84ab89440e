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
  const batches: number[] = [];
  let unfinished = 0;
  let quantile = first_quantile;
  while (batches.length + unfinished < transitions && !signal?.aborted) {
    const seen = await runner.iterate({
      machine: 'hmc',
      epsilon,
      most_steps,
      law: uniform_lengths(1, quantile),
      shared_length: false,
      learning: true,
    });
    for (const batch of seen.extra) {
      if (batch > 0) batches.push(batch);
      else unfinished += 1;
    }
    if (batches.length > 0)
      quantile = quantile_of(
        batches.toSorted((a, b) => a - b),
        0.95,
      );
    on_iteration(batches.length + unfinished);
  }
  return { batches: Uint32Array.from(batches.sort((a, b) => a - b)), unfinished };
}

/** Of an ascending list: the smallest value that a share p of the list does not exceed. */
const quantile_of = (sorted: readonly number[], p: number) =>
  sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] as number;

/** ehmc: a batch from the list. ehmcu: uniform below such a batch. ehmcq: uniform below the list's 0.95 quantile. */
export function learned_law(kind: 'ehmc' | 'ehmcu' | 'ehmcq', batches: Uint32Array<ArrayBuffer>): Law {
  if (kind === 'ehmcq') return uniform_lengths(1, quantile_of(Array.from(batches), 0.95));
  return { kind: kind === 'ehmc' ? 'draw' : 'draw_below', lengths: batches };
}

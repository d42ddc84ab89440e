/**
 * The law of trajectory lengths: the host's twin of shaders/sample/trajectory.wgsl, so that the host knows how many steps the iterations of a shared length take.
 */

import { site, type Words, words_at } from '../random/threefry.ts';

export interface Law {
  /** Take the list in turn; draw from it; or draw from it and then uniformly from 1 to that. */
  kind: 'cycle' | 'draw' | 'draw_below';
  /** Leapfrog steps, each at least 1. */
  lengths: Uint32Array<ArrayBuffer>;
}

export const law_kind = { cycle: 0, draw: 1, draw_below: 2 } as const;

export const fixed_length = (steps: number): Law => ({ kind: 'cycle', lengths: Uint32Array.of(steps) });

/** Uniform on {least, …, most}. */
export const uniform_lengths = (least: number, most: number): Law => ({
  kind: 'draw',
  lengths: Uint32Array.from({ length: most - least + 1 }, (_, i) => least + i),
});

/** Leapfrog steps of an iteration, of one chain or (chain 0) of all that share it. */
export function trajectory_length({ kind, lengths }: Law, key: Words, iteration: number, chain = 0): number {
  if (kind === 'cycle') return lengths[iteration % lengths.length] as number;
  const [first, second] = words_at(key, site.trajectory, iteration, chain);
  const length = lengths[first % lengths.length] as number;
  return kind === 'draw_below' ? 1 + (second % length) : length;
}

/** The mean of the law. */
export function mean_length({ kind, lengths }: Law): number {
  const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
  return kind === 'draw_below' ? (1 + mean) / 2 : mean;
}

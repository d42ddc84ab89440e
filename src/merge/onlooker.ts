/** Who watches a learned merge while it runs: a page. The merge waits for it, so it can hold it, and lead it step by step; what is learned and drawn does not depend on it. */

import type { Annealer } from './anneal.ts';
import type { LossPoint, MergeCheckpoint } from './run_training.ts';
import type { WhitenedShards } from './whiten.ts';

/** Where particles are at one level of noise. */
export interface ParticlesView {
  /** Scouts that find the levels, or the particles that become draws. */
  phase: 'path' | 'sampling';
  /** [row][particle]: u in the first D rows; θ = center + root · u. */
  particles: GPUBuffer;
  count: number;
  center: Float64Array;
  /** [D][D] */
  root: Float64Array;
  /** From 1, noise alone, to almost 0, the product. */
  time: number;
  /** Levels that are done, of so many where it is known. */
  done: number;
  of?: number;
}

export interface MergeOnlooker {
  /** Milliseconds of a dispatch of training. */
  wanted_ms: number;
  /** Updates of a dispatch at most, asked before each. */
  most_updates(): number;
  /** After each dispatch of training, from where a merge can go on. */
  on_losses(point: LossPoint, checkpoint: () => Promise<MergeCheckpoint>): void | Promise<void>;
  /** After each level. */
  on_particles(view: ParticlesView): void | Promise<void>;
}

/** Where there is nobody, nothing. */
export const show_particles =
  (onlooker: MergeOnlooker | undefined, { center, root }: WhitenedShards) =>
  ({ buffer }: Annealer, now: Omit<ParticlesView, 'particles' | 'center' | 'root'>) =>
    onlooker?.on_particles({ particles: buffer, center, root, ...now });

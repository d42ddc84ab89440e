/** Who watches chains while they run: a page. The chains wait for it after every dispatch, so it can hold them, and lead them step by step; what they do does not depend on it. */

import type { SampleCheckpoint } from './checkpoint.ts';

export interface ChainsView {
  chains: number;
  /** D */
  dimension: number;
  /** [row][chain]: unconstrained coordinates of the chains' last draws are the D rows from `draws` on, and of where their trajectories are now those from `positions` on. */
  vectors: GPUBuffer;
  draws: number;
  positions: number;
  /** [slot][D][chains]: draws that are kept, draw n of every chain in slot n modulo `capacity`. */
  recorded: GPUBuffer;
  capacity: number;
}

export interface Onlooker {
  /** After leapfrog steps were submitted. */
  on_turn(view: ChainsView): void | Promise<void>;
  /** Milliseconds of a dispatch. */
  wanted_ms: number;
  /** Draws of every chain that are read together. */
  block: number;
  /** Leapfrog steps of a dispatch at most, asked before each. */
  most_steps(): number;
  /** Before each dispatch of sampling: a place to go on from. */
  on_place?(checkpoint: () => Promise<SampleCheckpoint>): void | Promise<void>;
}

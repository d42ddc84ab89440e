/** Where a run stands while it samples: all that its draws, and what is told of them, depend on beside the options. */

import type { Adapted } from './adapt.ts';
import type { KeptRecording } from './blocks.ts';
import type { KeptClock } from './clock.ts';
import type { CollectedDraws } from './collect.ts';

export interface SampleCheckpoint extends KeptRun {
  adapted: Adapted;
  /** Of sampling. */
  clock: KeptClock;
}

/** Of the chains, and what was taken of them. */
export interface KeptRun {
  recording: KeptRecording;
  /** Absent where chains keep moments, on the device. */
  draws?: CollectedDraws;
}

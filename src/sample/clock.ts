/** What each part of a run costs: time, and what the chains counted. */

import type { Counts, Engine } from './engine.ts';

export interface Lap {
  seconds: number;
  /** Over all chains, as all that follows. */
  evaluations: number;
  /** Of `evaluations`, those of transitions that are not finished. */
  under_way: number;
  transitions: number;
  divergences: number;
}

/** A lap under way. */
export interface KeptClock {
  seconds: number;
  /** When it began. */
  counts: Counts | undefined;
}

export interface Clock {
  /** What was done since the last lap. */
  lap(): Promise<Lap>;
  keep(): KeptClock;
}

/** @param from the lap that is gone on with; absent: all begins */
export function create_clock(engine: Engine, from?: KeptClock): Clock {
  let started = performance.now() - 1000 * (from?.seconds ?? 0);
  let before = from?.counts;
  const seconds = () => (performance.now() - started) / 1000;
  // Counters are u32 and may wrap.
  const since = (now: Uint32Array, then: Uint32Array | undefined) =>
    now.reduce((sum, n, c) => sum + ((n - (then?.[c] ?? 0)) >>> 0), 0);
  return {
    async lap() {
      const now = await engine.counts();
      const lap = {
        seconds: seconds(),
        evaluations: since(now.evaluations, before?.evaluations),
        under_way: now.under_way.reduce((a, b) => a + b, 0),
        transitions: since(now.transitions, before?.transitions),
        divergences: since(now.divergences, before?.divergences),
      };
      before = now;
      started = performance.now();
      return lap;
    },
    keep: () => ({ seconds: seconds(), counts: before }),
  };
}

/**
 * Waiting for a software adapter without taking the core it computes on.
 *
 * While a promise of Dawn's is pending, `webgpu` asks the driver from `setImmediate`, again and again: the JavaScript thread is busy all the time it waits. A software adapter
 * wants that core for the shaders (of two cores it lost a third). So between two turns of the event loop we sleep: a little of the time
 * waited so far, so that an answer is late by a small share of what it took. On a GPU nothing is gained by it, and nothing of this is used.
 */

const cell = new Int32Array(new SharedArrayBuffer(4));

/** Longest sleep, ms: the event loop still turns often enough for signals and progress. */
const longest = 2;

/** Share of the time waited so far that one sleep may take. */
const share = 0.05;

/** Below this, ms, the timer's own cost is longer than the sleep. */
const shortest = 0.05;

export interface Pace {
  /** Slows the event loop down until the promise is settled, or `stop`. Returns at once. */
  wait(pending: Promise<unknown>): void;
  /** For good: nothing is waited for any more. */
  stop(): void;
}

export interface PaceClock {
  now(): number;
  sleep(ms: number): void;
}

const system_clock: PaceClock = { now: () => performance.now(), sleep: (ms) => Atomics.wait(cell, 0, 0, ms) };

/** However many promises are waited for, one sleep per turn. */
export function create_pace(clock: PaceClock = system_clock): Pace {
  const begun = new Map<Promise<unknown>, number>();
  let turning = false;
  const turn = () => {
    turning = begun.size > 0;
    if (!turning) return;
    // The youngest decides: what was just asked for may be there at once.
    const youngest = Math.max(...begun.values());
    const ms = Math.min(longest, share * (clock.now() - youngest));
    if (ms > shortest) clock.sleep(ms);
    setImmediate(turn);
  };
  return {
    wait(pending) {
      begun.set(pending, clock.now());
      const settled = () => begun.delete(pending);
      pending.then(settled, settled);
      if (turning) return;
      turning = true;
      setImmediate(turn);
    },
    stop: () => begun.clear(),
  };
}

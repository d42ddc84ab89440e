/**
 * Waiting for the GPU without burning a core.
 *
 * While a promise of Dawn's is pending, `webgpu` asks the driver from `setImmediate`, again and again: the JavaScript thread is busy all the time it waits. On a software
 * adapter that core is one the shaders want (two cores: a third of all CPU time). So between two turns of the event loop we sleep: a little of the time
 * waited so far, so that an answer is late by a small share of what it took.
 */

const cell = new Int32Array(new SharedArrayBuffer(4));

/** Longest sleep, ms: the event loop still turns often enough for signals and progress. */
const longest = 2;

/** Share of the time waited so far that one sleep may take. */
const share = 0.05;

/** Slows the event loop down until the promise is settled. Returns at once. */
export function pace(pending: Promise<unknown>): void {
  const begun = performance.now();
  let waiting = true;
  const settled = () => {
    waiting = false;
  };
  pending.then(settled, settled);
  const turn = () => {
    if (!waiting) return;
    const sleep = Math.min(longest, share * (performance.now() - begun));
    // Below that the timer's own cost is longer than the sleep.
    if (sleep > 0.05) Atomics.wait(cell, 0, 0, sleep);
    setImmediate(turn);
  };
  setImmediate(turn);
}

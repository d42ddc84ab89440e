// Acceptance: counts and bounds of the sleeps that are asked for, with the sleep itself replaced by one that only notes its length (it still
// takes that long, so that time passes); no tolerance but the stated share and the longest sleep.

import { describe, expect, it } from 'vitest';
import { create_pace } from '../../src/node/paced_wait.ts';

const busy = (ms: number) => {
  const end = performance.now() + ms;
  while (performance.now() < end);
};

function noted_pace() {
  const sleeps: { at: number; ms: number }[] = [];
  const pace = create_pace((ms) => {
    sleeps.push({ at: performance.now(), ms });
    busy(ms);
  });
  return { pace, sleeps };
}

const delay = (ms: number) => new Promise<string>((resolve) => setTimeout(() => resolve('done'), ms));
const turns = (count: number) =>
  Array.from({ length: count }).reduce<Promise<void>>(
    (before) => before.then(() => new Promise((resolve) => setImmediate(resolve))),
    Promise.resolve(),
  );

describe('pacing', () => {
  it('returns at once and sleeps a twentieth of the time waited, at most 2 ms', async () => {
    const { pace, sleeps } = noted_pace();
    const begun = performance.now();
    const pending = delay(120);
    pace.wait(pending);
    expect(sleeps).toEqual([]);
    expect(await pending).toBe('done');
    expect(sleeps.length).toBeGreaterThan(20);
    for (const { at, ms } of sleeps) {
      expect(ms).toBeLessThanOrEqual(2);
      expect(ms).toBeLessThanOrEqual(0.05 * (at - begun));
    }
  });

  it('stops when the promise is settled, also when it is rejected, and leaves the rejection to its owner', async () => {
    const { pace, sleeps } = noted_pace();
    const pending = delay(20).then(() => Promise.reject(new Error('lost')));
    pace.wait(pending);
    await expect(pending).rejects.toThrow('lost');
    await turns(2);
    const count = sleeps.length;
    await delay(20);
    expect(sleeps.length).toBe(count);
  });

  it('sleeps once per turn, however many promises are waited for, and by the youngest', async () => {
    const { pace, sleeps } = noted_pace();
    const forever = [delay(150), delay(150), delay(150)];
    for (const pending of forever) pace.wait(pending);
    await delay(60);
    const before = sleeps.length;
    let counted = 0;
    const pending = delay(1000);
    const asked = performance.now();
    pace.wait(pending);
    for (; counted < 5; counted++) await turns(1);
    const new_sleeps = sleeps.slice(before);
    expect(new_sleeps.length).toBeLessThanOrEqual(counted + 1);
    for (const { at, ms } of new_sleeps) expect(ms).toBeLessThanOrEqual(Math.max(0.05 * (at - asked), 0));
    pace.stop();
    const stopped = sleeps.length;
    await turns(5);
    expect(sleeps.length).toBe(stopped);
  });
});

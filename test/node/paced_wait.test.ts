// Acceptance: which sleeps are asked for, by a clock of the test's own: a turn of the event loop takes a tenth of a millisecond of it, and a
// sleep what it asks for. So the counts follow from the stated share and the longest sleep, however busy the machine is.

import { describe, expect, it } from 'vitest';
import { create_pace } from '../../src/node/paced_wait.ts';

const turn_ms = 0.1;

function noted_pace() {
  const sleeps: { at: number; ms: number }[] = [];
  let time = 0;
  const pace = create_pace({
    now: () => time,
    sleep(ms) {
      sleeps.push({ at: time, ms });
      time += ms;
    },
  });
  const turn = async () => {
    time += turn_ms;
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { pace, sleeps, turn, now: () => time };
}

function pending_promise() {
  let settle = { resolve: (_: string) => {}, reject: (_: Error) => {} };
  const promise = new Promise<string>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, ...settle };
}

describe('pacing', () => {
  it('returns at once and sleeps a twentieth of the time waited, at most 2 ms', async () => {
    const { pace, sleeps, turn, now } = noted_pace();
    const { promise, resolve } = pending_promise();
    pace.wait(promise);
    expect(sleeps).toEqual([]);
    while (now() < 120) await turn();
    resolve('done');
    expect(await promise).toBe('done');
    for (const { at, ms } of sleeps) expect(ms).toBeCloseTo(Math.min(2, at / 20), 9);
    // From 40 ms on all sleeps are the longest: (120 − 40) / (2 + 0.1) of them, and one or none that the end cuts.
    const longest = sleeps.filter(({ ms }) => ms === 2).length;
    expect(Math.abs(longest - 80 / (2 + turn_ms))).toBeLessThanOrEqual(1);
  });

  it('stops when the promise is settled, also when it is rejected, and leaves the rejection to its owner', async () => {
    const { pace, sleeps, turn, now } = noted_pace();
    const { promise, reject } = pending_promise();
    pace.wait(promise);
    while (now() < 20) await turn();
    expect(sleeps.length).toBeGreaterThan(0);
    reject(new Error('lost'));
    await expect(promise).rejects.toThrow('lost');
    await turn();
    const count = sleeps.length;
    for (let turns = 0; turns < 50; turns++) await turn();
    expect(sleeps.length).toBe(count);
  });

  it('sleeps once per turn, however many promises are waited for, and by the youngest', async () => {
    const { pace, sleeps, turn, now } = noted_pace();
    for (let count = 0; count < 3; count++) pace.wait(pending_promise().promise);
    while (now() < 60) await turn();
    const before = sleeps.length;
    const asked = now();
    pace.wait(pending_promise().promise);
    for (let turns = 0; turns < 100; turns++) await turn();
    const new_sleeps = sleeps.slice(before);
    expect(new_sleeps.length).toBeGreaterThan(0);
    expect(new_sleeps.length).toBeLessThanOrEqual(100);
    for (const { at, ms } of new_sleeps) expect(ms).toBeCloseTo(Math.min(2, (at - asked) / 20), 9);
    pace.stop();
    await turn();
    const stopped = sleeps.length;
    for (let turns = 0; turns < 50; turns++) await turn();
    expect(sleeps.length).toBe(stopped);
  });
});

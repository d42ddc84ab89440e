// Chains are state machines: how leapfrog steps are cut into dispatches, iterations into blocks, and whether anybody looks in between, does not change a bit of the draws. Acceptance: equality.

import { describe, expect, it } from 'vitest';
import { stat_row } from '../../src/sample/params.ts';
import type { Transition } from '../../src/sample/steps.ts';
import { uniform_lengths } from '../../src/sample/trajectory.ts';
import { use_device } from '../device.ts';
import { numbers } from '../smc2/population.ts';
import { type Ran, run_chains, with_runner } from './chains.ts';
import { gaussian, gaussian_draws } from './gaussian.ts';

const device = use_device();
const target = gaussian([1, 3, 0.5], 0.4);
const { dimension } = target;
const chains = 45;
const iterations = 17;
const law = uniform_lengths(1, 9);
const transitions: (Transition & { name: string })[] = [
  { name: 'hmc, one length for all', machine: 'hmc', epsilon: 0.4, most_steps: 100, law },
  { name: 'hmc, a length for each', machine: 'hmc', epsilon: 0.4, most_steps: 100, law, shared_length: false },
  { name: 'hmc that learns', machine: 'hmc', epsilon: 0.4, most_steps: 100, law, learning: true },
  { name: 'nuts', machine: 'nuts', epsilon: 0.4, most_steps: 8 },
];
const rows = Object.keys(stat_row) as (keyof typeof stat_row)[];

/** All that an iteration says of all chains. */
const everything = (ran: Ran, n: number) => [
  ...numbers(dimension, (d) => Array.from(ran.draws(n, d))),
  ...rows.map((row) => Array.from(ran.stat(n, row))),
];

describe.each(transitions)('$name', ({ name: _, ...transition }) => {
  const setting = { model: target.model, chains, start: gaussian_draws(target, chains, 2), key: [4, 44] as const };
  const whole = () => run_chains(device(), { ...setting, transition, iterations });

  it('goes iteration by iteration as in one run', async () => {
    const at_once = await whole();
    await with_runner(device(), { ...setting, machines: [transition.machine] }, async (runner) => {
      for (let n = 0; n < iterations; n++) {
        const seen = await runner.iterate(transition);
        expect(seen.chains).toBe(chains);
        expect(runner.done).toBe(n + 1);
        const draws = numbers(dimension, (d) => Array.from(at_once.draws(n, d))).flat();
        expect(Array.from(seen.draws)).toEqual(draws);
        for (const row of ['acceptance', 'extra', 'diverging'] as const) {
          expect(seen[row]).toEqual(at_once.stat(n, row));
        }
      }
      expect((await runner.engine.counts()).evaluations).toEqual(at_once.evaluations);
    });
  });

  it('goes in blocks as in one run', async () => {
    const [at_once, in_blocks] = [
      await whole(),
      await run_chains(device(), { ...setting, transition, iterations, capacity: 6 }),
    ];
    expect(at_once.blocks).toEqual([iterations]);
    expect(in_blocks.blocks).toEqual([3, 3, 3, 3, 3, 2]);
    for (let n = 0; n < iterations; n++) expect(everything(in_blocks, n)).toEqual(everything(at_once, n));
    expect(in_blocks.evaluations).toEqual(at_once.evaluations);
  });

  it('keeps one of three', async () => {
    const thinned = await run_chains(device(), { ...setting, transition, iterations, capacity: 4, thinning: 3 });
    const at_once = await whole();
    expect(thinned.blocks.reduce((a, b) => a + b, 0)).toBe(5);
    for (let n = 0; n < 5; n++) expect(everything(thinned, n)).toEqual(everything(at_once, 3 * n + 2));
  });

  it.each([
    { what: 'within its first block', capacity: 4096, thinning: 1, enough: 3 },
    { what: 'within a later one', capacity: 8, thinning: 1, enough: 14 },
    { what: 'between draws that it keeps', capacity: 4096, thinning: 3, enough: 7 },
  ])('stops when told to, $what, with all draws that all chains have', async ({ capacity, thinning, enough }) => {
    const stopped = await with_runner(
      device(),
      { ...setting, machines: [transition.machine], capacity },
      async (runner) => {
        const stop = new AbortController();
        const taken: number[] = [];
        const told: number[] = [];
        const kept = await runner.record(transition, 3000, {
          thinning,
          signal: stop.signal,
          on_reached(done) {
            told.push(done);
            if (done >= enough) stop.abort();
          },
          take: (block) => taken.push(...block.draws),
        });
        const counts = await runner.engine.counts();
        expect(Math.min(...counts.transitions)).toBe(runner.done);
        expect(told.at(-1)).toBe(runner.done);
        return { kept, taken, done: runner.done };
      },
    );
    expect(stopped.done).toBeGreaterThanOrEqual(enough);
    expect(stopped.done).toBeLessThan(3000);
    expect(stopped.kept).toBe(Math.floor(stopped.done / thinning));
    const whole = await run_chains(device(), { ...setting, transition, iterations: stopped.done });
    const kept = numbers(stopped.kept, (n) =>
      numbers(dimension, (d) => Array.from(whole.draws(thinning * (n + 1) - 1, d))),
    );
    expect(stopped.taken).toEqual(kept.flat(2));
  });
});

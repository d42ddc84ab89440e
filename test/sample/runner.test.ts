// Chains are state machines: how leapfrog steps are cut into dispatches, iterations into blocks, and whether anybody looks in between, does not change a bit of the draws. Acceptance: equality.

import { describe, expect, it } from 'vitest';
import { stat_row } from '../../src/sample/params.ts';
import type { Transition } from '../../src/sample/runner.ts';
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

  it('stops when told to, with whole blocks of what was done', async () => {
    const at_once = await whole();
    await with_runner(device(), { ...setting, machines: [transition.machine], capacity: 4 }, async (runner) => {
      const stop = new AbortController();
      const taken: Float32Array[] = [];
      await runner.record(transition, 1000, {
        thinning: 1,
        signal: stop.signal,
        take(block) {
          taken.push(block.draws);
          if (taken.length === 2) stop.abort();
        },
      });
      expect(taken.length).toBeGreaterThanOrEqual(2);
      expect(runner.done).toBeLessThan(1000);
      expect(runner.done).toBeGreaterThanOrEqual(2 * taken.length);
      const wanted = numbers(4, (n) => numbers(dimension, (d) => Array.from(at_once.draws(n, d)))).flat(2);
      expect(taken.slice(0, 2).flatMap((block) => Array.from(block))).toEqual(wanted);
    });
  });
});

// Of very many chains warm-up looks at 1024 from all over: chains of one superchain are neighbours, and the first 1024 would know one start only. Acceptance: whole numbers and equality.

import { describe, expect, it } from 'vitest';
import type { stat_row } from '../../src/sample/params.ts';
import { seen_chains } from '../../src/sample/seen_chains.ts';
import { uniform_lengths } from '../../src/sample/trajectory.ts';
import { use_device } from '../device.ts';
import { numbers } from '../smc2/population.ts';
import { run_chains, with_runner } from './chains.ts';
import { gaussian, gaussian_draws } from './gaussian.ts';

const device = use_device();

const listed = (chains: number) =>
  seen_chains(chains).runs.flatMap(({ first, count }) => numbers(count, (i) => first + i));

describe('the chains', () => {
  it.each([1, 45, 1023, 1024])('all of %d', (chains) => {
    expect(seen_chains(chains).count).toBe(chains);
    expect(listed(chains)).toEqual(numbers(chains, (c) => c));
  });

  it.each([1025, 1500, 2048, 65521, 65536])(
    '1024 of %d, each once, none beyond the last, no gap that is far longer than others',
    (chains) => {
      const seen = listed(chains);
      expect([seen_chains(chains).count, seen.length, new Set(seen).size]).toEqual([1024, 1024, 1024]);
      expect(seen[0]).toBe(0);
      const gaps = seen.map((c, i) => (seen[i + 1] ?? chains) - c);
      expect(Math.min(...gaps)).toBeGreaterThan(0);
      expect(Math.max(...gaps)).toBeLessThanOrEqual(Math.ceil(chains / 32));
    },
  );

  it.each([2, 8, 32])('as many of each of %d superchains', (superchains) => {
    const size = 65536 / superchains;
    const counts = new Array<number>(superchains).fill(0);
    for (const c of listed(65536)) counts[Math.floor(c / size)] = (counts[Math.floor(c / size)] as number) + 1;
    expect(new Set(counts)).toEqual(new Set([1024 / superchains]));
  });
});

it('what an iteration tells is of those chains', async () => {
  const target = gaussian([1, 2], 0.3);
  const chains = 1500;
  const transition = { machine: 'hmc', epsilon: 0.4, most_steps: 100, law: uniform_lengths(1, 9) } as const;
  const setting = { model: target.model, chains, start: gaussian_draws(target, chains, 4), key: [7, 70] as const };
  const all = await run_chains(device(), { ...setting, transition, iterations: 2 });
  const of_seen = (row: Float32Array) => listed(chains).map((c) => row[c]);
  await with_runner(device(), { ...setting, machines: ['hmc'] }, async (runner) => {
    for (let n = 0; n < 2; n++) {
      const seen = await runner.iterate(transition);
      expect(seen.chains).toBe(1024);
      expect(Array.from(seen.draws)).toEqual([0, 1].flatMap((d) => of_seen(all.draws(n, d))));
      for (const row of ['acceptance', 'energy'] as const satisfies (keyof typeof stat_row)[]) {
        expect(Array.from(seen[row])).toEqual(of_seen(all.stat(n, row)));
      }
    }
  });
});

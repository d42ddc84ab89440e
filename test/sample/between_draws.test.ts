// What happens in transitions whose draws are not kept is told all the same: E-FMI and divergences are those of every transition.
//
// Acceptance. A thinned run walks as the whole one, so its sums are equal bit for bit and its flags are exact. E-FMI against float64: each of n = 60 energies adds to sums of squares in f32, with
// four roundings of 2⁻²⁴ of a sum that only grows: 60 · 4 · 2⁻²⁴ = 1.4e-5 of it, for each of two sums, and the energies (up to 10, differences of 0.1 and more) are rounded before they come: 5e-5.

import { describe, expect, it } from 'vitest';
import { energy_fraction } from '../../src/diagnostics/efmi.ts';
import type { Block } from '../../src/sample/blocks.ts';
import type { Transition } from '../../src/sample/steps.ts';
import { uniform_lengths } from '../../src/sample/trajectory.ts';
import { use_device } from '../device.ts';
import { numbers } from '../smc2/population.ts';
import { run_chains, with_runner } from './chains.ts';
import { walled, walled_draws } from './walled.ts';

const device = use_device();
const chains = 50;
const iterations = 60;
const thinning = 4;
const wall = -2;
const setting = { ...walled(wall, 'NaN'), chains, start: walled_draws(wall, chains, 5), key: [3, 33] as const };
const transitions: (Transition & { name: string })[] = [
  { name: 'hmc', machine: 'hmc', epsilon: 0.5, most_steps: 100, law: uniform_lengths(1, 5), shared_length: false },
  { name: 'nuts', machine: 'nuts', epsilon: 0.5, most_steps: 6 },
];

describe.each(transitions)('$name', ({ name: _, ...transition }) => {
  const run = (settings: { thinning?: number } = {}) =>
    run_chains(device(), { ...setting, transition, iterations, ...settings });

  it('every transition counts, also between kept draws', async () => {
    const [whole, thinned] = [await run(), await run({ thinning })];
    expect(thinned.divergences).toEqual(whole.divergences);
    expect(thinned.energy_fraction).toEqual(whole.energy_fraction);
    let hidden = 0;
    for (let c = 0; c < chains; c++) {
      const energy = Float64Array.from({ length: iterations }, (_, n) => whole.stat(n, 'energy')[c] as number);
      const wanted = energy_fraction(energy);
      expect(Math.abs((whole.energy_fraction[c] as number) / wanted - 1)).toBeLessThan(5e-5);
      for (let kept = 0; kept < iterations / thinning; kept++) {
        const since = numbers(thinning, (i) => whole.stat(thinning * kept + i, 'diverging')[c] as number);
        expect(thinned.stat(kept, 'diverging')[c]).toBe(Math.max(...since));
        hidden += Number(since.at(-1) === 0 && Math.max(...since) === 1);
      }
    }
    // The test would say nothing if none diverged between kept draws.
    expect(hidden).toBeGreaterThan(5);
  });

  it('and those before the record do not', async () => {
    await with_runner(device(), { ...setting, machines: [transition.machine] }, async (runner) => {
      for (let n = 0; n < 5; n++) await runner.iterate(transition);
      const blocks: Block[] = [];
      await runner.record(transition, 30, { thinning: 1, take: (block) => blocks.push(block) });
      const seen = await runner.engine.energy_fraction();
      const row = 1;
      const stats = blocks.flatMap(({ stats, iterations: count }) =>
        numbers(count, (i) => stats.subarray((i * stats.length) / count, ((i + 1) * stats.length) / count)),
      );
      seen.forEach((value, c) => {
        const wanted = energy_fraction(Float64Array.from(stats, (all) => all[row * chains + c] as number));
        expect(Math.abs(value / wanted - 1)).toBeLessThan(5e-5);
      });
    });
  });
});

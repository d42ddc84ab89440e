// Acceptance: exact. Chains start at their own random numbers, or at the next attempt's where the density is zero; f32 and float64 may differ about a point on the wall itself, which none is.

import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/model/user_error.ts';
import { site, uniform_at } from '../../src/random/threefry.ts';
import type { Engine } from '../../src/sample/engine.ts';
import { vector_slot } from '../../src/sample/params.ts';
import { start_chains } from '../../src/sample/start.ts';
import { use_device } from '../device.ts';
import { numbers } from '../smc2/population.ts';
import { with_engine } from './chains.ts';
import { column } from './gaussian.ts';
import { type Beyond, walled } from './walled.ts';

const device = use_device();
const chains = 50;
const key = [6, 66] as const;

const positions = async (engine: Engine) => {
  const [rows] = await engine.read([{ buffer: 'vectors', first: 2 * vector_slot.draw_position, count: 2 }]);
  return numbers(chains, (c) => column(rows as Float32Array, chains, c));
};

describe.each<Beyond>(['minus infinity', 'NaN'])('density zero by %s', (beyond) => {
  const inside = <T>(wall: number, body: (engine: Engine) => Promise<T>) =>
    with_engine(device(), { ...walled(wall, beyond), chains, machines: ['nuts'] }, body);

  it('chains start at the first attempt that the target allows', async () => {
    const wall = 0.5;
    await inside(wall, async (engine) => {
      await start_chains(engine, key, {});
      const wanted = numbers(chains, (c) => {
        for (let attempt = 0; ; attempt++) {
          const at = numbers(2, (d) => Math.fround(2 * (2 * uniform_at(key, site.start, attempt, 2 * c + d) - 1)));
          if ((at[0] as number) >= wall) return at;
        }
      });
      expect(await positions(engine)).toEqual(wanted);
    });
  });

  it('chains of a superchain start together, each where the target allows', async () => {
    await inside(0.5, async (engine) => {
      await start_chains(engine, key, { superchains: 5 });
      const at = await positions(engine);
      const together = numbers(5, (s) => at.slice(10 * s, 10 * s + 10));
      for (const group of together) for (const point of group) expect(point).toEqual(group[0]);
      expect(new Set(together.map((group) => JSON.stringify(group[0]))).size).toBe(5);
      for (const [x] of at) expect(x).toBeGreaterThanOrEqual(0.5);
    });
  });

  it('says so when there is no place to start', async () => {
    await inside(3, async (engine) => {
      const error = await start_chains(engine, key, {}).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(UserError);
      expect((error as Error).message).toMatch(/^Chain 1 found no start/);
    });
  });

  it('starts where it is told, or says which chain cannot', async () => {
    await inside(0, async (engine) => {
      const given = Float32Array.from({ length: 2 * chains }, (_, i) => i / 64);
      await start_chains(engine, key, { start: given });
      expect(await positions(engine)).toEqual(numbers(chains, (c) => column(given, chains, c)));
      given[7] = -1;
      const error = await start_chains(engine, key, { start: given }).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(UserError);
      expect((error as Error).message).toMatch(/start of chain 8/);
    });
  });
});

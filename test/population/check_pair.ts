// The posterior of models/pair.mjs: x ~ N(1, 4), y | x ~ N(x, 1).

import { expect } from 'vitest';
import { chain_statistics } from '../../src/diagnostics/chain_statistics.ts';
import type { GatheredDraws } from '../../src/population/gather.ts';

/** Mean and sd within 4.5 standard errors by the effective sample size of the draws. */
export function check_pair({ parameters }: GatheredDraws, name: 'x' | 'y'): void {
  const found = chain_statistics(parameters.get(name) as Float64Array[]);
  const sd = Math.sqrt(name === 'x' ? 4 : 5);
  expect((Math.abs(found.mean - 1) / sd) * Math.sqrt(found.ess_mean)).toBeLessThan(4.5);
  expect(Math.abs(found.sd / sd - 1) * Math.sqrt(2 * found.ess_sd)).toBeLessThan(4.5);
}

// Acceptance: equal to what R's `posterior` prints for the same draws to 1e-10 relative (the figure; rounding of other
// orders of summation leaves less than 1e-12), NaN where it has none; nested R-hat and E-FMI to what R computes from their papers'
// formulas. posterior_reference.R makes the file and has the command.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Chains } from '../../src/diagnostics/chains.ts';
import { split_chains } from '../../src/diagnostics/chains.ts';
import { energy_fraction } from '../../src/diagnostics/efmi.ts';
import * as ess from '../../src/diagnostics/ess.ts';
import * as mcse from '../../src/diagnostics/mcse.ts';
import { nested_rhat } from '../../src/diagnostics/nested_rhat.ts';
import { rhat, rhat_basic } from '../../src/diagnostics/rhat.ts';
import { reference_draws } from './reference_draws.ts';

const statistics: Record<string, (chains: Chains) => number> = {
  rhat: (chains) => rhat(chains),
  rhat_basic,
  rhat_split: (chains) => rhat_basic(split_chains(chains)),
  ess_basic: ess.ess,
  ess_bulk: ess.ess_bulk,
  ess_tail: (chains) => ess.ess_tail(chains),
  ess_mean: ess.ess_mean,
  ess_sd: ess.ess_sd,
  ess_median: ess.ess_median,
  ess_quantile10: (chains) => ess.ess_quantile(chains, 0.1),
  ess_square: ess.ess_square,
  mcse_mean: mcse.mcse_mean,
  mcse_sd: mcse.mcse_sd,
  mcse_median: mcse.mcse_median,
  mcse_quantile10: (chains) => mcse.mcse_quantile(chains, 0.1),
  energy_fraction: ([first = new Float64Array()]) => energy_fraction(first),
};
/** Chains per superchain, as in posterior_reference.R. */
const superchains: Record<string, number> = { superchains: 2, superchains_of_one: 1, superchains_of_one_draw: 4 };

const draws = reference_draws();
const expected = readFileSync(new URL('posterior_reference.csv', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .slice(2)
  .map((line) => line.split(','));

describe('diagnostics of chains', () => {
  it('are compared for every case and statistic', () => {
    const cases = Object.keys(draws);
    expect(new Set(expected.map(([name]) => name))).toEqual(new Set(cases));
    expect(expected).toHaveLength(cases.length * Object.keys(statistics).length + Object.keys(superchains).length);
  });

  it.each(Object.keys(draws))('are those of R’s posterior: %s', (name) => {
    const chains = draws[name] as Float64Array[];
    const rows = expected.filter(([of]) => of === name);
    const found = rows.map(([, statistic = '', text]) => {
      const value =
        statistic === 'nested_rhat'
          ? nested_rhat(group(chains, superchains[name] as number))
          : (statistics[statistic] as (chains: Chains) => number)(chains);
      const wanted = Number(text);
      // Where no half chain varies but in R's rounding.
      const infinite = value > 1e12 && wanted > 1e12;
      const equal = infinite || Object.is(value, wanted) || Math.abs(value - wanted) <= 1e-10 * Math.abs(wanted);
      return equal ? '' : `${statistic}: ${value}, not ${text}`;
    });
    expect(found.filter((message) => message !== '')).toEqual([]);
  });
});

function group(chains: readonly Float64Array[], size: number): Float64Array[][] {
  return Array.from({ length: chains.length / size }, (_, k) => chains.slice(k * size, (k + 1) * size));
}

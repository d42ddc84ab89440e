// Acceptance: 48 parameters × 17 statistics that ArviZ's repository keeps, made with R's `posterior`, to 1e-10 relative. The data
// lie beside the project (shared/data), not in it; where they are absent the test says so.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { combine_draws } from '../../src/data/draws_file.ts';
import { read_draws } from '../../src/data/read_draws.ts';
import type { Chains } from '../../src/diagnostics/chains.ts';
import { ess, ess_bulk, ess_mean, ess_median, ess_quantile, ess_sd, ess_tail } from '../../src/diagnostics/ess.ts';
import { mcse_mean, mcse_median, mcse_quantile, mcse_sd } from '../../src/diagnostics/mcse.ts';
import { rhat, rhat_basic } from '../../src/diagnostics/rhat.ts';

const folder = new URL('../../../shared/data/arviz-reference/', import.meta.url);
const there = existsSync(folder);
const read = (name: string) => readFileSync(new URL(name, folder), 'utf8');

const statistics: Record<string, (chains: Chains) => number> = {
  rhat_rank: (chains) => rhat(chains),
  rhat_raw: rhat_basic,
  ess_bulk,
  ess_tail: (chains) => ess_tail(chains),
  ess_mean,
  ess_sd,
  ess_median,
  ess_raw: ess,
  ess_quantile01: (chains) => ess_quantile(chains, 0.01),
  ess_quantile10: (chains) => ess_quantile(chains, 0.1),
  ess_quantile30: (chains) => ess_quantile(chains, 0.3),
  mcse_mean,
  mcse_sd,
  mcse_median,
  mcse_quantile01: (chains) => mcse_quantile(chains, 0.01),
  mcse_quantile10: (chains) => mcse_quantile(chains, 0.1),
  mcse_quantile30: (chains) => mcse_quantile(chains, 0.3),
};

describe.skipIf(!there)('the reference values of ArviZ (skipped where shared/data is not beside the project)', () => {
  it('are ours, from Stan’s own files', () => {
    const files = ['blocker1.csv', 'blocker2.csv'].map((path) => ({ path, draws: read_draws(read(path), path) }));
    const { parameters, chains, draws, sampler } = combine_draws(files);
    expect({ chains, draws, sampler: Object.keys(sampler).sort() }).toEqual({
      chains: 2,
      draws: 1000,
      sampler: ['acceptance_rate', 'lp', 'step_size', 'tree_depth'],
    });
    const [header = '', ...rows] = read('reference_posterior.csv').replaceAll('"', '').trim().split('\n');
    const [, ...columns] = header.split(',');
    expect(columns).toEqual(Object.keys(statistics));
    expect(rows.map((row) => row.split(',')[0])).toEqual(Array.from(parameters.keys()));
    const wrong: string[] = [];
    for (const row of rows) {
      const [name = '', ...values] = row.split(',');
      columns.forEach((column, i) => {
        const value = (statistics[column] as (chains: Chains) => number)(parameters.get(name) as Chains);
        const wanted = Number(values[i]);
        if (!(Math.abs(value - wanted) <= 1e-10 * Math.abs(wanted)))
          wrong.push(`${name} ${column}: ${value}, not ${wanted}`);
      });
    }
    expect(wrong).toEqual([]);
  });
});

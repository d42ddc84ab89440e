// Acceptance: the exact log-likelihood of six observations (test/reference/kalman.ts). The sd of a filter of 4096 bootstrap particles on them, over 256 filters, is 0.070; it falls as 1/√N, so at 10⁵ particles it is 0.014 and
// the error of the mean of four filters 0.007. Held to 4 of that, at a fixed seed: a false alarm of 6e-5 over seeds.

import { describe, expect, it } from 'vitest';
import { parse_summary } from '../../src/data/summary.ts';
import { portable_lgssm } from '../../src/model/catalog/data/portable_lgssm.ts';
import { kalman } from '../reference/kalman.ts';
import { csv, lgssm_at, timeout, workplace } from './command_line.ts';

describe('filters', { timeout }, () => {
  it('of 10⁵ particles run in the grid shape by themselves, 4 of them, with states, predictions and forecast', async () => {
    const place = workplace();
    const y = portable_lgssm(6);
    const at = ['--data', 'y.csv', ...lgssm_at, '--particles', '100000'];
    const run = ['filter', 'lgssm', ...at, '--proposal', 'bootstrap', '--forecast', '2', '--out', 'run'];
    const { code, stderr } = await place.run(run, { files: { 'y.csv': csv(...y) } });
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const summary = parse_summary(place.read('run/summary.json'), 'summary.json');
    expect(summary.filter).toMatchObject({ particles: 100_000, filters: 4, steps: 6 });
    const exact = kalman([0.75, 1, 1], y);
    expect(Math.abs((summary.log_likelihood?.value ?? Number.NaN) - exact.log_likelihood)).toBeLessThan(4 * 0.007);
    expect(place.read('run/states.csv').match(/,forecast,/g)).toHaveLength(2);
  });
});

// Acceptance: the log-likelihood of lgssm-100 at (0.75, 1, 1) is −190.58078 (Kalman filter in float64; test/reference/kalman.ts gives it, and test/filter/exact.test.ts compares
// more of them). 16 filters give the log of a mean with a standard error of sd/√16; four of them at a fixed seed is a false alarm of 6e-5 over seeds. Files are checked for form.

import { describe, expect, it } from 'vitest';
import { parse_table } from '../../src/data/csv.ts';
import { parse_summary } from '../../src/data/summary.ts';
import { expect_self_contained, lgssm_at, timeout, workplace } from './command_line.ts';
import { trend, trend_at } from './models.ts';

const small = ['--particles', '64', '--filters', '4'];
const lgssm = ['filter', 'lgssm', '--data', 'lgssm-100', ...lgssm_at];

describe.concurrent('filter', { timeout }, () => {
  it('finds the likelihood and its gradient, and writes summary, states and report', async () => {
    const place = workplace();
    const { code, stdout } = await place.run([...lgssm, '--particles', '500', '--filters', '16', '--out', 'run']);
    expect(code).toBe(0);
    expect(place.list('run')).toEqual(['report.html', 'states.csv', 'summary.json']);
    const summary = parse_summary(place.read('run/summary.json'), 'summary.json');
    const { value, sd, filters } = summary.log_likelihood ?? { value: Number.NaN, sd: Number.NaN, filters: 0 };
    expect(filters).toBe(16);
    expect(Math.abs(value + 190.58078)).toBeLessThan(4 * (sd / 4));
    expect(sd).toBeLessThan(0.5);
    expect(Object.keys(summary.gradient ?? {})).toEqual(['mu', 'phi', 'sigma']);
    expect(summary).toMatchObject({ model: 'lgssm', seed: 1, adapter: { kind: 'software' }, filter: { steps: 100 } });
    expect(summary.command.slice(0, 3)).toEqual(['langevin', 'filter', 'lgssm']);
    expect(stdout).toContain('log likelihood');
    expect(stdout).toContain('run/report.html');
    const { rows } = parse_table(place.read('run/states.csv'), { path: 'states.csv', columns: ['t', 'y', 'ess'] });
    expect(rows).toBe(101); // t = 0…100
    expect_self_contained(place.read('run/report.html'));
  });

  it('with --json prints summary.json and nothing else; the same seed gives the same numbers, another does not', async () => {
    const place = workplace();
    const [first, second, other] = await Promise.all(
      [
        ['--seed', '3', '--out', 'a'],
        ['--seed', '3', '--out', 'b'],
        ['--seed', '4', '--out', 'c'],
      ].map((rest) => place.run([...lgssm, ...small, '--json', ...rest])),
    );
    expect(first?.stdout).toBe(place.read('a/summary.json'));
    const numbers = (text = '') => {
      const { log_likelihood, gradient } = parse_summary(text, 'stdout');
      return { log_likelihood, gradient };
    };
    expect(numbers(first?.stdout)).toEqual(numbers(second?.stdout));
    expect(numbers(first?.stdout)).not.toEqual(numbers(other?.stdout));
    expect(place.read('a/states.csv')).toBe(place.read('b/states.csv'));
  });

  it('runs a model of 5 parameters, 3 states and 2 observations by its path, over missing cells', async () => {
    const place = workplace();
    const files = { 'trend.mjs': trend };
    await place.run(['simulate', 'trend.mjs', ...trend_at, '--steps', '12', '--out', 'full.csv'], { files });
    const rows = place.read('full.csv').trim().split('\n');
    rows[3] = `,${rows[3]?.split(',')[1]}`;
    rows[7] = 'NA,NA';
    const run = ['filter', 'trend.mjs', '--data', 'gaps.csv', ...small, ...trend_at, '--forecast', '3', '--out', 'run'];
    const { code, stderr } = await place.run(run, { files: { 'gaps.csv': `${rows.join('\n')}\n` } });
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const summary = parse_summary(place.read('run/summary.json'), 'summary.json');
    expect(Object.keys(summary.gradient ?? {})).toEqual(['pull[0]', 'pull[1]', 'sd[0]', 'sd[1]', 'slope']);
    expect(Object.values(summary.gradient ?? {}).every(({ mean }) => mean !== 0)).toBe(true);
    expect(summary.filter).toMatchObject({
      at: { 'pull[0]': 0.5, 'pull[1]': 0.8, 'sd[0]': 0.5, 'sd[1]': 0.4, slope: 0.3 },
    });
    const states = place.read('run/states.csv').trim().split('\n');
    expect(states[0]).toContain('state.x[1].q50');
    expect(states.filter((row) => row.includes(',forecast,'))).toHaveLength(3);
  });

  it('with one filter writes zeros for what it cannot know, and warns; without --out, into a folder named after model and time', async () => {
    const place = workplace();
    const { code, stdout } = await place.run([...lgssm, '--particles', '64', '--filters', '1', '--json']);
    expect(code).toBe(0);
    const summary = parse_summary(stdout, 'stdout');
    expect(summary.log_likelihood?.sd).toBe(0);
    expect(place.list('runs')).toEqual([expect.stringMatching(/^lgssm-\d{4}-\d\d-\d\d-\d{6}$/)]);
    expect(summary.warnings.some((text) => text.startsWith('one filter says nothing about its own error'))).toBe(true);
  });

  it('takes whole numbers in scientific form, no gradient, and a folder of an earlier run', async () => {
    const place = workplace();
    const run = [...lgssm, '--particles', '1e2', '--filters', '4', '--gradient', 'none', '--out', 'new/run'];
    expect((await place.run(run)).code).toBe(0);
    expect((await place.run([...run, '--seed', '2'])).code).toBe(0);
    const summary = parse_summary(place.read('new/run/summary.json'), 'summary.json');
    expect(summary).toMatchObject({ seed: 2, filter: { particles: 100, gradient: 'none' } });
    expect(summary.gradient).toBeUndefined();
    expect(place.list('new')).toEqual(['run']);
  });
});

// Acceptance: the files' form, and that one seed gives one posterior. That the posterior is right is tested in test/smc2.

import { describe, expect, it } from 'vitest';
import { parse_table } from '../../src/data/csv.ts';
import { parse_summary } from '../../src/data/summary.ts';
import { expect_self_contained, timeout, workplace } from './command_line.ts';
import { trend, trend_at } from './models.ts';

const small = ['--thetas', '64', '--particles', '16', '--iterations', '2'];
const ode = ['smc2', 'sir-ode', '--data', 'influenza-1978', '--thetas', '64', '--iterations', '2'];

describe.concurrent('smc2', { timeout }, () => {
  it('writes summary, draws, posterior, states and report, and prints the table', async () => {
    const place = workplace();
    const { code, stdout, stderr } = await place.run([...ode, '--forecast', '5', '--out', 'run']);
    expect(code).toBe(0);
    expect(place.list()).toEqual(['run']);
    expect(place.list('run')).toEqual(['draws.csv', 'posterior.nc', 'report.html', 'states.csv', 'summary.json']);
    const summary = parse_summary(place.read('run/summary.json'), 'summary.json');
    expect(summary).toMatchObject({ model: 'sir-ode', seed: 1, smc2: { thetas: 64, particles: 1 } });
    const names = Object.keys(summary.parameters);
    expect(names).toEqual(['beta', 'gamma', 'phi_inverse']);
    const { rows, columns } = parse_table(place.read('run/draws.csv'), {
      path: 'draws.csv',
      columns: ['chain', 'draw', 'weight', ...names],
    });
    expect(rows).toBe(2 * 64);
    // Table and draws tell the same means; weights are written to seven digits.
    const weight = columns.weight as Float64Array;
    const total = weight.reduce((a, b) => a + b, 0);
    for (const name of names) {
      const mean = (columns[name] as Float64Array).reduce((sum, x, i) => sum + x * (weight[i] as number), 0) / total;
      expect(Math.abs(mean / (summary.parameters[name]?.mean as number) - 1)).toBeLessThan(1e-4);
    }
    expect(place.read('run/posterior.nc').slice(1, 4)).toBe('HDF');
    expect(place.read('run/states.csv').trim().split('\n')).toHaveLength(1 + 15 + 5);
    expect_self_contained(place.read('run/report.html'));
    expect(stdout).toMatch(/^beta +\d/m);
    expect(stdout).toMatch(/\(not a GPU\)/);
    expect(stderr).toMatch(/^sir-ode: 64 thetas × 1 particles × 14 rows on SwiftShader/);
    // No terminal, no escape sequences.
    expect(stderr).not.toContain('\r');
    expect(stderr).not.toContain('\x1b');
  });

  it('with --json prints summary.json and nothing else; the same seed writes the same draws, another does not', async () => {
    const place = workplace();
    const [first] = await Promise.all(
      [
        ['--seed', '3', '--out', 'a'],
        ['--seed', '3', '--out', 'b'],
        ['--seed', '4', '--out', 'c'],
      ].map((rest) => place.run([...ode, '--json', ...rest])),
    );
    expect(first?.stdout).toBe(place.read('a/summary.json'));
    expect(place.read('a/draws.csv')).toBe(place.read('b/draws.csv'));
    expect(place.read('a/draws.csv')).not.toBe(place.read('c/draws.csv'));
  });

  it('shows in the summary the prior that was asked for', async () => {
    const place = workplace();
    const { code } = await place.run([...ode, '--prior', 'beta=lognormal:0,1', '--out', 'run']);
    expect(code).toBe(0);
    const summary = parse_summary(place.read('run/summary.json'), 'summary.json');
    expect(summary.smc2?.priors).toMatchObject({ beta: 'lognormal(0, 1)' });
  });

  it('runs a model of 5 parameters, 3 states and 2 observations by its path, over missing cells', async () => {
    const place = workplace();
    const files = { 'trend.mjs': trend };
    await place.run(['simulate', 'trend.mjs', ...trend_at, '--steps', '12', '--out', 'full.csv'], { files });
    const rows = place.read('full.csv').trim().split('\n');
    rows[3] = `,${rows[3]?.split(',')[1]}`;
    rows[7] = 'NA,NA';
    const run = [
      'smc2',
      'trend.mjs',
      '--data',
      'gaps.csv',
      ...small,
      '--prior',
      'sd[1]=half_normal:0.5',
      '--out',
      'run',
    ];
    const { code, stderr } = await place.run(run, { files: { 'gaps.csv': `${rows.join('\n')}\n` } });
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const summary = parse_summary(place.read('run/summary.json'), 'summary.json');
    expect(Object.keys(summary.parameters)).toEqual(['pull[0]', 'pull[1]', 'sd[0]', 'sd[1]', 'slope']);
    expect(summary.smc2?.priors).toMatchObject({ 'sd[0]': 'half_normal(1)', 'sd[1]': 'half_normal(0.5)' });
    expect_self_contained(place.read('run/report.html'));
  });

  it('runs the papers’ setting', async () => {
    const place = workplace();
    const paper = [
      'smc2',
      'lgssm',
      '--data',
      'lgssm-100',
      '--preset',
      'paper',
      '--particles',
      '32',
      '--iterations',
      '3',
    ];
    const { code } = await place.run([...paper, '--out', 'run']);
    expect(code).toBe(0);
    const { smc2 } = parse_summary(place.read('run/summary.json'), 'summary.json');
    expect(smc2).toMatchObject({
      thetas: 32,
      particles: 32,
      correction: 'weight',
      l_kernel: 'forward',
      gradient_blend: 0,
    });
    expect(smc2?.iterations.map(({ phase, step }) => ({ phase, step }))).toEqual(
      Array.from({ length: 3 }, () => ({ phase: 'posterior', step: 0.03 })),
    );
  });
});

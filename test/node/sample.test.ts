// Acceptance: the files' form, that one seed gives one set of draws, and that every sampler finds the known answer of a small model by the command line. That samplers are right in
// detail is tested in test/sample. Seeds are fixed; a z below 5 is missed by chance once in 10⁶.

import { describe, expect, it } from 'vitest';
import { parse_table } from '../../src/data/csv.ts';
import { parse_summary } from '../../src/data/summary.ts';
import { samplers } from '../../src/sample/options.ts';
import { expect_self_contained, timeout, workplace } from './command_line.ts';

const banana = ['sample', 'banana', '--chains', '32', '--warmup', '150'];

/** y_i ~ N(mu, 2²), mu ~ N(0, 1): the posterior is normal with precision 1 + n/4. */
const mean_model = {
  'mean.mjs': `export default {
  kind: 'log-density',
  name: 'mean',
  parameters: { mu: { prior: { normal: [0, 1] } } },
  row: ['y'],
  wgsl: \`fn log_likelihood(row: Row, theta: Theta) -> f32 { return normal_log_density(row.y, theta.mu, 2.0); }\`,
};`,
  'y.csv': `y\n${[1.5, 2.5, -0.5, 3, 1, 2, 0.5, 2].join('\n')}\n`,
};
const exact = { mean: 12 / 4 / 3, sd: Math.sqrt(1 / 3) };

describe.concurrent('sample', { timeout }, () => {
  it('writes summary, draws, posterior and report, and prints the table', async () => {
    const place = workplace();
    const { code, stdout, stderr } = await place.run([...banana, '--draws', '100', '--out', 'run']);
    expect(code).toBe(0);
    expect(place.list('run')).toEqual(['draws.csv', 'posterior.nc', 'report.html', 'summary.json']);
    const summary = parse_summary(place.read('run/summary.json'), 'summary.json');
    expect(summary).toMatchObject({ model: 'banana', seed: 1, sample: { sampler: 'nuts', chains: 32, draws: 100 } });
    const names = Object.keys(summary.parameters);
    const { rows, columns } = parse_table(place.read('run/draws.csv'), {
      path: 'draws.csv',
      columns: ['chain', 'draw', 'n_leapfrog__', 'divergent__', 'energy__', ...names],
    });
    expect(rows).toBe(32 * 100);
    for (const name of names) {
      const { mean, sd } = summary.parameters[name] as { mean: number; sd: number };
      const found = (columns[name] as Float64Array).reduce((sum, x) => sum + x, 0) / rows;
      expect(Math.abs(found - mean)).toBeLessThan(1e-5 * sd);
    }
    // What was charged is what was done: the recorded trees, all of them.
    const steps = (columns.n_leapfrog__ as Float64Array).reduce((sum, n) => sum + n, 0);
    expect(summary).toMatchObject({ sample: { gradients: { sampling: steps } } });
    expect(place.read('run/posterior.nc').slice(1, 4)).toBe('HDF');
    expect_self_contained(place.read('run/report.html'));
    expect(stdout).toMatch(/ess_bulk +ess_tail/);
    expect(stdout).toMatch(/per gradient/);
    expect(stdout).toMatch(/^adapter +SwiftShader/m);
    expect(stderr).toMatch(/^banana: nuts, 32 chains on SwiftShader/);
    expect(stderr).not.toContain('\x1b');
  });

  it('with --json prints summary.json and nothing else; the same seed writes the same draws, another does not', async () => {
    const place = workplace();
    const run = (seed: string, out: string) =>
      place.run([...banana, '--draws', '20', '--json', '--seed', seed, '--out', out]);
    const [first] = await Promise.all([run('3', 'a'), run('3', 'b'), run('4', 'c')]);
    expect(first?.stdout).toBe(place.read('a/summary.json'));
    expect(place.read('a/draws.csv')).toBe(place.read('b/draws.csv'));
    expect(place.read('a/draws.csv')).not.toBe(place.read('c/draws.csv'));
  });

  it.each(samplers)('%s finds the posterior of a normal mean', async (sampler) => {
    const place = workplace();
    const run = ['sample', 'mean.mjs', '--data', 'y.csv', '--sampler', sampler, '--chains', '16', '--warmup', '150'];
    const { code } = await place.run([...run, '--draws', '400', '--out', 'run'], { files: mean_model });
    expect(code).toBe(0);
    const { mu } = parse_summary(place.read('run/summary.json'), 'summary.json').parameters;
    expect(Math.abs((mu?.mean as number) - exact.mean) / (mu?.mcse as number)).toBeLessThan(5);
    // The sd's relative error is at most 1/√(2·ESS of the squares), here more than 300.
    expect(Math.abs((mu?.sd as number) / exact.sd - 1)).toBeLessThan(5 / Math.sqrt(600));
  });

  it('keeps one draw of five', async () => {
    const place = workplace();
    await place.run([...banana, '--draws', '52', '--keep', 'every:5', '--out', 'run']);
    const summary = parse_summary(place.read('run/summary.json'), 'summary.json');
    expect(summary).toMatchObject({ sample: { draws: 10, thinning: 5 } });
  });

  it('samples a state-space model through its filter’s gradient', async () => {
    const place = workplace();
    const run = ['sample', 'lgssm', '--data', 'lgssm-100', '--chains', '8', '--warmup', '30', '--draws', '10'];
    const { code } = await place.run([...run, '--particles', '32', '--sampler', 'hmc', '--steps', '3', '--out', 'run']);
    expect(code).toBe(0);
    const { parameters } = parse_summary(place.read('run/summary.json'), 'summary.json');
    expect(Object.keys(parameters)).toEqual(['mu', 'phi', 'sigma']);
  });

  it.each([
    { args: ['--sampler', 'nutz'], says: /--sampler must be one of nuts, hmc/ },
    { args: ['--keep', 'some'], says: /--keep must be moments, or every:K/ },
    { args: ['--sampler', 'chees', '--steps', '4'], says: /--steps is for hmc, not for chees/ },
    { args: ['--max-depth', '8', '--sampler', 'mala'], says: /--max-depth is for nuts, ehmc, ehmcu, ehmcq/ },
    { args: ['--particles', '8'], says: /--particles is for state-space models, and banana has no states/ },
    { args: ['--step', '0'], says: /--step must be greater than 0, not 0/ },
    { args: ['--target-acceptance', '1'], says: /--target-acceptance must be between 0 and 1, not 1/ },
    { args: ['--sampler', 'chees', '--chains', '1'], says: /chees learns its trajectory from the spread of chains/ },
    { args: ['--sampler', 'hmc', '--jitter', '2'], says: /--jitter must be from 0 to 1/ },
    { args: ['--data', 'y.csv'], says: /reads no data/ },
  ])('refuses $args', async ({ args, says }) => {
    const place = workplace();
    const { code, stdout, stderr } = await place.run(['sample', 'banana', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(says);
    expect(place.list()).toEqual([]);
  });

  it('tells, in a dry run, the memory of 65536 chains of 25 coordinates', async () => {
    const place = workplace();
    const wide = mean_model['mean.mjs'].replace('mu: {', 'mu: { size: 25,').replace('theta.mu,', 'theta.mu[0],');
    const run = [
      'sample',
      'wide.mjs',
      '--data',
      'y.csv',
      '--chains',
      '65536',
      '--sampler',
      'ehmcu',
      '--dry-run',
      '--json',
    ];
    const { code, stdout } = await place.run(run, { files: { ...mean_model, 'wide.mjs': wide } });
    expect(code).toBe(0);
    const { phases } = JSON.parse(stdout) as { phases: { buffers: { name: string; bytes: number }[] }[] };
    const checkpoints = phases[0]?.buffers.find(({ name }) => name === 'checkpoints');
    expect(checkpoints?.bytes).toBe(2 * 10 * 25 * 65536 * 4);
    expect(place.list()).toEqual(['mean.mjs', 'wide.mjs', 'y.csv']);
  });
});

// Acceptance: the files' form, that one seed gives one set of draws, and that every sampler finds the known answer of a small model by the command line. That samplers are right in
// detail is tested in test/sample. Seeds are fixed; a z below 5 is missed by chance once in 10⁶.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse_table } from '../../src/data/csv.ts';
import { read_npy } from '../../src/data/npy.ts';
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
      columns: ['chain', 'draw', 'stepsize__', 'treedepth__', 'n_leapfrog__', 'divergent__', 'energy__', ...names],
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
    // One step size for all, and trees of as many whole doublings as their steps tell.
    const { step_size } = summary.sample as { step_size: number };
    expect(new Set(columns.stepsize__).size).toBe(1);
    expect(columns.stepsize__?.[0]).toBeCloseTo(step_size, 5);
    columns.treedepth__?.forEach((depth, i) => {
      const count = columns.n_leapfrog__?.[i] as number;
      // The doubling after the last may have turned half-way.
      expect(count).toBeLessThan(2 ** (depth + 1));
      expect(count).toBeGreaterThanOrEqual(2 ** depth - 1);
    });
    expect(place.read('run/posterior.nc').slice(1, 4)).toBe('HDF');
    expect_self_contained(place.read('run/report.html'));
    expect(stdout).toMatch(/ess_bulk +ess_tail/);
    expect(stdout).toMatch(/^sampler +nuts, step [\d.]+, diagonal metric, [\d.]+ steps per transition$/m);
    expect(stdout).toMatch(/^gradients +[\d ]+ warm-up \+ 0 learning \+ [\d ]+ sampling$/m);
    expect(stdout).toMatch(/^without warm-up +[\d.e-]+ per gradient, [\d.]+ per second$/m);
    const { mcse_sd, mcse_q05, mcse_q50, mcse_q95, ess_sd } = summary.parameters[names[0] as string] ?? {};
    for (const x of [mcse_sd, mcse_q05, mcse_q50, mcse_q95, ess_sd]) expect(x).toBeGreaterThan(0);
    expect(stdout).toMatch(/^adapter +SwiftShader/m);
    expect(stderr).toMatch(/^banana: nuts, 32 chains on SwiftShader/);
    expect(stderr).not.toContain('\x1b');
  });

  it('samples a part of the prior, and keeps log densities and gradients of the draws', async () => {
    // mu ~ N(0, 1) to the power 1/4 is N(0, 4), up to its normaliser; in float64 from the numbers in draws.csv, and f32 in the kernel: 8 terms of at most 3, 64 · 2⁻²⁴ · 24 = 9e-5.
    const place = workplace();
    const args = ['sample', 'mean.mjs', '--data', 'y.csv', '--prior-power', '1/4', '--chains', '16', '--draws', '50'];
    const { code } = await place.run([...args, '--keep-gradients', '--out', 'run'], { files: mean_model });
    expect(code).toBe(0);
    const read = (file: string) => read_npy(readFileSync(join(place.path, 'run', file)), file);
    const { columns } = parse_table(place.read('run/draws.csv'), { path: 'draws.csv', columns: ['mu', 'lp__'] });
    const [mu, lp] = [columns.mu, columns.lp__] as [Float64Array, Float64Array];
    const [log_density, gradients] = [read('log_density.npy'), read('gradients.npy')];
    expect([log_density.shape, gradients.shape]).toEqual([[800], [800, 1]]);
    const y = [1.5, 2.5, -0.5, 3, 1, 2, 0.5, 2];
    const half_log_two_pi = 0.5 * Math.log(2 * Math.PI);
    mu.forEach((m, i) => {
      const likelihood = y.reduce((sum, v) => sum - (v - m) ** 2 / 8 - Math.log(2) - half_log_two_pi, 0);
      const wanted = likelihood + 0.25 * (-m * m * 0.5 - half_log_two_pi);
      expect(Math.abs((log_density.values[i] as number) - wanted)).toBeLessThan(9e-5);
      expect(Math.abs((lp[i] as number) - wanted)).toBeLessThan(9e-5);
      const slope = y.reduce((sum, v) => sum + (v - m) / 4, -0.25 * m);
      expect(Math.abs((gradients.values[i] as number) - slope)).toBeLessThan(9e-5);
    });
    expect(JSON.parse(place.read('run/summary.json')).sample).toMatchObject({
      prior_power: 0.25,
      source: { model: 'mean.mjs', priors: [], data: { name: 'y.csv', rows: 8 }, keeps_gradients: true },
    });
    // A later run into the folder takes them away.
    await place.run([...args, '--out', 'run']);
    expect(place.list('run')).toEqual(['draws.csv', 'posterior.nc', 'report.html', 'summary.json']);
  });

  it.each(['0', '1.5', '-1/4', 'x', '1/0'])('refuses --prior-power %s', async (power) => {
    const { code, stderr } = await workplace().run(['sample', 'banana', `--prior-power=${power}`]);
    expect(stderr).toMatch(/^--prior-power must be a fraction or a decimal above 0 and at most 1/);
    expect(code).toBe(2);
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

  it('judges superchains by nested R-hat, of draws and of moments alike', async () => {
    const place = workplace();
    const run = [...banana, '--superchains', '8', '--draws', '300'];
    const ended = await Promise.all([
      place.run([...run, '--out', 'draws']),
      place.run([...run, '--keep', 'moments', '--out', 'moments']),
    ]);
    expect(ended.map(({ code }) => code)).toEqual([0, 0]);
    const [of_draws, of_moments] = ['draws', 'moments'].map((name) =>
      parse_summary(place.read(`${name}/summary.json`), name),
    );
    for (const [name, { nested_rhat, rhat }] of Object.entries(of_draws?.parameters ?? {})) {
      // The same chains, their moments summed in f32 on the device.
      expect(of_moments?.parameters[name]?.nested_rhat).toBeCloseTo(nested_rhat as number, 3);
      expect(rhat).toBeGreaterThan(0.9);
      expect(of_moments?.parameters[name]).not.toHaveProperty('rhat');
    }
    expect(of_moments?.sample).toMatchObject({ superchains: 8, quantiles: 'of the last draw of each chain' });
    expect(of_moments?.warnings.join('\n')).toMatch(/^32 chains are few for moments: ESS, .* known to ±25 %/m);
    expect(ended[0]?.stdout).toMatch(/ rhat +nested_rhat$/m);
    expect(ended[1]?.stdout).toMatch(/ess_square +nested_rhat$/m);
    expect(ended[1]?.stdout).toMatch(/^quantiles +of the last draw of each chain$/m);
    expect(place.read('moments/report.html')).toContain('Quantiles are those of the last draw of each chain.');
  });

  it('warns of trees that were cut at the deepest allowed', async () => {
    const place = workplace();
    const { stdout } = await place.run([...banana, '--draws', '50', '--max-depth', '1', '--out', 'run']);
    expect(stdout).toMatch(/^warning: 1600 of 1600 draws ended at the deepest tree \(--max-depth 1\)/m);
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
    {
      args: ['--chains', '65536', '--draws', '10000000'],
      says: /take up to \d+ GiB of memory here, and [\d.]+ GiB are free\.\nKeep one of several with --keep every:K/,
    },
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
      '--draws',
      '10',
      '--dry-run',
      '--json',
    ];
    const { code, stdout } = await place.run(run, { files: { ...mean_model, 'wide.mjs': wide } });
    expect(code).toBe(0);
    const { phases, largest_buffer, too_large, host } = JSON.parse(stdout);
    const checkpoints = phases[0].buffers.find(({ name }: { name: string }) => name === 'checkpoints');
    expect(checkpoints?.bytes).toBe(2 * 10 * 25 * 65536 * 4);
    expect(checkpoints?.bytes).toBeLessThan(largest_buffer);
    expect(too_large).toEqual([]);
    expect(host.buffers[0]).toMatchObject({ name: 'draws', bytes: 10 * 65536 * (25 + 7) * 4 });
    expect(place.list()).toEqual(['mean.mjs', 'wide.mjs', 'y.csv']);
  });

  it('marks, in a dry run, what would not fit, and ends with code 2', async () => {
    const place = workplace();
    const wide = mean_model['mean.mjs'].replace('mu: {', 'mu: { size: 800,').replace('theta.mu,', 'theta.mu[0],');
    const run = ['sample', 'wide.mjs', '--data', 'y.csv', '--chains', '65536', '--draws', '1', '--dry-run'];
    const { code, stdout, stderr } = await place.run(run, { files: { ...mean_model, 'wide.mjs': wide } });
    expect(code).toBe(2);
    // 2 × 10 levels of 800 coordinates: 4.2 GB, more than any adapter of today binds.
    expect(stdout).toMatch(/^ {2}checkpoints .* 4 194 304 000 +too large$/m);
    expect(stdout).toMatch(/^largest buffer that this adapter allows: [\d ]+ bytes$/m);
    expect(stdout).toMatch(/^memory of this program$/m);
    expect(stderr).toMatch(/^chains: checkpoints needs a buffer of 4194304000 bytes; this adapter's limit is \d+\.$/m);
  });
});

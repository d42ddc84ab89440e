// Acceptance: what the command writes and prints, refusals with one message and code 2, and one CSV taken to the merged posterior of a conjugate model.
//
// End to end: y_i = a + b·x_i + N(0, 1), a and b ~ N(0, ¼²): the posterior is normal, and so is every shard's. The Gaussian product of 3 shards whose means and covariances come from n = 8 × 300 draws
// errs in the mean by 1/√ESS of a sd per shard, together √Σ(Λ_s/Λ)/√ESS = 1/√ESS with ESS ≥ 1000 (tested): z = (mean − exact) / (sd/√ESS), and the 10 000 draws of the product add a tenth of that:
// |z| < 4.5 for two means, sds by 4.5 · √(1/(2·ESS)) of themselves: false alarms 3e-5. A whole prior in each shard would move the means by about a sd.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { read_npy, write_npy } from '../../src/data/npy.ts';
import { normal_quantile } from '../../src/diagnostics/normal_quantile.ts';
import { uniform_at } from '../../src/random/threefry.ts';
import { timeout, type Workplace, workplace } from './command_line.ts';
import { line, line_posterior } from './conjugate_line.ts';
import { walk } from './models.ts';

/** A rate with bounds, whose shards cannot be merged in its own numbers. */
const rate = `export default {
  kind: 'log-density', name: 'rate',
  parameters: { p: { prior: { beta: [2, 2] } } },
  row: ['y'],
  wgsl: 'fn log_likelihood(row: Row, theta: Theta) -> f32 { return select(log(1.0 - theta.p), log(theta.p), row.y > 0.5); }',
};`;
const series_like = line.replace(
  'fn log_likelihood(row: Row, theta: Theta) -> f32 {',
  'fn log_likelihood(row: Row, theta: Theta) -> f32 { let all = data_length;',
);
const whole = line.replace(
  'fn log_likelihood(row: Row, theta: Theta) -> f32 { return normal_log_density(row.y, theta.a + theta.b * row.x, 1.0); }',
  'fn log_density(theta: Theta) -> f32 { return data[0].x * theta.a * theta.b; }',
);

const normal = (i: number, step: number) => normal_quantile(uniform_at([91, 5], 5, step, i));
const count = 90;
const x = Array.from({ length: count }, (_, i) => Math.fround(normal(i, 0)));
const y = x.map((v, i) => Math.fround(0.5 - v + normal(i, 1)));
const y_csv = `id,ward,x,y\n${x.map((v, i) => `"no, ${i}",${'abc'[i % 3]}${i % 6},${v},${y[i]}`).join('\n')}\n`;

const place_with = (files: Readonly<Record<string, string>>): Workplace => {
  const place = workplace();
  for (const [name, content] of Object.entries({ 'line.mjs': line, 'y.csv': y_csv, ...files })) {
    mkdirSync(join(place.path, name, '..'), { recursive: true });
    writeFileSync(join(place.path, name), content);
  }
  return place;
};

describe.concurrent('shard', { timeout }, () => {
  it('cuts rows into folders, each with what it takes to sample it, and prints the commands', async () => {
    const place = place_with({});
    const { code, stdout } = await place.run([
      'shard',
      'line.mjs',
      '--data',
      'y.csv',
      '--shards',
      '4',
      '--chains',
      '8',
      '--out',
      's s',
    ]);
    expect(code).toBe(0);
    expect(place.list('s s')).toEqual(['shard_1', 'shard_2', 'shard_3', 'shard_4']);
    expect(place.list('s s/shard_1')).toEqual(['data.csv', 'shard.json']);
    const shards = [1, 2, 3, 4].map((s) => JSON.parse(place.read(`s s/shard_${s}/shard.json`)));
    const rows: number[] = shards.flatMap(({ rows: of }) => of);
    expect(rows.toSorted((a, b) => a - b)).toEqual(x.map((_, i) => i + 1));
    const lines = y_csv.trim().split('\n');
    shards.forEach((shard, s) => {
      // Cells as they were, columns that the model does not read among them; line 0 is the header.
      const wanted = [0, ...shard.rows].map((row: number) => lines[row]);
      expect(place.read(`s s/shard_${s + 1}/data.csv`)).toBe(`${wanted.join('\n')}\n`);
      expect(shard).toMatchObject({
        model: 'line.mjs',
        shard: s + 1,
        shards: 4,
        prior_power: '1/4',
        by: 'rows',
        data: { name: 'y.csv', rows: count },
      });
      const folder = `s s/shard_${s + 1}`;
      expect(shard.command).toEqual([
        ...[
          'langevin',
          'sample',
          'line.mjs',
          '--data',
          `${folder}/data.csv`,
          '--prior-power',
          '1/4',
          '--keep-gradients',
        ],
        ...['--chains', '8', '--seed', String(s + 1), '--out', `${folder}/draws`],
      ]);
    });
    expect(stdout).toContain(`langevin sample line.mjs --data 's s/shard_2/data.csv' --prior-power 1/4`);
    expect(stdout).toMatch(/^langevin merge 's s'\/shard_\* --seed 1 --out 's s\/merged'$/m);
    const again = await place.run(['shard', 'line.mjs', '--data', 'y.csv', '--shards', '4', '--out', 's s']);
    expect(again).toMatchObject({ code: 2, stdout: '' });
    expect(again.stderr).toContain('--out s s is there already');
  });

  it('keeps equal values of a column together', async () => {
    const place = place_with({});
    const { code, stdout } = await place.run([
      'shard',
      'line.mjs',
      '--data',
      'y.csv',
      '--shards',
      '3',
      '--by',
      'ward',
      '--out',
      's',
    ]);
    expect({ code, first: stdout.split('\n')[0] }).toEqual({
      code: 0,
      first: 'y.csv: 90 rows, by ward, into 3 shards of 30 in s',
    });
    const values = [1, 2, 3].map((s) => JSON.parse(place.read(`s/shard_${s}/shard.json`)).values);
    expect(values.flat().toSorted()).toEqual(['a0', 'a3', 'b1', 'b4', 'c2', 'c5']);
  });

  it('goes from one CSV to the merged posterior with --run', async () => {
    const place = place_with({});
    const args = [
      'shard',
      'line.mjs',
      '--data',
      'y.csv',
      '--shards',
      '3',
      '--chains',
      '8',
      '--draws',
      '300',
      '--method',
      'gaussian',
    ];
    const { code, stdout, stderr } = await place.run([...args, '--run', '--json', '--out', 's'], { seconds: 150 });
    expect(code, stderr).toBe(0);
    expect(stdout).toBe(place.read('s/merged/summary.json'));
    const summary = JSON.parse(stdout);
    for (const [name, { mean, sd }] of Object.entries(line_posterior(x, y))) {
      const found = summary.parameters[name];
      const ess = Math.min(...summary.merge.shards.map((shard: { ess: number }) => shard.ess));
      expect(ess).toBeGreaterThan(1000);
      expect(Math.abs(found.mean - mean) / (sd * Math.sqrt(1 / ess + 1e-4)), `mean of ${name}`).toBeLessThan(4.5);
      expect(Math.abs(found.sd / sd - 1), `sd of ${name}`).toBeLessThan(4.5 * Math.sqrt(1 / (2 * ess) + 0.5e-4));
    }
    expect(summary.warnings.filter((w: string) => /prior|missing|gradients/.test(w))).toEqual([]);
    expect(place.list('s/shard_2/draws')).toEqual([
      'draws.csv',
      'gradients.npy',
      'log_density.npy',
      'posterior.nc',
      'report.html',
      'summary.json',
    ]);
    expect(JSON.parse(place.read('s/shard_2/draws/summary.json')).sample).toMatchObject({
      prior_power: 1 / 3,
      source: { model: 'line.mjs', data: { name: 's/shard_2/data.csv', rows: 30 } },
    });

    // Two of three: said, and merged all the same; a shard whose gradients are another's: refused.
    const two = await place.run(['merge', 's/shard_1', 's/shard_3', '--method', 'gaussian', '--out', 'two']);
    expect(two.code).toBe(0);
    expect(two.stdout).toContain('2 of the 3 shards of y.csv are given; missing: 2.');
    const twice = await place.run(['merge', 's/shard_1', 's/shard_1/draws', '--out', 'twice']);
    expect(twice).toMatchObject({ code: 2, stdout: '' });
    expect(twice.stderr).toContain('s/shard_1 and s/shard_1/draws are both shard 1 of 3 of y.csv.');
    const gradients = join(place.path, 's/shard_1/draws/gradients.npy');
    const { shape, values } = read_npy(readFileSync(gradients), 'gradients.npy');
    expect(shape).toEqual([2400, 2]);
    writeFileSync(
      gradients,
      write_npy(
        shape,
        values.map((g) => -g),
      ),
    );
    const wrong = await place.run(['merge', 's/shard_1', 's/shard_2', 's/shard_3', '--out', 'wrong']);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('The gradients do not belong to the draws of s/shard_1/draws/draws.csv');
  });

  it('merges bounded parameters in the coordinates of the model that was sampled, untold', async () => {
    const place = place_with({
      'rate.mjs': rate,
      'p.csv': `y\n${Array.from({ length: 60 }, (_, i) => Number(i % 12 === 0)).join('\n')}\n`,
    });
    const args = ['shard', 'rate.mjs', '--data', 'p.csv', '--shards', '2', '--chains', '8', '--draws', '300'];
    const { code, stdout, stderr } = await place.run([...args, '--method', 'gaussian', '--run', '--out', 's'], {
      seconds: 150,
    });
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^coordinates +unconstrained ones of rate\.mjs, Jacobian to the power 1\/2$/m);
    expect(stdout).toMatch(/^checked +gradients and log densities belong to the draws/m);
  });

  it.each([
    [['line.mjs', '--data', 'y.csv'], /^Into how many\? --shards S/],
    [['line.mjs', '--shards', '2'], /^Which data\?/],
    [['line.mjs', '--data', 'y.csv', '--shards', '91'], /^y\.csv has 90 rows, too few for 91 shards\./],
    [
      ['line.mjs', '--data', 'y.csv', '--shards', '2', '--by', 'wart'],
      /^y\.csv has no column wart, .*\nDid you mean ward\?/,
    ],
    [['line.mjs', '--data', 'y.csv', '--shards', '7', '--by', 'ward'], /^y\.csv, column ward has 6 different values/],
    [['line.mjs', '--data', 'short.csv', '--shards', '2'], /^short\.csv: there is no column y/],
    [
      ['walk.mjs', '--data', 'y.csv', '--shards', '2'],
      /^walk is a state-space model: the rows of a series hang together/,
    ],
    [['whole.mjs', '--data', 'y.csv', '--shards', '2'], /^line reads all rows at once \(fn log_density\)/],
    [['all.mjs', '--data', 'y.csv', '--shards', '2'], /^line reads all rows at once \(data\)/],
    [['funnel', '--shards', '2'], /^The model funnel reads no data/],
    [['line.mjs', '--data', 'y.csv', '--shards', '2', '--sampler', 'magic'], /^--sampler must be one of nuts/],
    [
      ['line.mjs', '--data', 'y.csv', '--shards', '2', '--keep', 'moments', '--chains', '64'],
      /^--keep moments keeps no draws, and a merge needs those/,
    ],
    [['line.mjs', '--data', 'y.csv', '--shards', '2', '--method', 'magic'], /^--method must be one of/],
    [['line.mjs', '--data', 'y.csv', '--shards', '2', '--json'], /^--json prints the summary of the merge/],
  ])('%j ends with one message', async (args, message) => {
    const files = { 'walk.mjs': walk(), 'whole.mjs': whole, 'all.mjs': series_like, 'short.csv': 'x\n1\n2\n' };
    const place = place_with(files);
    const { code, stdout, stderr } = await place.run(['shard', ...args, '--out', 'out']);
    expect(stderr).toMatch(message);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(place.list()).not.toContain('out');
  });

  it('a shard that is not sampled says how', async () => {
    const place = place_with({});
    await place.run(['shard', 'line.mjs', '--data', 'y.csv', '--shards', '2', '--out', 's']);
    const { code, stderr } = await place.run(['merge', 's/shard_1', 's/shard_2', '--out', 'm']);
    expect(code).toBe(2);
    expect(stderr).toContain('s/shard_1 is a shard that has not been sampled');
    expect(stderr).toContain(
      'Run: langevin sample line.mjs --data s/shard_1/data.csv --prior-power 1/2 --keep-gradients --seed 1',
    );
  });
});

// Acceptance: what `langevin merge --rounds` prints and writes, and refusals with one message and code 2. One run goes from a CSV to the merge that is corrected to the posterior itself: a logistic regression of 120 rows, y of intercept and slope,
// prior N(0, 1), 3 shards. Truth: the moments on a grid of 161 × 161 over ±8 posterior sds, in float64 (the trapezoid rule of a smooth density that is next to 0 at the edge: errors below 1e-9). Corrected draws are worth `ess` of the summary: |z| < 4.5
// for two means, sds within 4.5/√(2·ess)·√1.5 of themselves (excess kurtosis up to 1): false alarms 3e-5.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { normal_quantile } from '../../src/diagnostics/normal_quantile.ts';
import { uniform_at } from '../../src/random/threefry.ts';
import { timeout, workplace } from './command_line.ts';
import { walk } from './models.ts';

const logit = `export default {
  kind: 'log-density', name: 'logit',
  parameters: { a: { prior: { normal: [0, 1] } }, b: { prior: { normal: [0, 1] } } },
  row: ['x', 'y'],
  wgsl: \`fn log_likelihood(row: Row, theta: Theta) -> f32 {
    let eta = theta.a + theta.b * row.x;
    return row.y * eta - max(eta, 0.0) - log(1.0 + exp(-abs(eta)));
  }\`,
};`;
const count = 120;
const x = Array.from({ length: count }, (_, i) => Math.fround(normal_quantile(uniform_at([17, 3], 5, 0, i))));
const y = x.map((v, i) => Number(uniform_at([17, 3], 5, 1, i) < 1 / (1 + Math.exp(1.5 - v))));
const y_csv = `x,y\n${x.map((v, i) => `${v},${y[i]}`).join('\n')}\n`;

/** Mean and sd of both parameters on a grid about a first guess. */
function exact() {
  let box = { a: { mean: -1.5, sd: 0.3 }, b: { mean: 1, sd: 0.3 } };
  // The first grid finds where the second has to be.
  for (let n = 0; n < 3; n++) box = moments_on(box);
  return box;
}

function moments_on({ a, b }: ReturnType<typeof exact>): { a: typeof a; b: typeof b } {
  const points = Array.from({ length: 161 }, (_, i) => (i - 80) / 10);
  const nodes = points.flatMap((u) => points.map((v) => [a.mean + u * a.sd, b.mean + v * b.sd] as const));
  const logs = nodes.map(([p, q]) =>
    x.reduce(
      (sum, v, i) => sum + (y[i] as number) * (p + q * v) - Math.log1p(Math.exp(p + q * v)),
      -(p * p + q * q) / 2,
    ),
  );
  const top = logs.reduce((m, l) => Math.max(m, l));
  const weights = logs.map((l) => Math.exp(l - top));
  const total = weights.reduce((sum, w) => sum + w, 0);
  const moments = (j: 0 | 1) => {
    const mean = nodes.reduce((sum, node, i) => sum + ((weights[i] as number) * node[j]) / total, 0);
    const square = nodes.reduce((sum, node, i) => sum + ((weights[i] as number) * (node[j] - mean) ** 2) / total, 0);
    return { mean, sd: Math.sqrt(square) };
  };
  return { a: moments(0), b: moments(1) };
}

describe.concurrent('merge --rounds', { timeout: 2 * timeout }, () => {
  it('asks shards where the merge lies and corrects it to the posterior itself; refuses shards that changed', async () => {
    const place = workplace();
    const args = ['shard', 'logit.mjs', '--data', 'y.csv', '--shards', '3', '--chains', '8', '--draws', '200'];
    const rounds = ['--method', 'gradient-gaussian', '--rounds', '3'];
    const files = { 'logit.mjs': logit, 'y.csv': y_csv };
    const { code, stdout, stderr } = await place.run(
      [...args, '--method', 'gradient-gaussian', '--run', '--out', 's'],
      { files, seconds: 150 },
    );
    expect(code, stderr).toBe(0);
    // Without rounds there is a column of how far shards reach, and the Gaussian's own density.
    expect(stdout).toMatch(/^shard +draws +ess +distance +radius +beyond +precision +p$|^ *draws .* beyond /m);
    expect(stdout).toMatch(/^best draw +a -?[\d.]+, b [\d.]+ \(lp__ -?[\d.]+, up to a constant\)$/m);

    const shards = ['s/shard_1', 's/shard_2', 's/shard_3'];
    const merged = await place.run(['merge', ...shards, ...rounds, '--draws', '4000', '--out', 'm'], { seconds: 150 });
    expect(merged.code, merged.stderr).toBe(0);
    expect(merged.stdout).toMatch(
      /^The shards were asked where the merge lies, and the draws are corrected to the posterior itself \(k-hat /,
    );
    expect(merged.stdout).toMatch(/^rounds +3 of the Gaussian, its mean moving .* sd; 4000 points each$/m);
    expect(merged.stdout).not.toContain('beyond');
    expect(place.read('m/report.html')).not.toContain('>beyond<');
    const summary = JSON.parse(place.read('m/summary.json'));
    const { correction } = summary.merge.rounds as { correction: { used: boolean; ess: number } };
    expect(correction.used).toBe(true);
    expect(correction.ess).toBeGreaterThan(2000);
    const truth = exact();
    for (const name of ['a', 'b'] as const) {
      const { mean, sd } = truth[name];
      const found = summary.parameters[name] as { mean: number; sd: number };
      expect((Math.abs(found.mean - mean) / sd) * Math.sqrt(correction.ess), `mean of ${name}`).toBeLessThan(4.5);
      expect(Math.abs(found.sd / sd - 1) * Math.sqrt(2 * correction.ess), `sd of ${name}`).toBeLessThan(5.5);
    }
    const [header = '', first = ''] = place.read('m/draws.csv').split('\n');
    const row = new Map(header.split(',').map((name, j) => [name, Number(first.split(',')[j])]));
    const best = (summary.merge.best as { lp: number }).lp;
    expect(row.get('lp__')).toBeLessThanOrEqual(best);

    // Draws alone, whose model nobody tells.
    writeFileSync(join(place.path, 'a.csv'), place.read('s/shard_1/draws/draws.csv'));
    const alone = await place.run(['merge', 'a.csv', 's/shard_2', ...rounds, '--out', 'n']);
    expect(alone).toMatchObject({ code: 2, stdout: '' });
    expect(alone.stderr).toMatch(
      /a\.csv cannot be asked, as --rounds does: no summary\.json of langevin sample beside it/,
    );
    const changed = place.read('s/shard_2/data.csv').replace(/,1\n/, ',0\n');
    writeFileSync(join(place.path, 's/shard_2/data.csv'), changed);
    const other = await place.run(['merge', ...shards, ...rounds, '--out', 'n']);
    expect(other).toMatchObject({ code: 2, stdout: '' });
    expect(other.stderr).toMatch(
      /shard_2\S* was sampled from s\/shard_2\/data\.csv, and that file holds other numbers now\./,
    );
    expect(place.list()).not.toContain('n');
  });

  const draws = `a,b\n${Array.from({ length: 50 }, (_, i) => `${Math.sin(i)},${Math.cos(i * i)}`).join('\n')}\n`;
  it('refuses a state-space model, whose likelihood is not known', async () => {
    const place = workplace();
    for (const shard of [1, 2]) {
      mkdirSync(join(place.path, `run_${shard}`));
      const source = {
        model: 'walk.mjs',
        priors: [],
        data: { name: `y_${shard}.csv`, rows: 2, fingerprint: `${shard}` },
      };
      const sds = Array.from({ length: 50 }, (_, i) => Math.exp(Math.sin(i * i + shard)));
      writeFileSync(join(place.path, `run_${shard}/draws.csv`), `sd\n${sds.join('\n')}\n`);
      writeFileSync(
        join(place.path, `run_${shard}/summary.json`),
        JSON.stringify({ model: 'walk', sample: { prior_power: 0.5, source } }),
      );
    }
    const run = await place.run(['merge', 'run_1', 'run_2', '--method', 'gradient-gaussian', '--rounds', '2'], {
      files: { 'walk.mjs': walk(), 'y_1.csv': 'y\n1\n2\n', 'y_2.csv': 'y\n3\n4\n' },
    });
    expect(run.stderr).toMatch(
      /is of walk, a state-space model, whose likelihood is known up to the noise of its filter only/,
    );
    expect(run).toMatchObject({ code: 2, stdout: '' });
  });

  it.each([
    [
      ['--method', 'gaussian', '--rounds', '2'],
      /^--rounds asks the shards for gradients, and gaussian uses none\.\nUse --method gradient-gaussian/,
    ],
    [['--method', 'gradient-gaussian'], /gradient/],
    [['--method', 'diffusion', '--rounds', '1'], /a\.csv cannot be asked, as --rounds does/],
    [['--method', 'gradient-gaussian', '--rounds', 'two'], /^--rounds two: "two" is not a number\./],
  ])('%j of draws alone ends with one message', async (args, message) => {
    const place = workplace();
    const run = await place.run(['merge', 'a.csv', 'b.csv', ...args, '--out', 'n'], {
      files: { 'a.csv': draws, 'b.csv': draws.replaceAll('\n', '1\n').replace('b1', 'b') },
    });
    const lines = run.stderr.split('\n').filter((line) => !/^(reading|npm) /.test(line));
    expect(lines.join('\n')).toMatch(message);
    expect(run).toMatchObject({ code: 2, stdout: '' });
  });
});

// Acceptance: what the command prints and writes, and that wrong input ends with one message and code 2. Numbers: the Gaussian product of shards with exact moments has exact
// moments of its own (anchor 1 of the reference page); 20 000 draws of it have means within 4 · 0.8/√20000 = 0.022.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { write_draws } from '../../src/data/draws.ts';
import { write_npy } from '../../src/data/npy.ts';
import { parse_summary } from '../../src/data/summary.ts';
import { beta_quantile } from '../../src/diagnostics/beta_quantile.ts';
import type { Points } from '../../src/diagnostics/points.ts';
import { uniform_at } from '../../src/random/threefry.ts';
import { exact_moments, stretched } from '../diagnostics/distances/samples.ts';
import { anchor, two_shards } from '../merge/baselines/anchors.ts';
import { expect_self_contained, timeout, workplace } from './command_line.ts';

const csv = ({ count, values, dimension }: Points, names = ['a', 'b']) =>
  write_draws({
    names: names.slice(0, dimension),
    chains: 1,
    draws: count,
    values: values.filter((_, at) => at % dimension < names.length),
  });
const [one, two] = two_shards(2000) as [Points, Points];

function place_with(files: Readonly<Record<string, string | Uint8Array>>) {
  const place = workplace();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(place.path, name, '..'), { recursive: true });
    writeFileSync(join(place.path, name), content);
  }
  return place;
}
const npy = (points: Points, factor = 1) =>
  write_npy(
    [points.count, points.dimension],
    points.values.map((x) => factor * x),
  );

describe.concurrent('merge', { timeout }, () => {
  it('merges folders of runs, prints the verdict first and writes what other stages write', async () => {
    const place = place_with({ 'run/1/draws.csv': csv(one), 'run/2/draws.csv': csv(two) });
    const args = ['merge', 'run/1', 'run/2', '--method', 'gaussian', '--draws', '20000', '--out', 'merged'];
    const { code, stdout } = await place.run(args);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^The shards agree, and all of them have draws where the merge lies\.\n\n +mean +sd +mcse/);
    expect(stdout).toMatch(/^run\/1\/draws\.csv +2000 +\d+ /m);
    expect(stdout).toMatch(/^computed by +the CPU alone, in float64; this needs no device$/m);
    expect(place.list('merged')).toEqual(['draws.csv', 'posterior.nc', 'report.html', 'summary.json']);
    const summary = parse_summary(place.read('merged/summary.json'), 'summary.json');
    anchor.mean.forEach((mean, j) => {
      expect(Math.abs((summary.parameters[['a', 'b'][j] as string]?.mean ?? 9) - mean)).toBeLessThan(0.022);
    });
    expect(summary).toMatchObject({
      command: ['langevin', ...args],
      model: 'merge',
      merge: { method: 'gaussian', draws: 20_000, distances: { from: 'merge' }, verdict: { extrapolates: false } },
    });
    // The shards' own draws limit what is known of the mean.
    expect(summary.parameters.a?.ess).toBeLessThan(5000);
    expect(place.read('merged/draws.csv').split('\n')).toHaveLength(20_002);
    const html = place.read('merged/report.html');
    expect_self_contained(html);
    expect(html).not.toMatch(/NaN[^<]*"|undefined|\[object/);
    expect(Array.from(html.matchAll(/<h2>(.*?)<\/h2>/g), (match) => match[1])).toEqual([
      ...['Parameters', 'Shards', 'Distances', 'Marginals', 'Pairs', 'Pairs, nearer', 'Run'],
    ]);
    expect(html.indexOf('The shards agree')).toBeLessThan(html.indexOf('<h2>Parameters'));
  });

  it('learns diffusion models of the shards on the device, and says what it learned', async () => {
    const place = place_with({ 'a.csv': csv(one), 'b.csv': csv(two) });
    const args = [
      'merge',
      'a.csv',
      'b.csv',
      '--method',
      'diffusion',
      '--updates',
      '100',
      '--units',
      '16',
      '--draws',
      '500',
    ];
    const { code, stdout } = await place.run([...args, '--out', 'merged']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^networks +2 of every shard, 16 units, 100 updates$/m);
    const { merge, adapter } = parse_summary(place.read('merged/summary.json'), 'summary.json');
    // Whole groups of 32 for each of the two networks.
    expect(merge).toMatchObject({ method: 'diffusion', draws: 512, learned: { networks: 2, updates: 100, units: 16 } });
    expect(adapter.name).toMatch(/\w/);
    expect(stdout).toMatch(/^gaussian( +\d\.\d{3} ± \d\.\d{3}){5}$/m);
    const headings = Array.from(place.read('merged/report.html').matchAll(/<h2>(.*?)<\/h2>/g), (match) => match[1]);
    expect(headings).toEqual(expect.arrayContaining(['Training', 'Path']));
    const idle = await place.run(['merge', 'a.csv', 'b.csv', '--method', 'swiss', '--updates', '100']);
    expect(idle.code).toBe(2);
    expect(idle.stderr).toContain('--updates is an option of --method diffusion');
  });

  it('takes .npy shards with gradients and log densities, measures distances from exact draws, and repeats itself', async () => {
    const shards = [one, two].map((points) => Array.from(points.values));
    const files = {
      'shards.npy': write_npy([2, 2000, 2], Float64Array.from(shards.flat())),
      // ∇ log N: −Σ⁻¹ (x − μ).
      'g1.npy': npy(stretched({ ...one, values: gradient(one, [1, 0], [2, -0.5, -0.5, 1], 1.75) }, [1, 1], [0, 0])),
      'g2.npy': npy({ ...two, values: gradient(two, [0, 1], [1, 0.3, 0.3, 2], 1.91) }),
      'exact.npy': npy(exact_moments(5, 4000, anchor.mean, anchor.covariance)),
    };
    const place = place_with(files);
    const args = ['merge', 'shards.npy', '--gradients', 'g1.npy', '--gradients', 'g2.npy', '--exact', 'exact.npy'];
    // With the gradients of all shards the default is to learn.
    args.push('--method', 'semiparametric');
    const first = await place.run([...args, '--draws', '2000', '--json', '--out', 'm']);
    expect(first.code).toBe(0);
    expect(first.stdout).toBe(place.read('m/summary.json'));
    const summary = JSON.parse(first.stdout);
    expect(Object.keys(summary.parameters)).toEqual(['p1', 'p2']);
    expect(summary.merge.distances.from).toBe('exact');
    expect(Object.keys(summary.merge.distances.methods)[0]).toBe('semiparametric');
    // The mean of 2000 draws is √(2/2000) = 0.03 sd away by chance.
    expect(summary.merge.distances.methods.gaussian.d_mah).toBeLessThan(0.12);
    const again = JSON.parse((await place.run([...args, '--draws', '2000', '--json', '--out', 'm'])).stdout);
    expect(again.parameters).toEqual(summary.parameters);
    const sign = await place.run([
      'merge',
      'shards.npy',
      '--gradients',
      'g2.npy',
      '--gradients',
      'g1.npy',
      '--out',
      'n',
    ]);
    expect(sign.code).toBe(2);
    expect(sign.stderr).toContain('The gradients do not belong to the draws of shards.npy, shard 1');
    expect(place.list()).not.toContain('n');
  });

  it('merges bounded parameters in the coordinates of their model', async () => {
    // Prior Beta(2, 2), three shards of 100 rows: Beta(y + 4/3, 104 − y − 4/3); all together Beta(14, 290), mean 0.0461, sd 0.0120. With a Jacobian too many in
    // every shard the mean would be 0.5 sd larger. Kernels and 2000 draws leave about 0.1.
    const shards = [3, 5, 4].map((y, s) => {
      const values = Float64Array.from({ length: 2000 }, (_, i) =>
        beta_quantile(uniform_at([s, 77], 5, 0, i), y + 4 / 3, 100 - y + 4 / 3),
      );
      return [`${s}.csv`, csv({ count: 2000, dimension: 1, values }, ['p'])] as const;
    });
    const model = `export default { kind: 'log-density', name: 'rate', parameters: { p: { prior: { beta: [2, 2] } } },
      wgsl: 'fn log_density(theta: Theta) -> f32 { return 0.0; }' }`;
    const place = place_with({ ...Object.fromEntries(shards), 'rate.mjs': model, 'bad.csv': csv(one, ['p']) });
    const files = ['0.csv', '1.csv', '2.csv'];
    const run = await place.run(['merge', ...files, '--model', 'rate.mjs', '--json', '--out', 'm']);
    expect(run.code).toBe(0);
    const { p } = JSON.parse(run.stdout).parameters;
    expect(Math.abs(p.mean - 14 / 304) / 0.012).toBeLessThan(0.25);
    expect(Math.abs(p.sd / 0.012 - 1)).toBeLessThan(0.1);
    const outside = await place.run(['merge', '0.csv', 'bad.csv', '--model', 'rate.mjs', '--out', 'n']);
    expect(outside.code).toBe(2);
    expect(outside.stderr).toMatch(/bad\.csv has|bad\.csv, draw \d+ is not inside the bounds of the model rate/);
  });

  it('says where a model is wanted: where draws look like it, and where their runs say so', async () => {
    const scale = (factor: number) => csv({ ...one, values: one.values.map((x) => factor * Math.exp(x)) }, ['tau']);
    const run = {
      ...{ model: 'mine', command: ['langevin', 'sample', 'models/mine.mjs', '--data', 'y.csv'] },
      sample: { priors: { a: 'normal(0, 1)', b: 'normal(0, 1) on (0, ∞)' } },
    };
    const place = place_with({
      ...{ 'a.csv': scale(1), 'b.csv': scale(2) },
      ...{ 'run/draws.csv': csv(one), 'run/summary.json': JSON.stringify(run), 'c.csv': csv(two) },
    });
    const seen = await place.run(['merge', 'a.csv', 'b.csv', '--draws', '500', '--out', 'm']);
    expect(seen.stdout).toMatch(
      /^- Draws look as if parameters had bounds: tau stands against 0; .* Give --model MODEL,/m,
    );
    const known = await place.run(['merge', 'run', 'c.csv', '--draws', '500', '--out', 'n']);
    expect(known.stdout).toMatch(
      /^- b has bounds in the model models\/mine\.mjs; .* Give --model models\/mine\.mjs, to merge/m,
    );
  });

  it('takes a merge for a shard, worth what its errors say, so that a late shard needs no other again', async () => {
    const late = exact_moments(9, 2000, [0.5, 0], [1, 0.2, 0.2, 1.5]);
    const place = place_with({ 'a.csv': csv(one), 'b.csv': csv(two), 'late.csv': csv(late) });
    const common = ['--method', 'gaussian', '--draws', '20000', '--json', '--out'];
    const merge = async (...args: string[]) => JSON.parse((await place.run(['merge', ...args])).stdout);
    const first = await merge('a.csv', 'b.csv', ...common, 'first');
    const both = await merge('first', 'late.csv', ...common, 'both');
    const all = await merge('a.csv', 'b.csv', 'late.csv', ...common, 'all');
    for (const name of ['a', 'b']) {
      // Of two sets of 20 000 draws, and of those in between.
      expect(Math.abs(both.parameters[name].mean - all.parameters[name].mean)).toBeLessThan(0.022);
      expect(both.parameters[name].sd / all.parameters[name].sd).toBeCloseTo(1, 1);
    }
    const worth = Math.min(first.parameters.a.ess, first.parameters.b.ess);
    expect(both.merge.shards[0].ess / worth).toBeCloseTo(1, 1);
    const judged = await place.run(['summarize', 'first/draws.csv']);
    expect(judged.stdout).toMatch(/^draws +20000, merged of 2 shards by gaussian$/m);
    expect(judged.stdout).not.toMatch(/rhat|chain ×/);
    expect(judged.stdout).toMatch(
      /^warning: the draws are a merge of shards and no chain: .* The verdict there: The shards agree/m,
    );
    const stored = JSON.parse((await place.run(['summarize', 'first/posterior.nc', '--json'])).stdout);
    for (const name of ['a', 'b']) expect(stored.parameters[name].mcse).toBe(first.parameters[name].mcse);
  });

  it('says that shards contradict each other', async () => {
    const far = stretched(one, [1, 1], [40, 0]);
    const place = place_with({ 'a.csv': csv(one), 'b.csv': csv(two), 'far.csv': csv(far) });
    const { code, stdout } = await place.run(['merge', 'a.csv', 'b.csv', 'far.csv', '--draws', '500', '--out', 'm']);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^Do not use this merge yet: shards contradict each other\.\n- far\.csv contradicts the other shards/,
    );
  });

  it.each([
    [[], /^Which shards\?/],
    [['a.csv', './a.csv'], /^\.\/a\.csv is given twice\./],
    [['a.csv', 'none.csv'], /^none\.csv cannot be read: no such file or folder\./],
    [['a.csv', 'other.csv'], /^other\.csv has no column b, which a\.csv has\./],
    [['a.csv', 'nan.csv'], /^nan\.csv, draw 2, b: NaN is not a finite number\./],
    [['a.csv', 'b.csv', '--gradients', 'g.npy', '--gradients', 'short.npy'], /^short\.npy has the shape 5 × 2/],
    [['a.csv', 'b.csv', '--gradients', 'a.csv'], /^a\.csv is not a \.npy file/],
    [['a.csv', 'b.csv', '--exact', 'other.csv'], /^other\.csv has no column b/],
    [['a.csv', 'b.csv', '--method', 'magic'], /^--method must be one of semiparametric, .*, not "magic"\./],
  ])('%j ends with one message', async (args, message) => {
    const files = {
      'a.csv': csv(one),
      'b.csv': csv(two),
      'other.csv': csv(two, ['a', 'c']),
      'nan.csv': 'a,b\n1,2\n2,nan\n4,2\n',
      'g.npy': npy(one),
      'short.npy': npy({ count: 5, dimension: 2, values: new Float64Array(10) }),
    };
    const place = place_with(files);
    const { code, stdout, stderr } = await place.run(['merge', ...args, '--out', 'out']);
    const message_lines = stderr.split('\n').filter((line) => !/^(reading|npm) /.test(line));
    expect(message_lines.join('\n')).toMatch(message);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(place.list()).toEqual(Object.keys(files).sort());
  });
});

/** −P (x − μ) with P = adjugate / determinant. */
function gradient(
  { values }: Points,
  [mx, my]: [number, number],
  [a, b, c, d]: number[],
  determinant: number,
): Float64Array {
  return values.map((_, at) => {
    const row = at - (at % 2);
    const [x, y] = [(values[row] as number) - mx, (values[row + 1] as number) - my];
    return (
      -(at % 2 === 0 ? (a as number) * x + (b as number) * y : (c as number) * x + (d as number) * y) / determinant
    );
  });
}

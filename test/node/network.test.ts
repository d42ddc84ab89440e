// Acceptance: what the command writes and prints, refusals with one message and code 2, and a CSV taken to scores whose figures follow from the files by the definitions.
//
// End to end: y = 300 + 100 sin(2x) + 5 N(0, 1) on 120 rows, 12 units. On the rows held out a short run of HMC must beat the straight line by least squares, which no line is near to, and a few long steps of SGLD the constant.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { normal_quantile } from '../../src/diagnostics/normal_quantile.ts';
import { UserError } from '../../src/model/user_error.ts';
import { network } from '../../src/node/commands/network.ts';
import { parse_options } from '../../src/node/options.ts';
import { uniform_at } from '../../src/random/threefry.ts';
import { timeout, workplace } from './command_line.ts';

const normal = (step: number, i: number) => normal_quantile(uniform_at([31, 2], 4, step, i));
const count = 120;
const x = Array.from({ length: count }, (_, i) => 1000 + normal(0, i));
const waves = x.map((v, i) => 300 + 100 * Math.sin(2 * (v - 1000)) + 5 * normal(1, i));
const table = `place,x,"how, strong",flat\n${x.map((v, i) => `p${i},${v},${waves[i]},7`).join('\n')}\n`;
const target = ['--data', 'y.csv', '--target', 'how, strong'];
const made = ['network', ...target, '--inputs', 'x', '--hidden', '12', '--test', '0.25', '--seed', '3', '--out', 'net'];

const cells = (csv: string) =>
  csv
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').map(Number));

/** Scores of least squares on the rows held out, as normal densities with the sd of what is left on the others. */
function straight(held: ReadonlySet<number>) {
  const rows = x.map((v, i) => ({ v: v - 1000, y: waves[i] as number, is_held: held.has(i + 1) }));
  const mean_over = (of: typeof rows, f: (row: (typeof rows)[number]) => number) =>
    of.reduce((sum, row) => sum + f(row) / of.length, 0);
  const [train, test] = [rows.filter((row) => !row.is_held), rows.filter((row) => row.is_held)];
  const [mv, my] = [mean_over(train, ({ v }) => v), mean_over(train, ({ y }) => y)];
  const slope = mean_over(train, ({ v, y }) => (v - mv) * (y - my)) / mean_over(train, ({ v }) => (v - mv) ** 2);
  const scores = (b: number) => {
    const squared = ({ v, y }: (typeof rows)[number]) => (y - my - b * (v - mv)) ** 2;
    const [variance, error] = [mean_over(train, squared), mean_over(test, squared)];
    return { rmse: Math.sqrt(error), nll: 0.5 * (Math.log(2 * Math.PI * variance) + error / variance) };
  };
  return { line: scores(slope), constant: scores(0) };
}

describe.concurrent('network', { timeout }, () => {
  it('standardises by the training rows, holds rows out by the seed, and prints the commands', async () => {
    const place = workplace();
    const { code, stdout, stderr } = await place.run(made, { files: { 'y.csv': table } });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(place.list('net')).toEqual(['model.mjs', 'network.json', 'test.csv', 'train.csv']);
    expect(stdout).toContain('y.csv: 120 rows, of which seed 3 holds 30 out; 90 train.');
    expect(stdout).toContain('how, strong from 1 input by 12 hidden units: 38 parameters');
    expect(stdout).toContain('\nlangevin sample net/model.mjs --data net/train.csv ');
    expect(stdout).toContain('\nlangevin population net/model.mjs --data net/train.csv ');
    expect(stdout).toContain('\nlangevin network --score net net/hmc net/sgld\n');
    const file = JSON.parse(place.read('net/network.json'));
    const held = new Set<number>(file.test);
    expect(held.size).toBe(30);
    const train = x.map((_, i) => i).filter((i) => !held.has(i + 1));
    const mean = train.reduce((sum, i) => sum + (waves[i] as number) / 90, 0);
    const sd = Math.sqrt(train.reduce((sum, i) => sum + ((waves[i] as number) - mean) ** 2 / 90, 0));
    expect(file.target).toMatchObject({ name: 'how, strong' });
    expect(file.target.mean).toBeCloseTo(mean, 9);
    expect(file.target.sd).toBeCloseTo(sd, 9);
    const rows = cells(place.read('net/train.csv'));
    expect(rows).toHaveLength(90);
    for (const [n, i] of train.entries())
      expect(Math.abs((rows[n]?.[1] as number) - ((waves[i] as number) - mean) / sd)).toBeLessThan(1e-6);
    const test = cells(place.read('net/test.csv'));
    for (const [n, row] of [...held].entries())
      expect(Math.abs((test[n]?.[1] as number) * sd + mean - (waves[row - 1] as number))).toBeLessThan(1e-4);
  });

  it('is sampled by sample and population, and the runs are scored side by side in the units of the data', async () => {
    const place = workplace();
    await place.run(made, { files: { 'y.csv': table } });
    const data = ['net/model.mjs', '--data', 'net/train.csv'];
    const short = ['--sampler', 'hmc', '--chains', '8', '--steps', '20', '--warmup', '150', '--draws', '20'];
    const sampled = await place.run(['sample', ...data, ...short, '--out', 'net/hmc']);
    expect(sampled.code, sampled.stderr).toBe(0);
    const few = ['--ranks', '1', '--particles', '16', '--batch', '16', '--warmup', '100', '--draws', '100'];
    const moved = await place.run(['population', ...data, ...few, '--out', 'net/sgld']);
    expect(moved.code, moved.stderr).toBe(0);
    const score = ['network', '--score', 'net', 'net/hmc', 'net/sgld', '--out', 'scores'];
    const { code, stdout, stderr } = await place.run(score);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^how, strong: 30 rows held out, in the units of the data/);
    expect(stdout).toMatch(/^net\/hmc +\d\.\d+ +\d\.\d+ +\d+\.\d+ +\d+\.\d % +\d+\.\d % +\d+\.\d % +\d+\.\d % +160$/m);
    expect(stdout).toMatch(/^net\/sgld .* 160 +\d+\.\d+ +\d+\.\d+$/m);
    const { network: found, adapter } = JSON.parse(place.read('scores/summary.json'));
    expect(adapter.kind).toBe('none');
    const [hmc, sgld] = found.runs;
    const { line, constant } = straight(new Set(JSON.parse(place.read('net/network.json')).test));
    expect(hmc.nll).toBeLessThan(line.nll);
    expect(hmc.rmse).toBeLessThan(line.rmse);
    expect(sgld.rmse).toBeLessThan(constant.rmse);
    const lines = place.read('scores/predictions.csv').trim().split('\n').slice(1);
    const of_hmc = lines
      .filter((line) => line.startsWith('net/hmc,'))
      .map((line) => line.split(',').slice(1).map(Number));
    expect(of_hmc).toHaveLength(30);
    const mean_of = (f: (row: readonly number[]) => number) => of_hmc.reduce((sum, row) => sum + f(row) / 30, 0);
    for (const [row, observed] of of_hmc)
      expect(Math.abs((observed as number) - (waves[(row as number) - 1] as number))).toBeLessThan(1e-3);
    expect(mean_of((row) => -(row[5] as number))).toBeCloseTo(hmc.nll, 6);
    expect(Math.sqrt(mean_of((row) => ((row[1] as number) - (row[2] as number)) ** 2))).toBeCloseTo(hmc.rmse, 6);
    expect(mean_of((row) => Number(Math.abs((row[4] as number) - 0.5) <= 0.45))).toBeCloseTo(hmc.coverage[1], 6);

    // A run of another model is none of this network.
    const other = await place.run(['network', '--score', 'net', 'other.csv'], {
      files: { 'other.csv': 'chain,draw,mu\n0,0,1\n0,1,2\n0,2,1\n0,3,2\n' },
    });
    expect(other).toMatchObject({ code: 2, stdout: '' });
    expect(other.stderr).toContain('other.csv has no column w1[0]: it is of another model.');
  });

  it('refuses with one message and writes nothing', async () => {
    const place = workplace();
    const wrong = ['network', '--score', 'nowhere', 'a', '--hidden', '3'];
    const { code, stdout, stderr } = await place.run(wrong);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe('--hidden is for making a network, and --score judges one.\nLeave --hidden out.\n');
    expect(place.list()).toEqual([]);
  });
});

describe('input that no network can be made of', () => {
  const place = workplace();
  const y = join(place.path, 'y.csv');
  const out = join(place.path, 'net');
  const refuse = (args: readonly string[]) =>
    network.run({
      options: parse_options(args, network.options),
      ...{ args, signal: new AbortController().signal, open_device: () => Promise.reject(new Error('no device')) },
    });
  const from = ['--data', y, '--target', 'how, strong', '--inputs'];
  const cases: [string, string[], string][] = [
    ['no data', ['--target', 'y'], 'Which data? --data FILE.csv --target COLUMN'],
    ['no target', ['--data', y], 'What to predict? --target COLUMN, one of place, x, how, strong, flat.'],
    ['an unknown target', ['--data', y, '--target', 'how, strng'], 'Did you mean how, strong?'],
    ['an unknown input', [...from, 'x,z'], 'y.csv has no column z, which --inputs names'],
    ['a target among the inputs', ['--data', y, '--target', 'x', '--inputs', 'x'], 'from itself'],
    ['an input that is named twice', [...from, 'x,x'], '--inputs names x twice'],
    ['cells that are no numbers', from.slice(0, -1), 'y.csv, row 2, column place: "p0" is not a number.'],
    ['a constant input', [...from, 'x,flat'], 'column flat: all training rows hold 7'],
    ['too few rows to test', [...from, 'x', '--test', '0.001'], 'leaves 0 to test and 120 to train'],
    ['no part', [...from, 'x', '--test', '2'], '--test must be a part of the rows'],
    ['too many units', [...from, 'x', '--hidden', '5000'], 'Use --hidden 682 or fewer'],
    ['a run without --score', [...from, 'x', 'runs/a'], '"runs/a" is left over.'],
    ['--json without --score', [...from, 'x', '--json'], '--json prints the scores'],
    ['a folder that is no network', ['--score', 'nowhere', 'a'], 'nowhere/network.json cannot be read'],
    ['a folder that is taken', [...from, 'x', '--out', place.path], 'is there already'],
  ];
  it.each(cases)('%s', async (_, args, message) => {
    writeFileSync(y, table);
    const given = args.includes('--out') || args.includes('--score') ? args : [...args, '--out', out];
    const error = await refuse(given).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).message).toContain(message);
    expect(place.list()).toEqual(['y.csv']);
  });
});

// Acceptance: what the command writes and prints, one message and code 2 for wrong input, and a run that is interrupted and gone on with. The posterior of the conjugate line is exact: means within 4.5 standard errors by the ESS of
// the draws. SGLD's budgets, of the step and of the batch, 0.05 each, move an sd by 5 % at most.

import { describe, expect, it } from 'vitest';
import { parse_summary } from '../../src/data/summary.ts';
import { uniform_at } from '../../src/random/threefry.ts';
import { timeout, workplace } from './command_line.ts';
import { line, line_posterior } from './conjugate_line.ts';

const count = 90;
const at = (i: number, step: number) => Math.fround(2 * uniform_at([91, 6], 5, step, i) - 1);
const x = Array.from({ length: count }, (_, i) => at(i, 0));
const y = x.map((v, i) => Math.fround(0.5 - v + at(i, 1)));
const y_csv = `x,y\n${x.map((v, i) => `${v},${y[i]}`).join('\n')}\n`;

const exact = line_posterior(x, y);
const files = { 'line.mjs': line, 'y.csv': y_csv };
const short = ['--particles', '32', '--every', '50', '--warmup', '500', '--draws', '1000', '--thin', '5'];

describe.concurrent('langevin population', { timeout }, () => {
  it('finds the posterior by two ranks with batches and control variates, and says what its step costs', async () => {
    const place = workplace();
    const args = ['population', 'line.mjs', '--data', 'y.csv', '--batch', '30', '--control-variates', ...short];
    const { code, stdout, stderr } = await place.run([...args, '--exchange', 'permute', '--out', 'run'], { files });
    expect(stderr).toContain('looking for the mode, step 1 of 800\n');
    expect(stderr).toContain('line: sgld, 2 ranks of 32 particles, exchange permute');
    expect({ code, end: stdout.trimEnd().split('\n').at(-1) }).toEqual({ code: 0, end: 'run/report.html' });
    expect(place.list()).toEqual(['line.mjs', 'run', 'y.csv']);
    expect(place.list('run')).toEqual(['draws.csv', 'posterior.nc', 'report.html', 'summary.json']);
    const summary = parse_summary(place.read('run/summary.json'), 'summary.json');
    for (const [name, { mean, sd }] of Object.entries(exact)) {
      const found = summary.parameters[name] as { mean: number; sd: number; ess_mean?: number; ess_sd?: number };
      expect(Math.abs(found.mean - mean) / sd).toBeLessThan(4.5 / Math.sqrt(found.ess_mean as number) + 0.05);
      expect(Math.abs(found.sd / sd - 1)).toBeLessThan(4.5 / Math.sqrt(2 * (found.ess_sd as number)) + 0.05);
    }
    const { staleness, of_ranks } = summary.population as {
      staleness: { inflation: number; budget: number };
      of_ranks: { rank: number; segments: number }[];
    };
    expect(staleness.inflation).toBeLessThanOrEqual(staleness.budget * 1.0001);
    expect(of_ranks.map(({ rank, segments }) => [rank, segments])).toEqual([
      [0, 60],
      [1, 60],
    ]);
  });

  it('stops at Ctrl-C with what it has, and goes on by --resume to the same draws as without a stop', async () => {
    const place = workplace();
    const args = ['population', 'line.mjs', '--data', 'y.csv', '--method', 'mala', ...short, '--ranks', '1'];
    const whole = await place.run([...args, '--out', 'whole'], { files });
    expect(whole.code).toBe(0);
    let sent = false;
    const first = await place.run([...args, '--out', 'run'], {
      on_stderr(text, child) {
        if (sent || !text.includes('line: mala')) return;
        sent = true;
        setTimeout(() => child.kill('SIGINT'), 2500);
      },
    });
    expect(first.code).toBe(130);
    expect(first.stderr).toContain('same command with --resume goes on from there');
    expect(place.list()).toContain('run.run');
    const refused = await place.run([...args, '--out', 'run']);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain('holds a run that was not finished');
    const other = await place.run([...args, '--seed', '2', '--out', 'run', '--resume']);
    expect(other.code).toBe(2);
    expect(other.stderr).toContain('was begun with other options');
    const resumed = await place.run([...args, '--out', 'run', '--resume']);
    expect(resumed.code).toBe(0);
    expect(place.read('run/draws.csv')).toBe(place.read('whole/draws.csv'));
    expect(place.list()).not.toContain('run.run');
  });

  it('warns that the best particle’s copies are no posterior', async () => {
    const place = workplace();
    const args = ['population', 'line.mjs', '--data', 'y.csv', '--method', 'mala', '--exchange', 'best', ...short];
    const { code, stdout } = await place.run([...args, '--out', 'run'], { files });
    expect(code).toBe(0);
    expect(stdout).toMatch(/warning: exchange best is an optimiser: .* instead of 1/);
  });

  it.each([
    [['lgssm'], 'is a state-space model'],
    [['line.mjs'], 'Which data?'],
    [['line.mjs', '--data', 'y.csv', '--particles', '7'], '--particles must be even'],
    [['line.mjs', '--data', 'y.csv', '--method', 'mala', '--batch', '8'], 'needs all rows'],
    [['line.mjs', '--data', 'y.csv', '--control-variates'], 'Give --batch N'],
    [['line.mjs', '--data', 'y.csv', '--every', '15'], 'must be a multiple of --thin'],
    [['line.mjs', '--data', 'y.csv', '--hottest', '0.5'], '--hottest is for --exchange replica'],
    [['line.mjs', '--data', 'y.csv', '--exchange', 'rotate'], '--exchange'],
    [['line.mjs', '--data', 'y.csv', '--pool', 'us'], '--pool is for a run over NATS'],
    [
      ['line.mjs', '--data', 'y.csv', '--run', 'my.run'],
      '--run must be up to 40 letters, digits, "_" and "-", not "my.run".',
    ],
    [['line.mjs', '--data', 'y.csv', '--nats', 'nats://elsewhere:4222'], 'has no credentials and encryption'],
    [['line.mjs', '--data', 'y.csv', '--nats', 'nats://127.0.0.1:9'], 'There is no connection to NATS'],
    [['line.mjs', '--data', 'y.csv', '--resume', '--out', 'none'], 'Leave --resume out'],
  ])('refuses %j', async (args, expected) => {
    const place = workplace();
    const { code, stdout, stderr } = await place.run(['population', ...args], { files });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(expected);
    expect(place.list().filter((name) => name !== 'runs')).toEqual(['line.mjs', 'y.csv']);
  });

  it.each([
    [[], 'Where is the run?'],
    [['--nats', 'nats://127.0.0.1:9'], 'There is no connection to NATS'],
    [['--nats', 'nats://127.0.0.1:9', '--rank', 'x'], 'which is no rank'],
  ])('langevin worker refuses %j', async (args, expected) => {
    const { code, stdout, stderr } = await workplace().run(['worker', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(expected);
  });
});

// Acceptance: what the command prints and writes, and that wrong input ends with one message and code 2. Statistics are tested in test/diagnostics.

import { describe, expect, it } from 'vitest';
import { write_draws } from '../../src/data/draws.ts';
import { independent_normals } from '../diagnostics/reference_draws.ts';
import { expect_self_contained, timeout, workplace } from './command_line.ts';

/** Two parameters, independent normals. */
function draws_csv(seed: number, chains: number, draws: number, weights?: readonly number[]): string {
  const [a, b] = [independent_normals(seed, chains, draws), independent_normals(seed + 1, chains, draws)];
  const values = a.flatMap((chain, c) => Array.from(chain).flatMap((x, t) => [x, b[c]?.[t] as number]));
  return write_draws({ names: ['a', 'b'], chains, draws, values, ...(weights === undefined ? {} : { weights }) });
}

describe.concurrent('summarize', { timeout }, () => {
  it('prints the table of draws.csv and writes nothing by itself', async () => {
    const place = workplace();
    const { code, stdout, stderr } = await place.run(['summarize', 'draws.csv'], {
      files: { 'draws.csv': draws_csv(1, 4, 500) },
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^ +mean +sd +mcse +q05 +q50 +q95 +ess_bulk +ess_tail +ess_square +rhat$/m);
    expect(stdout).toMatch(/^b +-?0\.\d+ +(0\.9|1\.0)\d+ .* 1\.00\d$/m);
    expect(stdout).toMatch(/^draws +4 chains × 500$/m);
    expect(stdout).not.toContain('warning');
    expect(place.list()).toEqual(['draws.csv']);
  });

  it('takes one file per chain, writes summary.json and report.html, and prints the same JSON', async () => {
    const place = workplace();
    const files = {
      'c1.csv': draws_csv(3, 1, 300),
      'c2.csv': draws_csv(5, 1, 300),
      'summary.json': '{"seconds":{"total":2}}',
    };
    const run = ['summarize', 'c1.csv', 'c2.csv', '--gradients', '9000', '--json', '--out', 'judged'];
    const { code, stdout } = await place.run(run, { files });
    expect(code).toBe(0);
    expect(place.list('judged')).toEqual(['report.html', 'summary.json']);
    expect(stdout).toBe(place.read('judged/summary.json'));
    expect_self_contained(place.read('judged/report.html'));
    const summary = JSON.parse(stdout);
    expect(summary).toMatchObject({
      command: ['langevin', ...run],
      files: ['c1.csv', 'c2.csv'],
      chains: 2,
      draws: 300,
      cost: { gradients: { value: 9000, source: '--gradients' }, seconds: { value: 2, source: 'summary.json' } },
      warnings: [],
    });
    const { ess_mean, ess_square } = summary.parameters.a;
    const { ess_mean: ess_b, ess_square: square_b } = summary.parameters.b;
    const worst = Math.min(ess_mean, ess_square, ess_b, square_b);
    expect(summary.worst.per_gradient).toBe(worst / 9000);
    expect(summary.worst.per_second).toBe(worst / 2);
  });

  it('takes what a run cost from its summary.json, else from what the files say', async () => {
    const cost = async (files: Record<string, string>, ...paths: string[]) =>
      JSON.parse((await workplace().run(['summarize', ...paths, '--json'], { files })).stdout).cost;
    const stan = 'lp__,n_leapfrog__,a\n1,3,0.1\n2,4,0.2\n#  0.5 seconds (Total)\n';
    expect(await cost({ '1.csv': stan, '2.csv': stan }, '1.csv', '2.csv')).toEqual({
      gradients: { value: 14, source: 'steps of these draws, without warm-up' },
      seconds: { value: 1, source: 'told by the files, warm-up included' },
    });
    const summary = '{"seconds":{"total":2},"sample":{"gradients":{"warm_up":100,"learning":20,"sampling":900}}}';
    expect(await cost({ '1.csv': stan, 'summary.json': summary }, '1.csv')).toEqual({
      gradients: { value: 1020, source: 'summary.json', phases: { warm_up: 100, learning: 20, sampling: 900 } },
      seconds: { value: 2, source: 'summary.json' },
    });
    const timed = '{"seconds":{"total":9},"sample":{"seconds":{"warm_up":3,"learning":0,"sampling":1}}}';
    expect(await cost({ '1.csv': stan, 'summary.json': timed }, '1.csv')).toMatchObject({
      gradients: { value: 7 },
      seconds: { value: 4, source: 'summary.json', phases: { warm_up: 3, learning: 0, sampling: 1 } },
    });
  });

  it('tells, with --superchains, whether groups of chains remember where they started', async () => {
    const place = workplace();
    // Four chains, the first two of which sit elsewhere.
    const chains = independent_normals(11, 4, 200).map((chain, c) => chain.map((x) => x + (c < 2 ? 3 : 0)));
    const text = write_draws({ names: ['a'], chains: 4, draws: 200, values: chains.flatMap((chain) => [...chain]) });
    const files = { 'apart.csv': text, 'good.csv': draws_csv(12, 4, 200) };
    const { stdout } = await place.run(['summarize', 'apart.csv', '--superchains', '2'], { files });
    expect(stdout).toMatch(/^ +mean .* rhat +nested_rhat$/m);
    expect(stdout).toMatch(/^draws +4 chains × 200, in 2 superchains$/m);
    expect(stdout).toMatch(
      /^warning: nested R-hat is above 1\.01 for a \(worst: 2\.\d{3}\): superchains still remember/m,
    );
    const found = JSON.parse((await place.run(['summarize', 'good.csv', '--superchains', '2', '--json'])).stdout);
    expect(found).toMatchObject({ superchains: 2, warnings: [] });
    // Converged, it is about √(1 + 1/(M·N)), here √(1 + 1/400), and seldom beyond 1.01.
    expect(found.parameters.a.nested_rhat).toBeGreaterThan(1);
    expect(found.parameters.a.nested_rhat).toBeLessThan(1.01);
    expect(found.parameters.a.mcse_q95).toBeGreaterThan(found.parameters.a.mcse_q50);
  });

  it('judges the draws and the posterior.nc of a run of ours', async () => {
    const place = workplace();
    const ode = ['smc2', 'sir-ode', '--data', 'influenza-1978', '--thetas', '64', '--iterations', '2', '--out', 'run'];
    expect((await place.run(ode)).code).toBe(0);
    const weighted = await place.run(['summarize', 'run/draws.csv']);
    expect(weighted.code).toBe(0);
    expect(weighted.stdout).toContain('R-hat and the ESS of chains do not apply');
    const run = JSON.parse(place.read('run/summary.json'));
    // The run ends with equal weights; that does not make a chain of it.
    const judged = JSON.parse((await place.run(['summarize', 'run/draws.csv', '--json'])).stdout);
    expect(Object.keys(judged.parameters)).toEqual(Object.keys(run.parameters));
    for (const [name, { mean }] of Object.entries(run.parameters as Record<string, { mean: number }>)) {
      // Draws are written to seven digits.
      expect(Math.abs(judged.parameters[name].mean / mean - 1)).toBeLessThan(1e-4);
    }
    const equal = await place.run(['summarize', 'run/posterior.nc']);
    expect(equal.code).toBe(0);
    expect(equal.stdout).toMatch(/^draws +64, weighted$/m);
  });

  const good = draws_csv(7, 2, 20);
  it.each([
    [[], /^Which draws\?/],
    [['none.csv'], /^none\.csv cannot be read: no such file or folder\./],
    [['good.csv', './good.csv'], /^\.\/good\.csv is given twice\./],
    [['bad.csv'], /^bad\.csv, row 3, column b: "x" is not a number\./],
    [['good.csv', 'short.csv'], /^good\.csv has 20 draws per chain, short\.csv has 10\./],
    [['zero.bin'], /^zero\.bin is neither CSV nor netCDF-4\./],
    [['good.csv', '--out', '.'], /^--out \. (is the folder of good\.csv|: the folder holds other files)/],
    [['good.csv', '--seconds', '0'], /^--seconds must be greater than 0, not 0\./],
    [['good.csv', '--superchains', '3'], /^2 chains cannot form 3 superchains of equal size\./],
    [
      ['weighted.csv', '--superchains', '2'],
      /^--superchains is for chains, and these draws are a weighted population\./,
    ],
    [['good.csv', '--gradients', 'many'], /^--gradients many: "many" is not a number\./],
  ])('%j ends with one message', async (args, message) => {
    const place = workplace();
    const files = {
      'good.csv': good,
      'short.csv': draws_csv(9, 2, 10),
      'weighted.csv': draws_csv(9, 2, 3, [0.5, 0.1, 0.1, 0.1, 0.1, 0.1]),
      'bad.csv': 'a,b\n1,2\n3,x\n',
      'zero.bin': 'a\0b',
    };
    const { code, stdout, stderr } = await place.run(['summarize', ...args], { files });
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(2);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(place.list()).toEqual(Object.keys(files).sort());
  });
});

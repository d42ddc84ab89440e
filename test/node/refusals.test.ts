// Acceptance: what the user got wrong ends with code 2 and one message that holds where, what, and what to do; nothing on standard output, nothing new in the folder, within a minute.

import { describe, expect, it } from 'vitest';
import { most_particles } from '../../src/filter/bank.ts';
import { most_grid_particles } from '../../src/filter/grid.ts';
import { most_thetas } from '../../src/smc2/options.ts';
import { csv, lgssm_at, timeout, workplace } from './command_line.ts';

interface Refusal {
  title: string;
  args: readonly string[];
  files?: Readonly<Record<string, string>>;
  /** Each of these stands in the message. */
  says: readonly string[];
}

const filter = ['filter', 'lgssm', ...lgssm_at];
const small = ['--thetas', '64', '--particles', '16', '--iterations', '2'];
const good = { 'y.csv': csv(1, 2, 3) };

const refusals: readonly Refusal[] = [
  ...['filter', 'simulate', 'smc2'].map((command) => ({
    title: `${command} of a log density`,
    args: [command, 'banana'],
    says: [
      `langevin ${command} runs particle filters, which take models of kind 'state-space'; banana is a log density.`,
      'Use langevin sample banana.',
    ],
  })),
  {
    title: 'a missing file',
    args: [...filter, '--data', 'none.csv'],
    says: ['--data none.csv cannot be read: no such file or folder.'],
  },
  {
    title: 'a misspelled built-in data set',
    args: [...filter, '--data', 'lgssm-10'],
    says: ['--data lgssm-10', 'Did you mean the built-in data lgssm-100?'],
  },
  { title: 'no data', args: filter, says: ['Which data?', '--data FILE.csv', 'influenza-1978'] },
  {
    title: 'an empty CSV',
    args: [...filter, '--data', 'y.csv'],
    files: { 'y.csv': '' },
    says: ['y.csv: the file is empty.', 'Its first line must name the columns: y.'],
  },
  {
    title: 'a missing column',
    args: ['smc2', 'sir', '--data', 'y.csv', ...small],
    files: { 'y.csv': 'day,bed\n1,3\n' },
    says: ['y.csv: there is no column in_bed; the columns are day, bed.'],
  },
  {
    title: 'text in a number’s place',
    args: [...filter, '--data', 'y.csv'],
    files: { 'y.csv': csv(1, '12a', 3) },
    says: ['y.csv, row 3, column y: "12a" is not a number.', 'Empty cells, NA and NaN mean "no observation".'],
  },
  {
    title: 'a parameter out of its support',
    args: ['filter', 'lgssm', '--set', 'mu=0', '--set', 'phi=1', '--set', 'sigma=-1', '--data', 'lgssm-100'],
    says: ['--set sigma=-1', 'must be at least 0'],
  },
  {
    title: 'a missing parameter',
    args: ['simulate', 'lgssm', '--set', 'mu=0'],
    says: ['The model needs a value for phi, sigma.', '--set phi=… --set sigma=…'],
  },
  {
    title: 'an unknown parameter',
    args: ['simulate', 'lgssm', '--set', 'sigm=1'],
    says: ['there is no parameter "sigm". Did you mean sigma?', 'The model has: mu, phi, sigma.'],
  },
  {
    title: 'a setting with spaces',
    args: ['simulate', 'lgssm', '--set', 'mu', '=', '1'],
    says: ['"= 1" is left over after the model lgssm.', '--set name=value', 'without spaces'],
  },
  {
    title: 'a parameter that is no number',
    args: ['simulate', 'lgssm', '--set', 'mu=O.5'],
    says: ['--set mu=O.5: "O.5" is not a number.'],
  },
  {
    title: 'an unknown option',
    args: [...filter, '--data', 'lgssm-100', '--particle', '5'],
    says: ['Unknown option --particle. Did you mean --particles?', '"--help" lists the options.'],
  },
  {
    title: 'an option given twice',
    args: [...filter, '--data', 'lgssm-100', '--data', 'lgssm-500'],
    says: ['--data is given twice.', 'Leave one out.'],
  },
  { title: 'an option without its value', args: [...filter, '--data'], says: ['--data needs a value: --data FILE.'] },
  {
    title: 'an unknown command',
    args: ['smc', 'sir'],
    says: ['There is no command "smc". Did you mean smc2?', 'simulate, filter, smc2'],
  },
  { title: 'an unknown model', args: ['smc2', 'sirr', '--data', 'influenza-1978'], says: ['"sirr"', 'sir'] },
  { title: 'no model', args: ['smc2', '--data', 'influenza-1978'], says: ['Which model?', '"langevin models"'] },
  {
    title: 'an unknown prior family',
    args: ['smc2', 'sir', '--data', 'influenza-1978', '--prior', 'beta=lognorml:0,1'],
    says: ['--prior beta=lognorml:0,1', 'lognormal'],
  },
  {
    title: 'a prior of an unknown parameter',
    args: ['smc2', 'sir', '--data', 'influenza-1978', '--prior', 'bata=lognormal:0,1'],
    says: ['"bata"', 'Did you mean beta?'],
  },
  {
    title: 'a prior that takes a bound away without saying so',
    args: ['sample', 'eight-schools', '--data', 'eight-schools', '--prior', 'tau=normal:0,5'],
    says: ['tau has the bounds 0 and Infinity by its half_cauchy prior', '--prior tau=normal:0,5@0, to keep them'],
  },
  {
    title: 'no particles',
    args: [...filter, '--data', 'lgssm-100', '--particles', '0'],
    says: [`--particles must be a whole number from 1 to ${most_grid_particles}, not 0.`],
  },
  {
    title: 'too many particles',
    args: ['smc2', 'lgssm', '--data', 'lgssm-100', '--particles', '1000000000'],
    says: [`--particles must be a whole number from 1 to ${most_particles}, not 1000000000.`],
  },
  {
    title: 'no thetas',
    args: ['smc2', 'lgssm', '--data', 'lgssm-100', '--thetas', '0'],
    says: [`--thetas must be a whole number from 8 to ${most_thetas}, not 0.`],
  },
  {
    title: 'a seed that is no number',
    args: [...filter, '--data', 'lgssm-100', '--seed', 'abc'],
    says: ['--seed abc: "abc" is not a number.'],
  },
  {
    title: 'data that no parameter explains, in a filter',
    args: [...filter, '--data', 'y.csv', '--particles', '16', '--filters', '4'],
    files: { 'y.csv': csv(1, 2, '1e25', 3) },
    says: ['Every likelihood is zero', 'time step 3', 'Check that row'],
  },
  {
    title: 'data that no parameter explains, in SMC²',
    args: ['smc2', 'lgssm', '--data', 'y.csv', ...small],
    files: { 'y.csv': csv(1, 2, '1e25', 3) },
    says: ['Every likelihood is zero', 'time step 3', 'Check that row'],
  },
  {
    title: 'a folder below a file',
    args: [...filter, '--data', 'y.csv', '--out', 'y.csv/result'],
    files: good,
    says: ['--out y.csv/result cannot be written: part of the path is not a folder.', 'Give another folder.'],
  },
  {
    title: 'a folder whose name a file has',
    args: [...filter, '--data', 'y.csv', '--out', 'y.csv'],
    files: good,
    says: ['--out y.csv: there is a file of that name.'],
  },
  {
    title: 'a folder with other files',
    args: [...filter, '--data', 'y.csv', '--out', '.'],
    files: good,
    says: ['--out .: the folder holds other files.'],
  },
  {
    title: 'an adapter that is not there',
    args: [...filter, '--data', 'lgssm-100', '--adapter', 'nonsense'],
    says: ['No adapter matches "nonsense".', 'There is: ', 'SwiftShader', '"langevin devices"'],
  },
  {
    title: 'a built-in data set with another model’s columns',
    args: ['smc2', 'sir', '--data', 'lgssm-100'],
    says: ['The data set lgssm-100 has no column in_bed', 'it has y.'],
  },
  {
    title: 'a data set named like a property of every object',
    args: [...filter, '--data', 'constructor'],
    says: ['--data constructor cannot be read: no such file or folder.'],
  },
  {
    title: 'a step size of zero',
    args: ['smc2', 'lgssm', '--data', 'lgssm-100', '--step', '0'],
    says: ['--step must be greater than 0, not 0.', 'found while running'],
  },
  {
    title: 'an unknown shape',
    args: [...filter, '--data', 'lgssm-100', '--shape', 'ring'],
    says: ['--shape must be one of lane, workgroup, grid, not "ring".'],
  },
  {
    title: 'more particles than a shape can hold',
    args: [...filter, '--data', 'lgssm-100', '--shape', 'lane', '--particles', '20000', '--dry-run'],
    says: [`particles must be a whole number from 1 to ${most_particles} in the shape lane, not 20000.`],
  },
  {
    title: 'a Langevin proposal without a gradient',
    args: ['smc2', 'sir', '--data', 'influenza-1978', '--gradient', 'none'],
    says: ['--gradient none', 'Add --proposal random-walk.'],
  },
];

describe.concurrent('the command line refuses', { timeout }, () => {
  it.each(refusals)('$title', async ({ args, files = {}, says }) => {
    const place = workplace();
    const { code, stdout, stderr } = await place.run(args, { files });
    for (const words of says) expect(stderr).toContain(words);
    expect(stderr).not.toMatch(/^ +at /m);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(place.list()).toEqual(Object.keys(files));
  });

  it('and says so on standard error alone with --json', async () => {
    const { code, stdout, stderr } = await workplace().run([...filter, '--data', 'none.csv', '--json']);
    expect({ code, stdout, stderr }).toEqual({
      code: 2,
      stdout: '',
      stderr: '--data none.csv cannot be read: no such file or folder.\n',
    });
  });
});

// Acceptance: what the command writes, prints and refuses. How well it learns, and that a resumed training is the same bit for bit, is test/sde's.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse_summary } from '../../src/data/summary.ts';
import { normal_quantile } from '../../src/diagnostics/normal_quantile.ts';
import { UserError } from '../../src/model/user_error.ts';
import { load_sde_inputs } from '../../src/node/commands/sde_inputs.ts';
import { read_sde_options, sde_options } from '../../src/node/commands/sde_options.ts';
import { parse_options } from '../../src/node/options.ts';
import { uniform_at } from '../../src/random/threefry.ts';
import { plan_fit } from '../../src/sde/fit.ts';
import { expect_self_contained, timeout, type Workplace, workplace } from './command_line.ts';

const noise = (i: number) => 0.1 * normal_quantile(uniform_at([4, 4], 5, 0, i));

/** Two series of 60 and 40 rows at times that are not even, with a gap. */
const rows = ['a', 'b'].flatMap((patient, s) =>
  Array.from({ length: 60 - 20 * s }, (_, n) => {
    const day = 0.1 * n + 0.03 * Math.sin(n);
    const dose = n === 7 ? '' : (Math.sin(2 * day + s) + noise(200 * s + n)).toFixed(4);
    return `${day.toFixed(4)},${patient},${dose},${(Math.cos(2 * day + s) + noise(200 * s + 100 + n)).toFixed(4)}`;
  }),
);
const patients = `day,patient,dose,response\n${rows.join('\n')}\n`;

const settings = JSON.stringify({
  ...{ drift: { hidden: [16] }, encoder: { hidden: [16] }, networks: 2 },
  estimator: { pairs: 16 },
  training: { steps: 60, warm_up: 10, ramp: 20 },
});

const place_with = (files: Readonly<Record<string, string>>): Workplace => {
  const place = workplace();
  for (const [name, content] of Object.entries(files)) writeFileSync(join(place.path, name), content);
  return place;
};

const of_patients = ['sde', '--data', 'p.csv', '--time', 'day', '--series', 'patient', '--config', 's.json'];

describe.concurrent('langevin sde', { timeout }, () => {
  it('learns from a file, and writes what it found', async () => {
    const place = place_with({ 'p.csv': patients, 'q.csv': patients, 's.json': settings });
    const more = [
      '--hold-out',
      '0.25',
      '--forecast',
      '2',
      '--test',
      'q.csv',
      '--given',
      '30',
      '--paths',
      '64',
      '--out',
      'out',
    ];
    const { code, stdout, stderr } = await place.run([...of_patients, ...more], { seconds: 120 });
    expect(code, stderr).toBe(0);
    expect(place.list('out')).toEqual(['model.json', 'report.html', 'states.csv', 'summary.json', 'weights.npy']);
    expect(stdout).toContain('latent SDE, 2 components, 75 observations of 2 channels in 2 series');
    expect(stdout).toMatch(/^D of dose +\S+ +\S+ +\S+/m);
    expect(stdout).toMatch(/^bounds +-?\d+\.\d, -?\d+\.\d of 2 networks/m);
    expect(stdout).toMatch(/^dose +25 /m);
    // 60 + 40 rows less 30 of each; one value of dose is missing, and among those that are given.
    expect(stdout).toMatch(/^dose +40 /m);
    expect(stdout).toMatch(
      /^test +mean square error \S+ over 2 series that were not learned from, after their first 30 observations$/m,
    );
    const summary = parse_summary(place.read('out/summary.json'), 'summary.json');
    expect(summary.sde).toMatchObject({
      ...{ steps: 60, networks: 2, series: 2, numbers: 148, components: ['dose', 'response'] },
      drift_evaluations: 60 * 1 * 32,
    });
    const report = place.read('out/report.html');
    expect_self_contained(report);
    for (const words of ['Forecast of what was withheld', 'Portrait of the state', 'Drift', 'p.csv, patient b'])
      expect(report).toContain(words);
    const [header = '', ...lines] = place.read('out/states.csv').trim().split('\n');
    expect(header.startsWith('series,day,kind,state.dose.mean,')).toBe(true);
    // 75 of the posterior, 25 withheld, and 100 beyond the end of each series.
    expect(lines.length).toBe(75 + 25 + 200);
    expect(new Set(lines.map((line) => line.split(',').length))).toEqual(new Set([header.split(',').length]));
    expect(lines.every((line) => line.split(',').every((cell) => cell !== '' && cell !== 'NaN'))).toBe(true);
  });

  it('goes on where Ctrl-C ended it', async () => {
    // More than any machine does before it tells of the first.
    const many = JSON.stringify({
      ...JSON.parse(settings),
      networks: 1,
      training: { steps: 600_000, warm_up: 10, ramp: 20 },
    });
    const place = place_with({ 'p.csv': patients, 's.json': many });
    let sent = false;
    const ended = await place.run([...of_patients, '--paths', '32', '--out', 'out'], {
      seconds: 120,
      on_stderr(text, child) {
        if (sent || !/step \d+ of 600000/.test(text)) return;
        sent = true;
        process.kill(child.pid as number, 'SIGINT');
      },
    });
    expect(ended.code, ended.stderr).toBe(130);
    expect(ended.stderr).toMatch(/Stopped after \d+ of 600000 steps\. To go on: langevin sde --resume out\n$/);
    const { steps } = JSON.parse(place.read('out/model.json')) as { steps: number };
    const wanted = `${steps + 50}`;
    const resumed = await place.run(['sde', '--resume', 'out', '--steps', wanted, '--paths', '32', '--out', 'more'], {
      seconds: 120,
    });
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(JSON.parse(place.read('more/model.json')).steps).toBe(steps + 50);
    writeFileSync(join(place.path, 'p.csv'), patients.replace('a,', 'a,1'));
    const changed = await place.run(['sde', '--resume', 'out', '--steps', wanted]);
    expect(changed).toMatchObject({ code: 2 });
    expect(changed.stderr).toBe(
      '--resume out: the data have changed since, so the training cannot go on.\nTrain again, without --resume.\n',
    );
  });

  it('prints its summary alone with --json, of an example, and the same again', async () => {
    const place = workplace();
    const run = () =>
      place.run(['sde', '--example', 'ou', '--steps', '20', '--paths', '32', '--out', 'out', '--json'], {
        seconds: 120,
      });
    const first = await run();
    expect(first.code, first.stderr).toBe(0);
    const { sde } = parse_summary(first.stdout, 'standard output') as unknown as {
      sde: { curve: unknown; estimates: { name: string; truth?: number }[] };
    };
    expect(sde.estimates[0]).toMatchObject({ name: 'decay', truth: 1 });
    expect(place.list('out')).toContain('example.csv');
    const weights = () => readFileSync(join(place.path, 'out/weights.npy'));
    const before = weights();
    expect((await run()).code).toBe(0);
    expect(weights().equals(before)).toBe(true);
  });

  it('refuses what is wrong with code 2, one message and no folder', async () => {
    const place = place_with({ 'a.csv': regular(9, wave), 's.json': typo });
    const { code, stdout, stderr } = await place.run(['sde', '--data', 'a.csv', '--config', 's.json']);
    expect(stderr).toBe('drift.wgsl, line 2, column 27: State has no member `q`. It has y.\n');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(place.list()).toEqual(['a.csv', 's.json']);
  });
});

const regular = (count: number, value: (n: number) => string) =>
  `t,y\n${Array.from({ length: count }, (_, n) => `${n},${value(n)}`).join('\n')}\n`;
const wave = (n: number) => Math.sin(n).toFixed(3);
const typo = JSON.stringify({
  drift: {
    wgsl: 'fn drift(z: State, theta: Theta, t: f32) -> State {\n  return State(-theta.k * z.q);\n}',
    states: ['y'],
    parameters: { k: 1 },
  },
});

/** What the command does before it opens a device. */
async function refusal(args: readonly string[]): Promise<string> {
  try {
    const options = parse_options(args, sde_options);
    const asked = await read_sde_options(options);
    const { kept, config, file } = load_sde_inputs(options, asked);
    plan_fit(kept, { config, names: { series: file.names, channels: file.channels } });
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  return 'accepted';
}

describe('refuses', () => {
  it.each<[string, Record<string, string>, string[], RegExp]>([
    ['nothing to learn from', {}, [], /^What are the data\?/],
    ['a file that is not there', {}, ['--data', 'no.csv'], /^--data .*no\.csv cannot be read: no such file/],
    ['an unknown example', {}, ['--example', 'lorens'], /^There is no example "lorens"\. Did you mean lorenz\?/],
    [
      'a file without its option',
      { 'a.csv': regular(9, wave) },
      ['a.csv'],
      /^What is "a\.csv"\? Data are given with --data a\.csv/,
    ],
    ['times that fall', { 'a.csv': 't,y\n0,1\n2,2\n1,3\n3,1\n' }, ['--data', 'a.csv'], /a\.csv: time 1 comes after 2/],
    [
      'times twice',
      { 'a.csv': 't,y\n0,1\n1,2\n1,3\n3,1\n' },
      ['--data', 'a.csv'],
      /a\.csv: two observations at time 1/,
    ],
    ['a constant channel', { 'a.csv': regular(9, () => '4') }, ['--data', 'a.csv'], /^Column y is 4 throughout/],
    ['one observation', { 'a.csv': regular(1, wave) }, ['--data', 'a.csv'], /a\.csv.*\b(one|1)\b/],
    ['no time', { 'a.csv': 't,y\n,1\n1,2\n' }, ['--data', 'a.csv'], /a\.csv, row 2, column t: the cell is empty/],
    ['an empty channel', { 'a.csv': regular(9, () => 'NaN') }, ['--data', 'a.csv'], /^Column y holds no number/],
    [
      'an unknown column',
      { 'a.csv': regular(9, wave) },
      ['--data', 'a.csv', '--channels', 'yy'],
      /there is no column yy; the columns are t, y\./,
    ],
    [
      'an unknown setting',
      { 'a.csv': regular(9, wave), 's.json': '{"latnet": 2}' },
      ['--data', 'a.csv', '--config', 's.json'],
      /s\.json: there is no setting latnet\. Did you mean latent\?/,
    ],
    ['settings that are no JSON', { 's.json': '{' }, ['--example', 'ou', '--config', 's.json'], /s\.json is not JSON/],
    ['a folder that is no run', { 'a.csv': '' }, ['--resume', '.'], /^--resume .*: there is no model\.json/],
    [
      'a resumed training with other data',
      {},
      ['--resume', 'x', '--data', 'b.csv'],
      /^--resume goes on with the data and settings of x: --data cannot change/,
    ],
    [
      'series of a test that are too short',
      { 'a.csv': regular(9, wave), 'b.csv': regular(3, wave) },
      ['--data', 'a.csv', '--test', 'b.csv'],
      /b\.csv has 3 observations, and the first 3 are given/,
    ],
    ['a count without a test', {}, ['--example', 'ou', '--given', '3'], /^--given is of the series of --test/],
    [
      'counts that are none',
      { 'a.csv': regular(9, wave), 's.json': '{"likelihood": "poisson"}' },
      ['--data', 'a.csv', '--config', 's.json'],
      /a\.csv, time 1: y is 0\.841, and of likelihood poisson every value is a whole number of 0 or more/,
    ],
    [
      'zeros and ones that are none',
      { 'a.csv': regular(9, (n) => String(n % 3)), 's.json': '{"likelihood": "bernoulli"}' },
      ['--data', 'a.csv', '--config', 's.json'],
      /a\.csv, time 2: y is 2, and of likelihood bernoulli every value is 0 or 1/,
    ],
    [
      'channels in another order than the states',
      {
        'a.csv': 't,y,x\n0,1,2\n1,2,1\n2,1,2\n',
        's.json': JSON.stringify({
          drift: { wgsl: 'fn drift(z: State, theta: Theta, t: f32) -> State { return z; }', states: ['x', 'y'] },
        }),
      },
      ['--data', 'a.csv', '--config', 's.json'],
      /^Channel 1 is y, and state 1 of the drift is x: .*--channels x,y\./s,
    ],
    [
      'withholding all but one',
      { 'a.csv': 't,y\n0,1\n90,2\n95,1\n100,2\n' },
      ['--data', 'a.csv', '--hold-out', '0.5'],
      /^--hold-out 0\.5 leaves 1 of the 4 observations of /,
    ],
    [
      'withheld times that fall',
      { 'a.csv': 't,y\n0,1\n1,2\n2,1\n4,2\n3,1\n' },
      ['--data', 'a.csv', '--hold-out', '0.4'],
      /time 3 comes after 4/,
    ],
    [
      'columns of an example',
      {},
      ['--example', 'ou', '--channels', 'y'],
      /^--channels is of the columns of a file, and --example ou has none/,
    ],
    ['too much withheld', {}, ['--example', 'ou', '--hold-out', '1'], /^--hold-out must be from 0 to 0\.9, not 1/],
  ])('%s', async (_, files, args, message) => {
    const { path } = place_with(files);
    const known = new Set([...Object.keys(files), 'no.csv', '.']);
    expect(await refusal(args.map((arg) => (known.has(arg) && args[0] !== arg ? join(path, arg) : arg)))).toMatch(
      message,
    );
  });
});

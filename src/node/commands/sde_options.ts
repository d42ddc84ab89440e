/** Options of `langevin sde`: what it learns from, settings of a file with those of the command line over them, and what it shows. */

import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UserError } from '../../model/user_error.ts';
import { check_config, type SdeConfig } from '../../sde/config.ts';
import { sde_examples } from '../../sde/examples/index.ts';
import { module_error } from '../module_error.ts';
import type { OptionSpecs, Options } from '../options.ts';
import { run_options, seed_of } from '../run_options.ts';

const { out, seed, json, adapter } = run_options;

export const sde_options = {
  data: {
    kind: 'text',
    value: 'FILE',
    help: 'CSV with a column of times and one per channel; empty cells were not observed',
  },
  example: {
    kind: 'text',
    value: 'NAME',
    help: `data that are simulated: ${sde_examples.map(({ name }) => name).join(', ')}`,
  },
  time: { kind: 'text', value: 'COLUMN', help: 'times (default time, t, or the first column)' },
  series: { kind: 'text', value: 'COLUMN', help: 'which series a row is of (default: all rows are one)' },
  channels: { kind: 'text', value: 'A,B,…', help: 'columns to learn from (default all others)' },
  config: {
    kind: 'text',
    value: 'FILE',
    help: 'settings: .json, or a module that exports them; drift, decoder, likelihood, encoder, estimator, … (docs/sde.md)',
  },
  latent: { kind: 'text', value: 'D', help: 'components of the state (default: as many as channels, at most 8)' },
  noise: { kind: 'text', value: 'SD', help: 'sd of the observations’ noise where it is known (default: learned)' },
  steps: { kind: 'text', value: 'N', help: 'of training (default 4000)' },
  'learning-rate': { kind: 'text', value: 'R', help: 'highest (default 0.003)' },
  networks: { kind: 'text', value: 'K', help: 'trained side by side from different starts (default 1)' },
  'hold-out': {
    kind: 'text',
    value: 'PART',
    help: 'last part of every series, 0 to 0.9, to forecast and not to learn from',
  },
  test: {
    kind: 'text',
    value: 'FILE',
    help: 'series that are not learned from, in the columns of the data: their first observations are given, the rest is forecast and scored',
  },
  given: { kind: 'text', value: 'N', help: 'observations that are given of each series of --test (default 3)' },
  forecast: { kind: 'text', value: 'T', help: 'time to forecast beyond the end of every series' },
  paths: { kind: 'text', value: 'N', help: 'of a forecast and of the importance weights (default 512)' },
  resume: { kind: 'text', value: 'DIR', help: 'go on with the training that a run left there, up to --steps' },
  out,
  seed,
  json,
  adapter,
} as const satisfies OptionSpecs;

/** What a resumed training brings along. */
const of_training = [
  ...['data', 'example', 'time', 'series', 'channels', 'config', 'latent', 'noise', 'learning-rate', 'networks'],
  ...['hold-out', 'seed'],
];

export interface SdeAsked {
  /** Of the file, with the command line's over them; of a resumed training only what is new. */
  config: SdeConfig;
  resume?: string;
  hold_out?: number;
  /** Time beyond the end of the data. */
  forecast: number;
  paths: number;
  /** Series that are not learned from, and how many observations of each are given. */
  test?: { path: string; given: number };
  seed: number;
}

export async function read_sde_options(options: Options): Promise<SdeAsked> {
  const [first] = options.positionals;
  if (first !== undefined)
    throw new UserError(`What is "${first}"? Data are given with --data ${first}, built-in examples with --example.`);
  const resume = options.text('resume');
  const idle = of_training.find((name) => options.text(name) !== undefined);
  if (resume !== undefined && idle !== undefined) {
    throw new UserError(
      `--resume goes on with the data and settings of ${resume}: --${idle} cannot change.\nLeave it out.`,
    );
  }
  const hold_out = options.number('hold-out');
  if (hold_out !== undefined && !(hold_out >= 0 && hold_out <= 0.9))
    throw new UserError(`--hold-out must be from 0 to 0.9, not ${hold_out}.`);
  const forecast = options.number('forecast') ?? 0;
  if (forecast < 0) throw new UserError(`--forecast must be a time of 0 or more, not ${forecast}.`);
  const file = options.text('config');
  const from_file = file === undefined ? {} : check_config(await load_settings(file), file);
  const test = options.text('test');
  if (test === undefined && options.text('given') !== undefined)
    throw new UserError('--given is of the series of --test.\nLeave it out, or give --test FILE.');
  return {
    config: with_options(from_file, options),
    ...(test === undefined ? {} : { test: { path: test, given: options.whole('given', 3, 2, 1_000_000) } }),
    ...(resume === undefined ? {} : { resume }),
    ...(hold_out === undefined ? {} : { hold_out }),
    ...{ forecast, paths: options.whole('paths', 512, 32, 1_000_000), seed: seed_of(options) },
  };
}

function with_options(config: SdeConfig, options: Options): SdeConfig {
  const noise = options.number('noise');
  const learning_rate = options.number('learning-rate');
  const given = {
    ...config,
    ...(options.text('latent') === undefined ? {} : { latent: options.whole('latent', 1, 1, 32) }),
    ...(options.text('networks') === undefined ? {} : { networks: options.whole('networks', 1, 1, 64) }),
    ...(noise === undefined ? {} : { noise }),
    training: {
      ...config.training,
      ...(options.text('steps') === undefined ? {} : { steps: options.whole('steps', 1, 1, 10_000_000) }),
      ...(learning_rate === undefined ? {} : { learning_rate }),
    },
  };
  return check_config(given, 'the command line');
}

async function load_settings(path: string): Promise<unknown> {
  const file = resolve(path);
  if (!existsSync(file)) throw new UserError(`${path}: there is no such file.`);
  if (!path.endsWith('.json')) {
    try {
      return (await import(/* @vite-ignore */ pathToFileURL(file).href)).default;
    } catch (error) {
      throw module_error(path, file, error);
    }
  }
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UserError(`${path} is not JSON: ${(error as Error).message}.`);
  }
}

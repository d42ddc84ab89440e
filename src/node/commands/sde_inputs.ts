/** What `langevin sde` learns from: a file, a built-in example, or what a resumed training learned from; with a part withheld. */

import { readFileSync } from 'node:fs';
import { read_series, type SeriesColumns, type SeriesFile } from '../../data/read_series.ts';
import { nearest_name } from '../../model/nearest_name.ts';
import { UserError } from '../../model/user_error.ts';
import { check_series } from '../../sde/check_series.ts';
import { check_config, config_over, type SdeConfig } from '../../sde/config.ts';
import type { SdeExample, Simulated } from '../../sde/examples/example.ts';
import { sde_examples } from '../../sde/examples/index.ts';
import { withhold } from '../../sde/hold_out.ts';
import type { Series } from '../../sde/series.ts';
import { fingerprint } from '../fingerprint.ts';
import type { Options } from '../options.ts';
import { reason } from '../output.ts';
import { read_checkpoint, type SdeCheckpoint } from '../sde_checkpoint.ts';
import type { SdeAsked } from './sde_options.ts';

export interface SdeInputs {
  /** Of the run: the example's, or the file's. */
  name: string;
  config: SdeConfig;
  seed: number;
  file: SeriesFile;
  /** Where the file is, and its column of series. */
  source: { path: string; series?: string } | undefined;
  example: { known: SdeExample; simulated: Simulated } | undefined;
  hold_out: number;
  /** To learn from. */
  kept: Series[];
  /** [series] withheld; empty ones too. */
  later: Series[];
  fingerprint: string;
  /** Series that are not learned from: what is given of each, and what comes after it. */
  test: { names: string[]; given: Series[]; later: Series[] } | undefined;
  resumed: SdeCheckpoint | undefined;
}

/** Throws UserError. */
export function load_sde_inputs(options: Options, asked: SdeAsked): SdeInputs {
  const resumed = asked.resume === undefined ? undefined : read_checkpoint(asked.resume);
  const seed = resumed?.model.seed ?? asked.seed;
  const example_name = resumed === undefined ? options.text('example') : resumed.model.example;
  const path = resumed === undefined ? options.text('data') : resumed.model.data?.path;
  if (example_name !== undefined && path !== undefined)
    throw new UserError('--data and --example are both given.\nLeave one of them out.');
  const idle = ['time', 'series', 'channels'].find((name) => options.text(name) !== undefined);
  if (example_name !== undefined && idle !== undefined)
    throw new UserError(
      `--${idle} is of the columns of a file, and --example ${example_name} has none.\nLeave it out.`,
    );
  const known = example_name === undefined ? undefined : example_named(example_name);
  if (known === undefined && path === undefined) {
    throw new UserError(
      `What are the data? Give --data FILE with a column of times, or --example ${sde_examples.map(({ name }) => name).join('|')}.`,
    );
  }
  const columns = resumed?.model.data ?? columns_of(options);
  const simulated = known?.simulate([seed, 1]);
  const file =
    known !== undefined && simulated !== undefined
      ? {
          series: [simulated.series],
          names: [known.name],
          labels: ['1'],
          channels: [...known.channels],
          time: known.time,
        }
      : read_series(read_text(path as string, '--data'), path as string, columns);
  const hold_out = resumed?.model.hold_out ?? asked.hold_out ?? known?.hold_out ?? 0;
  check_series(file.series, file.names, file.channels.length);
  const parts = file.series.map((one) => withhold(one, hold_out, file.channels.length));
  for (const [n, { kept }] of parts.entries()) {
    if (kept.times.length > 1) continue;
    throw new UserError(
      `--hold-out ${hold_out} leaves ${kept.times.length} of the ${file.series[n]?.times.length} observations of ${file.names[n]}, and a path needs two.\nWithhold less, or leave the series out.`,
    );
  }
  const own = fingerprint(
    ['time', ...file.channels],
    Float64Array.from(parts.flatMap(({ kept }) => [...kept.times, ...kept.values])),
  );
  if (resumed !== undefined && resumed.model.fingerprint !== own) {
    throw new UserError(
      `--resume ${asked.resume}: the data have changed since, so the training cannot go on.\nTrain again, without --resume.`,
    );
  }
  return {
    name: known?.name ?? stem(path as string),
    config: config_of(asked, known, resumed),
    ...{ seed, file, hold_out, resumed, fingerprint: own },
    test: asked.test && load_test(asked.test, { ...columns, time: file.time, channels: file.channels }),
    source:
      path === undefined ? undefined : { path, ...(columns.series === undefined ? {} : { series: columns.series }) },
    example: known === undefined || simulated === undefined ? undefined : { known, simulated },
    kept: parts.map(({ kept }) => kept),
    later: parts.map(({ later }) => later),
  };
}

function load_test({ path, given }: NonNullable<SdeAsked['test']>, columns: SeriesColumns): SdeInputs['test'] {
  const { series, names } = read_series(read_text(path, '--test'), path, columns);
  check_series(series, names, columns.channels?.length ?? 1);
  const observed = columns.channels?.length ?? 1;
  for (const [n, { times }] of series.entries()) {
    if (times.length > given) continue;
    throw new UserError(
      `${names[n]} has ${times.length} observations, and the first ${given} are given: nothing is left to forecast.\nUse a smaller --given, or leave the series out.`,
    );
  }
  const part = ({ times, values }: Series, from: number, to: number) => ({
    times: times.slice(from, to),
    values: values.slice(from * observed, to * observed),
  });
  return {
    names,
    given: series.map((one) => part(one, 0, given)),
    later: series.map((one) => part(one, given, one.times.length)),
  };
}

/** An example's settings lie below those that were given, a resumed training's too. */
function config_of({ config }: SdeAsked, known: SdeExample | undefined, resumed: SdeCheckpoint | undefined): SdeConfig {
  return config_over(
    resumed === undefined ? (known?.config ?? {}) : check_config(resumed.model.config, 'model.json'),
    config,
  );
}

function columns_of(options: Options): SeriesColumns {
  const [time, series, channels] = [options.text('time'), options.text('series'), options.text('channels')];
  return {
    ...(time === undefined ? {} : { time }),
    ...(series === undefined ? {} : { series }),
    ...(channels === undefined ? {} : { channels: channels.split(',').map((name) => name.trim()) }),
  };
}

function example_named(name: string): SdeExample {
  const found = sde_examples.find((one) => one.name === name);
  if (found) return found;
  const names = sde_examples.map((one) => one.name);
  const near = nearest_name(name, names);
  throw new UserError(
    `There is no example "${name}".${near ? ` Did you mean ${near}?` : ''}\nThe examples are: ${names.join(', ')}.`,
  );
}

function read_text(path: string, option: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UserError(`${option} ${path} cannot be read: ${reason(error)}.`);
  }
}

/** A file's name without its folder and ending. */
const stem = (path: string) => (path.split(/[/\\]/).at(-1) as string).replace(/\.[^.]*$/, '') || 'sde';

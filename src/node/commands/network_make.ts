/** The first form of `langevin network`: from a CSV to model.mjs, train.csv and test.csv. Everything is checked before anything is written. */

import { basename, extname, join } from 'node:path';
import { quote, shortest_f32 } from '../../data/draws.ts';
import { nearest_name } from '../../model/nearest_name.ts';
import { type NetworkShape, neural_regression, parameters_of } from '../../model/neural_regression.ts';
import type { LogDensitySource } from '../../model/types.ts';
import { UserError } from '../../model/user_error.ts';
import { validate_model } from '../../model/validate.ts';
import { hold_out_rows } from '../cut_rows.ts';
import { load_cells, load_columns } from '../load_data.ts';
import {
  NETWORK_FILE,
  NETWORK_MODEL,
  type NetworkFile,
  TEST_ROWS,
  TRAINING_ROWS,
  write_network_file,
} from '../network_file.ts';
import type { Options } from '../options.ts';
import { shell_words } from '../origin.ts';
import { new_folder, prepare_output } from '../output.ts';
import { default_folder, seed_of } from '../run_options.ts';
import { version } from '../version.ts';

/** @returns what to tell: what was made, and the commands that go on from there */
export function make_network(options: Options): string {
  const data = options.text('data');
  if (data === undefined)
    throw new UserError('Which data? --data FILE.csv --target COLUMN; or, to judge runs, --score DIR RUN….');
  const { names } = load_cells(data);
  const shape = read_shape(options, names, data);
  const title = basename(data, extname(data));
  const source = neural_regression(`${title.trim() || 'data'}-network`, shape);
  validate_model(source);
  const columns = [...shape.inputs, shape.target];
  const table = load_columns(data, columns, source.name);
  const rows = table[shape.target]?.length ?? 0;
  const seed = seed_of(options);
  const { train, test } = hold_out_rows(rows, held_out(options, rows, data), seed);
  const scales = columns.map((name) => scale_of(name, table[name] as Float64Array, train, data));
  const out = new_folder(options.text('out') ?? default_folder(source.name));
  const file: NetworkFile = {
    ...{ langevin: version, data: { name: data, rows }, inputs: scales.slice(0, -1) },
    ...{ target: scales.at(-1) as NetworkFile['target'], hidden: shape.hidden, seed },
    test: test.map((row) => row + 1),
  };
  const csv = (of: readonly number[]) => standardised_csv(scales, table, of);
  const output = prepare_output(out);
  output.commit({
    [NETWORK_MODEL]: model_text(source),
    [TRAINING_ROWS]: csv(train),
    [TEST_ROWS]: csv(test),
    [NETWORK_FILE]: write_network_file(file),
  });
  return told(output.path, file, { shape, train: train.length });
}

function read_shape(options: Options, names: readonly string[], data: string): NetworkShape {
  const target = options.text('target');
  if (target === undefined) throw new UserError(`What to predict? --target COLUMN, one of ${names.join(', ')}.`);
  const given = options.text('inputs')?.split(',');
  const inputs = (given ?? names.filter((name) => name !== target)).map((name) => name.trim());
  for (const [option, name] of [['target', target] as const, ...inputs.map((name) => ['inputs', name] as const)]) {
    if (names.includes(name)) continue;
    const near = nearest_name(name, names);
    throw new UserError(
      `${data} has no column ${name === '' ? '(no name)' : name}, which --${option} names; it has ${names.join(', ')}.${near ? `\nDid you mean ${near}?` : ''}`,
    );
  }
  if (inputs.includes(target))
    throw new UserError(`${target} is the target and one of --inputs.\nIt cannot be predicted from itself.`);
  const twice = inputs.find((name, i) => inputs.indexOf(name) < i);
  if (twice !== undefined) throw new UserError(`--inputs names ${twice} twice.\nLeave one out.`);
  if (inputs.length === 0)
    throw new UserError(`${data} has no column besides ${target}.\nAdd one to predict ${target} from.`);
  return { inputs, target, hidden: options.whole('hidden', 50, 1, 10_000) };
}

/** At least two rows on either side: scores have a standard error, and a standardised column a variance. */
function held_out(options: Options, rows: number, data: string): number {
  const part = options.number('test') ?? 0.1;
  if (!(part > 0 && part < 1))
    throw new UserError(`--test must be a part of the rows, above 0 and below 1, not ${part}.`);
  const held = Math.round(part * rows);
  if (held >= 2 && rows - held >= 2) return held;
  throw new UserError(
    `${data} has ${rows} row${rows === 1 ? '' : 's'}, and --test ${part} leaves ${held} to test and ${rows - held} to train.\nBoth need 2 or more: add rows, or change --test.`,
  );
}

function scale_of(name: string, column: Float64Array, train: readonly number[], data: string) {
  const values = train.map((row) => column[row] as number);
  const mean = values.reduce((sum, x) => sum + x / values.length, 0);
  const sd = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2 / values.length, 0));
  if (sd > 1e-7 * Math.abs(mean)) return { name, mean, sd };
  throw new UserError(
    `${data}, column ${name}: all training rows hold ${values[0]}, which says nothing.\nChoose --inputs without it, or another --seed if other rows differ.`,
  );
}

function standardised_csv(
  scales: readonly NetworkFile['target'][],
  table: Readonly<Record<string, Float64Array>>,
  rows: readonly number[],
): string {
  const cell = ({ name, mean, sd }: NetworkFile['target'], row: number) =>
    shortest_f32(((table[name]?.[row] as number) - mean) / sd);
  const lines = [scales.map(({ name }) => quote(name)), ...rows.map((row) => scales.map((scale) => cell(scale, row)))];
  return `${lines.map((cells) => cells.join(',')).join('\n')}\n`;
}

/** A module, whose WGSL is readable. */
function model_text({ wgsl, ...rest }: LogDensitySource): string {
  return `export default {${JSON.stringify(rest, null, 2).slice(1, -2)},\n  "wgsl": \`${wgsl}\`,\n};\n`;
}

function told(out: string, { data, test, seed, target }: NetworkFile, of: { shape: NetworkShape; train: number }) {
  const [model, rows] = [join(out, NETWORK_MODEL), join(out, TRAINING_ROWS)];
  const [hmc, sgld] = [join(out, 'hmc'), join(out, 'sgld')];
  const from = ['langevin', 'sample', model, '--data', rows];
  const commands = [
    [...from, '--sampler', 'hmc', '--chains', '16', '--out', hmc],
    ['langevin', 'population', model, '--data', rows, '--batch', '32', '--out', sgld],
    ['langevin', 'network', '--score', out, hmc, sgld],
  ];
  const { inputs, hidden } = of.shape;
  return [
    `${data.name}: ${data.rows} rows, of which seed ${seed} holds ${test.length} out; ${of.train} train.`,
    `${target.name} from ${inputs.length} input${inputs.length === 1 ? '' : 's'} by ${hidden} hidden units: ${parameters_of(of.shape)} parameters, in ${model}.`,
    '',
    'Sample it by all rows, by minibatches, or otherwise, and compare the predictions:',
    ...commands.map(shell_words),
    '',
  ].join('\n');
}

/** The data of a run: a CSV file by path, or a built-in data set by name. */

import { readFileSync } from 'node:fs';
import { parse_cells, parse_table } from '../data/csv.ts';
import { built_in_data } from '../model/catalog/data/index.ts';
import { nearest_name } from '../model/nearest_name.ts';
import { pack_rows } from '../model/pack_rows.ts';
import type { LogDensityModel, StateSpaceModel } from '../model/types.ts';
import { UserError } from '../model/user_error.ts';
import { reason } from './output.ts';

export interface LoadedData {
  /** As named on the command line. */
  name: string;
  rows: number;
  columns: Record<string, Float64Array>;
  /** Columns to predict in whole numbers: those the model declares, and those whose data are all whole numbers ≥ 0. */
  counts: string[];
  /** What a person should know of the data before trusting a result. */
  warnings: string[];
}

export function load_data(given: string | undefined, model: StateSpaceModel): LoadedData {
  const name = needed(given);
  const columns = read_columns(name, { columns: model.observation, model: model.name, missing: 'allowed' });
  const rows = columns[model.observation[0] as string]?.length ?? 0;
  const whole = (column: string) =>
    columns[column]?.every((v) => Number.isNaN(v) || (Number.isInteger(v) && v >= 0)) ?? false;
  refuse_bad_counts(name, columns, model);
  return {
    name,
    rows,
    columns,
    counts: model.observation.filter((c) => model.counts.includes(c) || whole(c)),
    warnings: missing_rows(name, rows, columns, model),
  };
}

/** Throws where a column that the model declares a count holds anything else. */
function refuse_bad_counts(name: string, columns: Record<string, Float64Array>, model: StateSpaceModel) {
  for (const column of model.counts) {
    const bad = columns[column]?.findIndex((v) => !Number.isNaN(v) && !(Number.isInteger(v) && v >= 0)) ?? -1;
    if (bad >= 0) {
      throw new UserError(
        `${name}, time step ${bad + 1}, column ${column}: ${columns[column]?.[bad]} is not a whole number ≥ 0.\nThe model ${model.name} declares ${column} a count.`,
      );
    }
  }
}

/** Throws when no row is observed; says how many rows lose some cells because others are missing. */
function missing_rows(
  name: string,
  rows: number,
  columns: Record<string, Float64Array>,
  model: StateSpaceModel,
): string[] {
  let unobserved = 0;
  let partly = 0;
  for (let row = 0; row < rows; row++) {
    const missing = model.observation.filter((c) => Number.isNaN(columns[c]?.[row] ?? Number.NaN)).length;
    unobserved += Number(missing > 0);
    partly += Number(missing > 0 && missing < model.observation.length);
  }
  if (unobserved === rows) {
    throw new UserError(`${name}: no row has all of ${model.observation.join(', ')}, so nothing is observed.`);
  }
  if (partly === 0) return [];
  return [`${partly} of ${rows} rows miss some cells; a row with a missing cell is not observed at all.`];
}

export interface LoadedRows {
  /** As named on the command line; absent where the model reads no data. */
  name?: string;
  count: number;
  /** [row][column], as struct Row. */
  values: Float32Array<ArrayBuffer>;
  /** Names of the columns of `values`. */
  columns: string[];
}

/** The rows of a log-density model: none where it has no `row`. A missing cell is refused. */
export function load_rows(given: string | undefined, model: LogDensityModel): LoadedRows {
  const columns = model.row.flatMap((field) => field.columns);
  if (columns.length === 0) {
    if (given !== undefined)
      throw new UserError(`The model ${model.name} reads no data: it has no row.\nLeave --data out.`);
    return { count: 0, values: new Float32Array(0), columns };
  }
  const name = needed(given);
  const table = read_columns(name, { columns, model: model.name, missing: 'refused' });
  return { name, columns, ...pack_rows(model, table) };
}

function needed(name: string | undefined): string {
  if (name !== undefined) return name;
  throw new UserError(`Which data? --data FILE.csv, or a built-in set: ${Object.keys(built_in_data).join(', ')}.`);
}

interface Wanted {
  columns: readonly string[];
  /** The model's name, for messages. */
  model: string;
  missing: 'allowed' | 'refused';
}

/** Of a built-in data set or of a file. */
function read_columns(name: string, wanted: Wanted): Record<string, Float64Array> {
  const built_in = Object.hasOwn(built_in_data, name) ? built_in_data[name] : undefined;
  return built_in ? built_in_columns(name, built_in.columns, wanted) : read_csv(name, wanted);
}

function built_in_columns(name: string, columns: Readonly<Record<string, readonly number[]>>, wanted: Wanted) {
  const missing = wanted.columns.find((column) => columns[column] === undefined);
  if (missing !== undefined) {
    const verb = wanted.missing === 'allowed' ? 'observes' : 'reads';
    throw new UserError(
      `The data set ${name} has no column ${missing}, which model ${wanted.model} ${verb}; it has ${Object.keys(columns).join(', ')}.`,
    );
  }
  return Object.fromEntries(
    wanted.columns.map((column) => [column, Float64Array.from(columns[column] as readonly number[])]),
  );
}

/** Named columns, every cell a number. @param reader reads them, for messages */
export function load_columns(name: string, columns: readonly string[], reader: string): Record<string, Float64Array> {
  return read_columns(name, { columns, model: reader, missing: 'refused' });
}

/** All cells of a data set as text: what a command hands on of which a model reads some columns. */
export function load_cells(given: string | undefined): { names: string[]; rows: string[][] } {
  const name = needed(given);
  const built_in = Object.hasOwn(built_in_data, name) ? built_in_data[name] : undefined;
  if (built_in === undefined) return parse_cells(read_text(name), name);
  const columns = Object.values(built_in.columns);
  const rows = (columns[0] ?? []).map((_, row) => columns.map((column) => String(column[row])));
  return { names: Object.keys(built_in.columns), rows };
}

function read_csv(path: string, { columns, missing }: Wanted) {
  return parse_table(read_text(path), { path, columns, missing }).columns;
}

function read_text(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const near = nearest_name(path, Object.keys(built_in_data));
    throw new UserError(
      `--data ${path} cannot be read: ${reason(error)}.${near ? ` Did you mean the built-in data ${near}?` : ''}`,
    );
  }
}

/** The data of a run: a CSV file by path, or a built-in data set by name. */

import { readFileSync } from 'node:fs';
import { parse_table } from '../data/csv.ts';
import { built_in_data } from '../model/catalog/data/index.ts';
import { nearest_name } from '../model/nearest_name.ts';
import type { Model } from '../model/types.ts';
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

export function load_data(name: string | undefined, model: Model): LoadedData {
  if (name === undefined) {
    throw new UserError(`Which data? --data FILE.csv, or a built-in set: ${Object.keys(built_in_data).join(', ')}.`);
  }
  const built_in = Object.hasOwn(built_in_data, name) ? built_in_data[name] : undefined;
  const columns = built_in ? built_in_columns(name, built_in.columns, model) : read_csv(name, model);
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
function refuse_bad_counts(name: string, columns: Record<string, Float64Array>, model: Model) {
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
function missing_rows(name: string, rows: number, columns: Record<string, Float64Array>, model: Model): string[] {
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

function built_in_columns(name: string, columns: Record<string, readonly number[]>, model: Model) {
  const missing = model.observation.find((column) => columns[column] === undefined);
  if (missing !== undefined) {
    throw new UserError(
      `The data set ${name} has no column ${missing}, which model ${model.name} observes; it has ${Object.keys(columns).join(', ')}.`,
    );
  }
  return Object.fromEntries(
    model.observation.map((column) => [column, Float64Array.from(columns[column] as readonly number[])]),
  );
}

function read_csv(path: string, model: Model) {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const near = nearest_name(path, Object.keys(built_in_data));
    throw new UserError(
      `--data ${path} cannot be read: ${reason(error)}.${near ? ` Did you mean the built-in data ${near}?` : ''}`,
    );
  }
  return parse_table(text, { path, columns: model.observation }).columns;
}

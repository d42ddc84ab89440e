/** Series of observations from a CSV file: a column of times, maybe one that names the series, and a column per channel; an empty cell was not observed. */

import { nearest_name } from '../model/nearest_name.ts';
import { UserError } from '../model/user_error.ts';
import type { Series } from '../sde/series.ts';
import { parse_cells, parse_table } from './csv.ts';

export interface SeriesFile {
  series: Series[];
  /** As messages call them. */
  names: string[];
  /** As the file calls them; 1 where it holds one. */
  labels: string[];
  channels: string[];
  time: string;
}

export interface SeriesColumns {
  /** Absent: `time`, `t`, or the first column. */
  time?: string;
  /** Absent: all rows are one series. */
  series?: string;
  /** Absent: all others. */
  channels?: readonly string[];
}

/** @param path for messages. Throws UserError. */
export function read_series(text: string, path: string, columns: SeriesColumns): SeriesFile {
  const { names, rows } = parse_cells(text, path);
  for (const name of [columns.time, columns.series, ...(columns.channels ?? [])]) refuse_unknown(name, names, path);
  const time = columns.time ?? names.find((name) => /^(time|t)$/i.test(name)) ?? (names[0] as string);
  const channels = columns.channels ?? names.filter((name) => name !== time && name !== columns.series);
  if (channels.length === 0) {
    throw new UserError(`${path}: beside ${time} there is no column to learn from.\nAdd one column per channel.`);
  }
  const { columns: found } = parse_table(text, { path, columns: [time], missing: 'refused' });
  const times = found[time] as Float64Array;
  const table = parse_table(text, { path, columns: channels });
  const where = columns.series === undefined ? -1 : names.indexOf(columns.series);
  const groups = new Map<string, number[]>();
  for (let row = 0; row < table.rows; row++) {
    const group = where < 0 ? '' : (rows[row]?.[where] as string);
    const own = groups.get(group);
    if (own) own.push(row);
    else groups.set(group, [row]);
  }
  return {
    series: Array.from(groups.values(), (own) => ({
      times: Float64Array.from(own, (row) => times[row] as number),
      values: Float64Array.from(own.flatMap((row) => channels.map((c) => table.columns[c]?.[row] as number))),
    })),
    names: Array.from(groups.keys(), (group) => (where < 0 ? path : `${path}, ${columns.series} ${group}`)),
    labels: Array.from(groups.keys(), (group) => (where < 0 ? '1' : group)),
    channels: [...channels],
    time,
  };
}

function refuse_unknown(name: string | undefined, names: readonly string[], path: string): void {
  if (name === undefined || names.includes(name)) return;
  const near = nearest_name(name, names);
  throw new UserError(
    `${path}: there is no column ${name}; the columns are ${names.join(', ')}.${near ? `\nDid you mean ${near}?` : ''}`,
  );
}

/** `shard.json`, which `langevin shard` writes beside the rows of one shard: what it is a part of, and how to sample it. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { UserError } from '../model/user_error.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const shard_schema = v.looseObject({
  langevin: v.string(),
  /** A name or a path, as it was given; paths are those of the folder in which the command ran, here and below. */
  model: v.string(),
  /** Of --prior. */
  priors: v.array(v.string()),
  /** What was cut, and its rows. */
  data: v.looseObject({ name: v.string(), rows: count }),
  /** Counted from 1. */
  shard: count,
  shards: count,
  /** Of the priors: `1/8`. */
  prior_power: v.string(),
  /** `rows`, which were shuffled, or the name of a column, and the values of it that are here. */
  by: v.string(),
  values: v.exactOptional(v.array(v.string())),
  seed: count,
  /** The same in all shards of one cut, and in no others. */
  cut: v.string(),
  /** Samples this shard, with its draws where `langevin merge` looks for them. */
  command: v.array(v.string()),
  /** Of the data, counted from 1, the header left out. */
  rows: v.array(count),
});

export type ShardFile = v.InferOutput<typeof shard_schema>;

export const SHARD_FILE = 'shard.json';
/** In a shard's folder: its rows. */
export const SHARD_DATA = 'data.csv';
/** In a shard's folder: the run that sampled it. */
export const SHARD_DRAWS = 'draws';

export function write_shard_file(shard: ShardFile): string {
  const { rows, ...others } = shard;
  const head = JSON.stringify(others, null, 2);
  // A number a line would be most of the file.
  return `${head.slice(0, -2)},\n  "rows": ${JSON.stringify(rows)}\n}\n`;
}

/** Undefined where the folder has none. Throws UserError for one that is damaged. */
export function read_shard_file(folder: string): ShardFile | undefined {
  const path = join(folder, SHARD_FILE);
  if (!existsSync(path)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    value = undefined;
  }
  const read = v.safeParse(shard_schema, value);
  if (read.success) return read.output;
  throw new UserError(`${path} is not what langevin shard wrote.\nCut the data again, or take the file away.`);
}

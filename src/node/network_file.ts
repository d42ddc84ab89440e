/** `network.json`, which `langevin network` writes beside the model: what the network predicts from what, and the units that were standardised away. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { UserError } from '../model/user_error.ts';
import { reason } from './output.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const column = v.object({
  name: v.string(),
  /** Of the training rows: (cell − mean) / sd stands in train.csv and test.csv. */
  mean: v.pipe(v.number(), v.finite()),
  sd: v.pipe(v.number(), v.finite(), v.gtValue(0)),
});

const network_schema = v.looseObject({
  langevin: v.string(),
  data: v.looseObject({ name: v.string(), rows: count }),
  inputs: v.pipe(v.array(column), v.minLength(1)),
  target: column,
  hidden: count,
  seed: v.number(),
  /** Rows of the data in test.csv, counted from 1, the header left out. */
  test: v.pipe(v.array(count), v.minLength(2)),
});

export type NetworkFile = v.InferOutput<typeof network_schema>;

export const NETWORK_FILE = 'network.json';
export const NETWORK_MODEL = 'model.mjs';
export const TRAINING_ROWS = 'train.csv';
export const TEST_ROWS = 'test.csv';

export function write_network_file(network: NetworkFile): string {
  const { test, ...others } = network;
  const head = JSON.stringify(others, null, 2);
  // A number a line would be most of the file.
  return `${head.slice(0, -2)},\n  "test": ${JSON.stringify(test)}\n}\n`;
}

/** Throws UserError for a folder that `langevin network` did not write. */
export function read_network_file(folder: string): NetworkFile {
  const path = join(folder, NETWORK_FILE);
  const help = 'Give the folder that langevin network --data … wrote.';
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UserError(`--score ${folder}: ${path} cannot be read: ${reason(error)}.\n${help}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const read = v.safeParse(network_schema, value);
  if (read.success) return read.output;
  throw new UserError(`${path} is not what langevin network wrote.\n${help}`);
}

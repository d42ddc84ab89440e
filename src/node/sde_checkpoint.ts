/** What `langevin sde` leaves so that a training can go on: `model.json`, what was learned from what; `weights.npy`, the numbers of the training's state. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { read_npy, write_npy } from '../data/npy.ts';
import { UserError } from '../model/user_error.ts';
import type { SdeConfig } from '../sde/config.ts';

export const MODEL_FILE = 'model.json';
export const WEIGHTS_FILE = 'weights.npy';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const number = v.number();

const schema = v.looseObject({
  langevin: v.string(),
  /** As src/sde/config.ts checks it. */
  config: v.looseObject({}),
  seed: count,
  /** Either the name of a built-in example, or a file and its columns. */
  example: v.exactOptional(v.string()),
  data: v.exactOptional(
    v.looseObject({
      path: v.string(),
      time: v.string(),
      series: v.exactOptional(v.string()),
      channels: v.array(v.string()),
    }),
  ),
  /** Part of every series, at its end, that was withheld. */
  hold_out: v.exactOptional(number),
  /** Of what was learned from. */
  fingerprint: v.string(),
  steps: count,
  training_seconds: number,
  /** [network][point] */
  curve: v.array(
    v.array(v.looseObject({ step: count, likelihood: number, path: number, start: number, prior: number })),
  ),
});

export type SdeModelFile = Omit<v.InferOutput<typeof schema>, 'config'> & { config: SdeConfig };

export interface SdeCheckpoint {
  model: v.InferOutput<typeof schema>;
  /** src/sde/state.ts */
  numbers: Float32Array;
}

export const checkpoint_files = (model: SdeModelFile, numbers: Float32Array): Record<string, string | Uint8Array> => ({
  [MODEL_FILE]: `${JSON.stringify(model, null, 1)}\n`,
  [WEIGHTS_FILE]: write_npy([numbers.length], numbers),
});

/** Throws UserError for a folder that `langevin sde` did not write. */
export function read_checkpoint(folder: string): SdeCheckpoint {
  const path = join(folder, MODEL_FILE);
  const weights = join(folder, WEIGHTS_FILE);
  if (!existsSync(path) || !existsSync(weights)) {
    throw new UserError(
      `--resume ${folder}: there is no ${existsSync(path) ? WEIGHTS_FILE : MODEL_FILE}.\nGive the folder of a run of langevin sde.`,
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    value = undefined;
  }
  const read = v.safeParse(schema, value);
  if (!read.success) throw new UserError(`${path} is damaged.\nTrain again.`);
  return { model: read.output, numbers: Float32Array.from(read_npy(readFileSync(weights), weights).values) };
}

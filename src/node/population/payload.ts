/** The model and the data of a run as they go to ranks that may be on other machines: plain data, no file and no code but the model's WGSL. */

import { deserialize, serialize } from 'node:v8';
import { built_in_model } from '../../model/resolve.ts';
import type { LogDensityModel } from '../../model/types.ts';
import { UserError } from '../../model/user_error.ts';
import { validate_model } from '../../model/validate.ts';
import type { LoadedRows } from '../load_data.ts';
import { model_source } from '../load_model.ts';
import { with_priors } from '../model_option.ts';

interface Payload {
  name: string;
  /** What the module exports; absent: built in. */
  source?: unknown;
  priors: string[];
  rows: LoadedRows;
}

export async function pack_payload(name: string, priors: string[], rows: LoadedRows): Promise<Uint8Array> {
  const source = await model_source(name);
  try {
    return serialize({ name, priors, rows, ...(source === undefined ? {} : { source }) } satisfies Payload);
  } catch (error) {
    throw new UserError(
      `${name} cannot be sent to other processes: ${(error as Error).message}.\nA model must be plain data: no functions beside its WGSL.`,
    );
  }
}

export function unpack_payload(bytes: Uint8Array): { model: LogDensityModel; rows: LoadedRows } {
  const { name, source, priors, rows } = deserialize(bytes) as Payload;
  const model = source === undefined ? built_in_model(name) : validate_model(source, { path: name });
  return { model: with_priors(model, priors) as LogDensityModel, rows };
}

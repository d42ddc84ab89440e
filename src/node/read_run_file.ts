/** What a run left in its `summary.json`, as far as a reader wants it. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';

/** Undefined where the folder has none, or another program's file of that name, which tells nothing. */
export function read_run_file<S extends v.GenericSchema>(folder: string, schema: S): v.InferOutput<S> | undefined {
  const path = join(folder, 'summary.json');
  if (!existsSync(path)) return undefined;
  try {
    const read = v.safeParse(schema, JSON.parse(readFileSync(path, 'utf8')));
    return read.success ? read.output : undefined;
  } catch {
    return undefined;
  }
}

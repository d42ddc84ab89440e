/** A short name of some data by their content: the same numbers in the same columns have the same. */

import { createHash } from 'node:crypto';
import type { Model } from '../model/types.ts';

/** @param columns names, in the order of the numbers in a row */
export function fingerprint(columns: readonly string[], values: Float32Array | Float64Array): string {
  const hash = createHash('sha256').update(JSON.stringify(columns));
  return hash
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest('hex')
    .slice(0, 16);
}

/** The same of a model's text and constants, without its priors, which runs may be given. */
export const model_fingerprint = ({ wgsl, constants }: Model): string =>
  createHash('sha256')
    .update(JSON.stringify([wgsl, constants]))
    .digest('hex')
    .slice(0, 16);

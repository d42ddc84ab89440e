/** Model and data of a run as they go to the workers: text. */

import { from_bytes, to_bytes } from '../../../engine/text.ts';
import type { PackedRows } from '../../../model/pack_rows.ts';
import type { LogDensityModel, LogDensitySource } from '../../../model/types.ts';
import { validate_model } from '../../../model/validate.ts';

interface Payload {
  source: LogDensitySource;
  rows: { count: number; values: number[] };
}

export const pack_payload = (source: LogDensitySource, { count, values }: PackedRows): Uint8Array =>
  to_bytes({ source, rows: { count, values: Array.from(values) } } satisfies Payload);

export function unpack_payload(bytes: Uint8Array): { model: LogDensityModel; rows: PackedRows } {
  const { source, rows } = from_bytes<Payload>(bytes);
  const model = validate_model(source) as LogDensityModel;
  return { model, rows: { count: rows.count, values: Float32Array.from(rows.values) } };
}

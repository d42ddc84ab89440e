/** The data of a log-density model as its kernels read them. */

import type { LogDensityModel } from './types.ts';
import { UserError } from './user_error.ts';

export interface PackedRows {
  count: number;
  /** [row][column], as struct Row. */
  values: Float32Array<ArrayBuffer>;
}

/**
 * Packs the model's columns, by name as its `row` has them. Throws a UserError where one is not there, has another length than the first, or holds what f32 cannot:
 * a row of such a model means nothing without all its cells.
 */
export function pack_rows(model: LogDensityModel, columns: Readonly<Record<string, ArrayLike<number>>>): PackedRows {
  const names = model.row.flatMap((field) => field.columns);
  const count = columns[names[0] ?? '']?.length ?? 0;
  const values = new Float32Array(count * names.length);
  for (const [c, name] of names.entries()) {
    const column = columns[name];
    if (column === undefined)
      throw new UserError(`There is no column ${name}, which model ${model.name} reads. Add it.`);
    if (column.length !== count)
      throw new UserError(
        `Column ${name} has ${column.length} rows, but ${names[0]} has ${count}. Give both the same.`,
      );
    for (let row = 0; row < count; row++) {
      const value = Math.fround(column[row] as number);
      if (!Number.isFinite(value))
        throw new UserError(
          `Row ${row + 1}, column ${name}: ${column[row]} is not a finite number that f32 can hold. Model ${model.name} needs every cell of a row.`,
        );
      values[row * names.length + c] = value;
    }
  }
  if (names.length > 0 && count === 0)
    throw new UserError(`There are no rows of data, and model ${model.name} reads ${names.join(', ')}.`);
  return { count, values };
}

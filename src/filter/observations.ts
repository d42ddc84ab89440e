/** Observations as the kernels read them: [row][1 + columns], first 1 where the row is observed. */

import type { StateSpaceModel } from '../model/types.ts';

/** Rows of data by column name; NaN marks a missing cell. A row with any missing cell is not an observation. */
export type Columns = Readonly<Record<string, ArrayLike<number>>>;

export function row_count(model: StateSpaceModel, columns: Columns): number {
  return columns[model.observation[0] as string]?.length ?? 0;
}

export function pack_observations(model: StateSpaceModel, columns: Columns): Float32Array<ArrayBuffer> {
  const rows = row_count(model, columns);
  const width = model.observation.length + 1;
  const packed = new Float32Array(Math.max(1, rows) * width);
  for (let row = 0; row < rows; row++) {
    const cells = model.observation.map((name) => columns[name]?.[row] ?? Number.NaN);
    if (cells.some((cell) => Number.isNaN(cell))) continue;
    packed.set([1, ...cells], row * width);
  }
  return packed;
}

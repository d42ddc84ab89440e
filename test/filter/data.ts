/** Observations for the test models: smooth and noisy, away from anything special, with missing rows where asked for. */

import type { Columns } from '../../src/filter/observations.ts';
import { normal } from '../../src/model/catalog/data/portable_lgssm.ts';
import type { StateSpaceModel } from '../../src/model/types.ts';

/** `missing`: rows, from 1, in which a cell is missing: the first column's in odd rows, the last one's in even rows. */
export function observations(model: StateSpaceModel, steps: number, missing: readonly number[] = []): Columns {
  const last = model.observation.length - 1;
  return Object.fromEntries(
    model.observation.map((name, c) => [
      name,
      Array.from({ length: steps }, (_, i) => {
        const is_missing = missing.includes(i + 1) && c === ((i + 1) % 2 === 1 ? 0 : last);
        return is_missing ? Number.NaN : Math.fround(1 + 0.5 * Math.sin(i / 2) + 0.7 * normal(1000 * (c + 1) + i));
      }),
    ]),
  );
}

/** The same by row, for the twin. */
export const rows_of = (model: StateSpaceModel, data: Columns) =>
  Array.from({ length: (data[model.observation[0] as string] as ArrayLike<number>).length }, (_, i) =>
    model.observation.map((name) => data[name]?.[i] as number),
  );

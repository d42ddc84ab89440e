/** What the samplers are timed on: 1000 rows, 25 coefficients. */

import type { PackedRows } from '../../src/model/pack_rows.ts';
import type { LogDensityModel } from '../../src/model/types.ts';
import { logistic_regression, simulated_rows } from '../models/logistic_regression.ts';

export interface SampleTarget {
  /** In every label. */
  name: string;
  /** The published figures are about these rows. */
  is_published: boolean;
  model: LogDensityModel;
  /** [row][column]: y, then the attributes. */
  table: readonly (readonly number[])[];
  /** The same as the kernels read it. */
  rows: PackedRows;
}

/** @param german_credit [1000][25] rows of German credit A; absent where they are not at hand */
export function sample_target(german_credit: readonly (readonly number[])[] | undefined): SampleTarget {
  const table = german_credit ?? simulated_rows(1000);
  return {
    name: german_credit ? 'German credit A' : 'simulated logistic regression',
    is_published: german_credit !== undefined,
    model: logistic_regression,
    table,
    rows: { count: table.length, values: Float32Array.from(table.flat()) },
  };
}

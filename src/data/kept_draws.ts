/**
 * Draws kept as the device gives them, in f32: half the memory of f64, and no array of its own for every chain. Whoever reads a column gets it in f64, made
 * for the reader: take it once, not once per draw.
 */

import { type SamplerColumn, sampler_column_names } from './draw_columns.ts';
import type { DrawsFile } from './draws_file.ts';

/** [chain][room], of which the first `draws` of every chain are filled. */
export type KeptColumn = Float32Array;

export interface KeptDraws {
  chains: number;
  /** Per chain, that there are. */
  draws: number;
  /** Per chain, that there is room for. */
  room: number;
  /** By name, in order. */
  parameters: ReadonlyMap<string, KeptColumn>;
  sampler: Partial<Record<SamplerColumn, KeptColumn>>;
}

export function kept_draws({ chains, draws, room, parameters, sampler }: KeptDraws): DrawsFile {
  const widen = (column: KeptColumn): readonly Float64Array[] => {
    const wide = new Float64Array(chains * draws);
    for (let c = 0; c < chains; c++) wide.set(column.subarray(c * room, c * room + draws), c * draws);
    return Array.from({ length: chains }, (_, c) => wide.subarray(c * draws, (c + 1) * draws));
  };
  const told: DrawsFile['sampler'] = {};
  for (const name of sampler_column_names) {
    const column = sampler[name];
    if (column !== undefined) Object.defineProperty(told, name, { enumerable: true, get: () => widen(column) });
  }
  return { chains, draws, parameters: widened(parameters, widen), sampler: told, warmup: 0 };
}

/** The map with `widen` of every value, made as it is asked for. */
function widened<From, To>(columns: ReadonlyMap<string, From>, widen: (column: From) => To): ReadonlyMap<string, To> {
  function* entries(): Generator<[string, To], undefined> {
    for (const [name, column] of columns) yield [name, widen(column)];
  }
  function* values(): Generator<To, undefined> {
    for (const column of columns.values()) yield widen(column);
  }
  const map: ReadonlyMap<string, To> = {
    size: columns.size,
    has: (name) => columns.has(name),
    get(name) {
      const column = columns.get(name);
      return column === undefined ? undefined : widen(column);
    },
    keys: () => columns.keys(),
    values,
    entries,
    [Symbol.iterator]: entries,
    forEach(f) {
      for (const [name, column] of columns) f(widen(column), name, map);
    },
  };
  return map;
}

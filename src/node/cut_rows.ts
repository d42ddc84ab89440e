/** Which rows of the data go to which shard. */

import { UserError } from '../model/user_error.ts';
import { site, uniform_at, type Words } from '../random/threefry.ts';

export interface RowCut {
  /** [shard] indices of rows, ascending. */
  rows: number[][];
  /** [shard] the values of the column that the rows were cut by; absent where they were shuffled. */
  values?: string[][];
}

/** Key of a cut's random numbers: the second word tells it from those of samplers with the same seed. */
const cut_key = (seed: number): Words => [seed >>> 0, 4];

/** Indices of rows in random order (Fisher & Yates). */
function shuffled(count: number, key: Words): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(uniform_at(key, site.batch, 0, i) * (i + 1));
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
  return order;
}

const ascending = (rows: number[]) => rows.sort((a, b) => a - b);

/** Shuffled, so that shards are alike, and cut in equal parts: no two differ by more than a row. */
export function cut_shuffled(count: number, shards: number, seed: number): RowCut {
  const order = shuffled(count, cut_key(seed));
  const first = (s: number) => Math.floor((s * count) / shards);
  return { rows: Array.from({ length: shards }, (_, s) => ascending(order.slice(first(s), first(s + 1)))) };
}

/** Chosen by the seed: `held` rows, ascending, that are kept from training, and the others. */
export function hold_out_rows(count: number, held: number, seed: number): { train: number[]; test: number[] } {
  const order = shuffled(count, [seed >>> 0, 5]);
  return { train: ascending(order.slice(held)), test: ascending(order.slice(0, held)) };
}

/**
 * Rows with one value of a column stay together: the values go, the most frequent first, to the shard with the fewest rows so far (Graham 1969). With as many values as shards every shard has one.
 *
 * @param where names the data in the message. Throws UserError for fewer values than shards.
 */
export function cut_by_values(cells: readonly string[], shards: number, where: string): RowCut {
  const groups = new Map<string, number[]>();
  cells.forEach((value, row) => {
    groups.set(value, [...(groups.get(value) ?? []), row]);
  });
  if (groups.size < shards) {
    throw new UserError(
      `${where} has ${groups.size} different value${groups.size === 1 ? '' : 's'}, too few for ${shards} shards.\n${groups.size < 2 ? 'Cut by rows.' : `Use --shards ${groups.size} or fewer, or cut by rows.`}`,
    );
  }
  const found = Array.from({ length: shards }, () => ({ rows: [] as number[], values: [] as string[] }));
  for (const [value, rows] of Array.from(groups).sort(([, a], [, b]) => b.length - a.length)) {
    const least = found.reduce((best, one) => (one.rows.length < best.rows.length ? one : best));
    least.rows.push(...rows);
    least.values.push(value);
  }
  // In the order of the file, so that shard 1 has its first value where there are as many values as shards.
  found.sort((a, b) => Math.min(...a.rows) - Math.min(...b.rows));
  return { rows: found.map(({ rows }) => rows.sort((a, b) => a - b)), values: found.map(({ values }) => values) };
}

/**
 * Draws, and draws.csv: one row per draw in constrained space. The GPU computes in f32, so numbers are written as the
 * shortest decimals that read back to the same f32 (Steele and White 1990), half the size of f64 text.
 */

import { SAMPLER_COLUMNS, type SamplerColumn, sampler_column_names } from './draw_columns.ts';

/** Draws of all parameters, in constrained space. */
export interface Draws {
  /** One per scalar: `beta`, or `beta[0]` for arrays, counted from 0. */
  names: readonly string[];
  chains: number;
  /** Per chain. */
  draws: number;
  /** [chain][draw][name] */
  values: ArrayLike<number>;
  /** [chain][draw], sums to 1; absent: all equal. */
  weights?: ArrayLike<number>;
  /** What the sampler says of each transition: [chain][draw]. */
  sampler?: Partial<Record<SamplerColumn, ArrayLike<number>>>;
}

/** The text of draws.csv: columns chain, draw (both from 0), weight (sums to 1), what there is of the sampler, then one per name. */
export const write_draws = (draws: Draws): string => Array.from(draws_text(draws)).join('');

/** The same in pieces of about a megabyte: one string holds at most half a gigabyte, some millions of rows. */
export function* draws_text(draws: Draws): Generator<string, undefined> {
  const { names, chains, draws: per_chain, values, weights, sampler = {} } = draws;
  if (values.length !== chains * per_chain * names.length) {
    throw new Error(`draws: ${values.length} values for ${chains} × ${per_chain} × ${names.length}.`);
  }
  if (weights !== undefined && weights.length !== chains * per_chain) {
    throw new Error(`draws: ${weights.length} weights for ${chains} × ${per_chain} draws.`);
  }
  const told = sampler_column_names.flatMap((name) => {
    const column = sampler[name];
    if (column !== undefined && column.length !== chains * per_chain) {
      throw new Error(`draws: ${column.length} values of ${name} for ${chains} × ${per_chain} draws.`);
    }
    return column === undefined ? [] : [{ name: SAMPLER_COLUMNS[name], column }];
  });
  const equal = shortest_f32(1 / (chains * per_chain));
  let piece = `${['chain', 'draw', 'weight', ...told.map(({ name }) => name), ...names].map(quote).join(',')}\n`;
  for (let row = 0; row < chains * per_chain; row++) {
    const cells = [String(Math.floor(row / per_chain)), String(row % per_chain)];
    cells.push(weights === undefined ? equal : shortest_f32(weights[row] ?? 0));
    for (const { column } of told) cells.push(shortest_f32(column[row] ?? 0));
    for (let n = 0; n < names.length; n++) cells.push(shortest_f32(values[row * names.length + n] ?? 0));
    piece += `${cells.join(',')}\n`;
    if (piece.length < piece_length) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

const piece_length = 2 ** 20;

/** The shortest decimal that rounds to the f32 nearest to `x`. NaN and infinities as JavaScript writes them. */
export function shortest_f32(x: number): string {
  const target = Math.fround(x);
  if (!Number.isFinite(target) || Number.isInteger(target) || target === 0) return String(target);
  // In the normal range six digits survive decimal → f32 → decimal, so trying fewer finds nothing that the trailing
  // zeros of six do not show; subnormals carry less and start at one digit. Nine always suffice.
  for (let digits = Math.abs(target) < 1.2e-38 ? 1 : 6; digits < 9; digits++) {
    const decimal = Number(target.toPrecision(digits));
    if (Math.fround(decimal) === target) return String(decimal);
  }
  return String(Number(target.toPrecision(9)));
}

/** RFC 4180: quotes where a cell holds a separator, a quote or a line break. */
export function quote(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

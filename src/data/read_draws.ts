/** Draws from CSV text: our draws.csv, CmdStan's output, or any table with one column per parameter and one row per draw. */
import { UserError } from '../model/user_error.ts';
import { type ColumnRole, column_roles, type SamplerColumn } from './draw_columns.ts';
import type { DrawsFile } from './draws_file.ts';
import { type NumericRows, parse_numeric_rows } from './numeric_rows.ts';

/**
 * Rows of one chain must stand in the order in which they were drawn; chains may be interleaved. Rows that stand before
 * CmdStan's comment "Adaptation terminated" are warm-up and left out. Throws UserError naming file, line and column.
 */
export function read_draws(text: string, path: string): DrawsFile {
  const table = parse_numeric_rows(text, path);
  const roles = column_roles(table.names);
  const warmup = table.comments.findLast((comment) => /^Adaptation terminated/i.test(comment.text))?.row ?? 0;
  if (warmup === table.rows) {
    throw new UserError(`${path} holds ${warmup} draws of the warm-up and none after it.\nWait for the run's end.`);
  }
  const chain_rows = group_rows(table, roles, warmup, path);
  const draws = chain_rows[0]?.length ?? 0;
  const by_chain = (column: Float64Array) =>
    chain_rows.map((rows) => Float64Array.from(rows, (r) => column[r] as number));
  const parameters = new Map<string, Float64Array[]>();
  const sampler: Partial<Record<SamplerColumn, Float64Array[]>> = {};
  roles.forEach((role, c) => {
    const name = table.names[c] as string;
    const column = table.columns[c] as Float64Array;
    if (typeof role === 'object') sampler[role.sampler] = by_chain(column);
    if (role !== 'parameter') return;
    if (parameters.has(name)) {
      throw new UserError(`${path}: two columns are called ${name}.\nRename or remove one of them.`);
    }
    parameters.set(name, by_chain(column));
  });
  if (parameters.size === 0) {
    throw new UserError(`${path}: no column holds a parameter; there are ${table.names.join(', ')}.`);
  }
  // Stan ends its files with the time that the chain took.
  const seconds = table.comments
    .map(({ text: words }) => /([\d.e+-]+) seconds \(Total\)/.exec(words)?.[1])
    .findLast(Number);
  const weights = read_weights(table, roles, warmup, path);
  return {
    chains: chain_rows.length,
    draws,
    parameters,
    sampler,
    ...(weights === undefined ? {} : { weights: by_chain(weights) }),
    ...(seconds === undefined ? {} : { seconds: Number(seconds) }),
    warmup,
  };
}

/** The rows of each chain, in the order in which chains first appear; one chain where no column says otherwise. */
function group_rows(table: NumericRows, roles: readonly ColumnRole[], first: number, path: string): number[][] {
  const at = roles.indexOf('chain');
  const chain = at < 0 ? undefined : (table.columns[at] as Float64Array);
  const groups = new Map<number, number[]>();
  for (let row = first; row < table.rows; row++) {
    const id = chain?.[row] ?? 0;
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [row]);
    else group.push(row);
  }
  const [[id, rows] = [0, []], ...others] = groups;
  const other = others.find(([, { length }]) => length !== rows.length);
  if (other !== undefined) {
    throw new UserError(
      `${path}: chain ${id} has ${rows.length} draws, chain ${other[0]} has ${other[1].length}.\n` +
        'All chains must be equally long; cut the longer ones or leave one out.',
    );
  }
  return Array.from(groups.values());
}

/** The weights where they differ. */
function read_weights(table: NumericRows, roles: readonly ColumnRole[], first: number, path: string) {
  const at = roles.indexOf('weight');
  if (at < 0) return undefined;
  const weights = table.columns[at] as Float64Array;
  const used = weights.subarray(first);
  const bad = used.findIndex((w) => !(w >= 0 && Number.isFinite(w)));
  if (bad >= 0) {
    throw new UserError(
      `${path}, row ${table.lines[first + bad]}, column weight: ${used[bad]} is not a weight.\nWeights are finite and not negative.`,
    );
  }
  if (used.every((w) => w === used[0]) && used[0] !== 0) return undefined;
  if (used.every((w) => w === 0)) throw new UserError(`${path}: every weight is zero.`);
  return weights;
}

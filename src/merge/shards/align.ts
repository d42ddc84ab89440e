/** Shards from different files made one set: the same parameters in the same order, each fit for a merge. */
import { type Points, column as values_of } from '../../diagnostics/points.ts';
import { UserError } from '../../model/user_error.ts';
import type { FileShard } from './from_draws.ts';
import type { ShardSet } from './shard.ts';

/**
 * Names are those of the first file that has any, p1, p2, … where none has. Columns in another order are put in that order. Throws UserError,
 * naming file, draw and column, for fewer than two shards, other columns, numbers that are not finite, constant columns and too few draws.
 */
export function align_shards(files: readonly FileShard[]): ShardSet & { shards: readonly FileShard[] } {
  if (files.length < 2) {
    throw new UserError(
      `A merge needs two shards or more; there ${files.length === 1 ? `is one: ${files[0]?.name}` : 'are none'}.\nGive one file or folder of draws per shard, or a .npy file [shard][draw][parameter].`,
    );
  }
  const leader = files.find((file) => file.names !== undefined) ?? (files[0] as FileShard);
  const names = leader.names ?? Array.from({ length: leader.points.dimension }, (_, j) => `p${j + 1}`);
  const shards = files.map((file) => in_order(file, names, leader.name));
  for (const shard of shards) check_shard(shard, names);
  return { names, shards };
}

function in_order(file: FileShard, names: readonly string[], leader: string): FileShard {
  const { points, names: own } = file;
  const help = 'All shards must hold the same parameters; leave the other columns out.';
  if (own === undefined) {
    if (points.dimension === names.length) return file;
    throw new UserError(
      `${file.name} has ${points.dimension} columns, ${leader} has ${names.length}.\nAll shards must hold the same parameters in the same order.`,
    );
  }
  const missing = names.find((name) => !own.includes(name));
  if (missing !== undefined)
    throw new UserError(`${file.name} has no column ${missing}, which ${leader} has.\n${help}`);
  const extra = own.find((name) => !names.includes(name));
  if (extra !== undefined) throw new UserError(`${file.name} has a column ${extra}, which ${leader} has not.\n${help}`);
  const from = names.map((name) => own.indexOf(name));
  if (from.every((at, j) => at === j)) return file;
  const ordered = (given: Float64Array) => {
    const values = new Float64Array(given.length);
    for (let row = 0; row < values.length; row += names.length) {
      from.forEach((at, j) => {
        values[row + j] = given[row + at] as number;
      });
    }
    return values;
  };
  const { gradients } = file;
  return {
    ...file,
    points: { ...points, values: ordered(points.values) },
    ...(gradients === undefined ? {} : { gradients: ordered(gradients) }),
  };
}

function check_shard({ name, points, weights_ess }: FileShard, names: readonly string[]): void {
  const { count, dimension } = points;
  const bad = points.values.findIndex((x) => !Number.isFinite(x));
  if (bad >= 0) {
    throw new UserError(
      `${name}, draw ${Math.floor(bad / dimension) + 1}, ${names[bad % dimension]}: ${points.values[bad]} is not a finite number.\nSample that shard again, or leave the draw out.`,
    );
  }
  if (count <= dimension) {
    throw new UserError(
      `${name} has ${count} draws of ${dimension} parameters, too few for a covariance.\nGive at least ${dimension + 1}, better a hundred times as many.`,
    );
  }
  if (weights_ess !== undefined && weights_ess <= dimension) {
    throw new UserError(
      `${name}: its weights leave ${weights_ess.toFixed(1)} effective draws of ${dimension} parameters, too few for a covariance.\nSample that shard again, with more draws or better weights.`,
    );
  }
  const constant = names.findIndex((_, j) => is_constant(points, j));
  if (constant >= 0) {
    throw new UserError(
      `${name}: ${names[constant]} is the same in every draw.\nLeave that column out of all shards, or sample it.`,
    );
  }
}

function is_constant(points: Points, j: number): boolean {
  const values = values_of(points, j);
  return values.every((x) => x === values[0]);
}

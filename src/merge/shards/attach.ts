/** Gradients and log densities of the draws, from .npy files given in the order of the shards. */
import type { NpyArray } from '../../data/npy.ts';
import { UserError } from '../../model/user_error.ts';
import type { FileShard } from './from_draws.ts';

/** A .npy file that was read. */
export interface NpyFile {
  path: string;
  array: NpyArray;
}

/** One shard's part of a file. */
interface Part {
  name: string;
  /** [draw] or [draw][parameter] */
  shape: readonly number[];
  values: Float64Array;
}

/** Throws UserError naming the file whose shape is not that of the shard's draws. */
export function attach_gradients(
  shards: readonly FileShard[],
  files: readonly NpyFile[],
  names: readonly string[],
): FileShard[] {
  const parts = parts_of(files, (shape) => shape.length === 3);
  check_number('--gradients', parts, shards);
  return shards.map((shard, s) => {
    const { name, shape, values } = parts[s] as Part;
    const count = rows_of(shard);
    if (shape.length !== 2 || shape[0] !== count || shape[1] !== names.length) {
      throw new UserError(
        `${name} has the shape ${shape.join(' × ')}; the draws of ${shard.name} are ${count} × ${names.length}.\nGive the gradient of the shard's log density at each of its draws, [draw][parameter].`,
      );
    }
    if (shard.names?.some((own, j) => own !== names[j])) {
      throw new UserError(
        `${shard.name} has its columns in another order than the first shard, so the columns of ${name} are not known.\nWrite the draws and gradients of all shards in one order: ${names.join(', ')}.`,
      );
    }
    return { ...shard, gradients: checked(take(values, names.length, shard.rows), name, names) };
  });
}

/** The same for log densities, [draw] or [draw][1] of each shard. They take the place of a column log_density. */
export function attach_log_densities(shards: readonly FileShard[], files: readonly NpyFile[]): FileShard[] {
  // [draw][1] of one shard and [shard][draw] differ in their last length, since no shard has a single draw.
  const parts = parts_of(files, (shape) => shape.length === 3 || (shape.length === 2 && shape[1] !== 1));
  check_number('--log-density', parts, shards);
  return shards.map((shard, s) => {
    const { name, shape, values } = parts[s] as Part;
    const count = rows_of(shard);
    if (shape[0] !== count || (shape[1] ?? 1) !== 1) {
      throw new UserError(
        `${name} has the shape ${shape.join(' × ')}; ${shard.name} has ${count} draws.\nGive the shard's log density at each of its draws, [draw].`,
      );
    }
    return { ...shard, log_densities: checked(take(values, 1, shard.rows), name, ['log density']) };
  });
}

/** Draws in the file, before they were resampled. */
const rows_of = ({ points, rows }: FileShard) => rows?.length ?? points.count;

function parts_of(files: readonly NpyFile[], is_several: (shape: readonly number[]) => boolean): Part[] {
  return files.flatMap(({ path, array: { shape, values } }) => {
    if (!is_several(shape)) return [{ name: path, shape, values }];
    const [shards = 0, ...rest] = shape;
    const size = values.length / shards;
    return Array.from({ length: shards }, (_, s) => ({
      name: `${path}, shard ${s + 1}`,
      shape: rest,
      values: values.subarray(s * size, (s + 1) * size),
    }));
  });
}

function check_number(option: string, parts: readonly Part[], shards: readonly FileShard[]): void {
  if (parts.length === shards.length) return;
  throw new UserError(
    `${option} gives ${parts.length} of ${shards.length} shards (${shards.map(({ name }) => name).join('; ')}).\nRepeat ${option} FILE for every shard, in the order of the shards, or give one [shard] × … file for all.`,
  );
}

function take(values: Float64Array, width: number, rows: Uint32Array | undefined): Float64Array {
  if (rows === undefined) return values;
  const taken = new Float64Array(rows.length * width);
  rows.forEach((row, i) => {
    taken.set(values.subarray(row * width, (row + 1) * width), i * width);
  });
  return taken;
}

function checked(values: Float64Array, name: string, names: readonly string[]): Float64Array {
  const bad = values.findIndex((x) => !Number.isFinite(x));
  if (bad < 0) return values;
  throw new UserError(
    `${name}, draw ${Math.floor(bad / names.length) + 1}, ${names[bad % names.length]}: ${values[bad]} is not a finite number.`,
  );
}

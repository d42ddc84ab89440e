/** Shards that were read from several files made one set, with what is known of their densities. */

import { UserError } from '../../model/user_error.ts';
import { align_shards } from './align.ts';
import { attach_gradients, attach_log_densities, type NpyFile } from './attach.ts';
import { check_gradients } from './check_gradients.ts';
import { check_log_densities } from './check_log_densities.ts';
import type { FileShard } from './from_draws.ts';
import type { ShardSet } from './shard.ts';

export interface LoadedShards extends ShardSet {
  /** Whether any file says what its parameters are called. */
  named: boolean;
}

/** Throws UserError for whatever is not fit for a merge, naming the file. Densities are not checked yet. */
export function assemble_shards(
  read: readonly FileShard[],
  gradients: readonly NpyFile[],
  log_densities: readonly NpyFile[],
): LoadedShards {
  const { names, shards: aligned } = align_shards(read);
  let shards = aligned;
  if (gradients.length > 0) shards = attach_gradients(shards, gradients, names);
  if (log_densities.length > 0) shards = attach_log_densities(shards, log_densities);
  return { names, shards, named: read.some((shard) => shard.names !== undefined) };
}

/** Gradients and log densities against the draws, in the coordinates of the merge: where a density ends at a bound, averages of others tell nothing. */
export function check_densities({ shards }: ShardSet): void {
  for (const shard of shards) {
    check_gradients(shard, shards.length);
    check_log_densities(shard);
  }
}

/** Draws of the full posterior to compare with, which have the shards' parameters. @param read from the file */
export function align_exact(read: readonly FileShard[], path: string, { names, shards }: ShardSet): FileShard {
  const [exact, ...more] = read;
  if (exact === undefined || more.length > 0) {
    throw new UserError(`--exact ${path} holds several sets of draws.\nGive one, [draw][parameter].`);
  }
  // Beside a shard it has to pass the same checks.
  const first = shards[0] as FileShard;
  return align_shards([{ ...first, names }, exact]).shards[1] as FileShard;
}

/** The shards of a command line, with gradients and log densities where they are given. */
import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { is_npy, read_npy } from '../data/npy.ts';
import { align_exact, assemble_shards, type LoadedShards } from '../merge/shards/assemble.ts';
import { attach_gradients, attach_log_densities, type NpyFile } from '../merge/shards/attach.ts';
import { type FileShard, shard_from_draws } from '../merge/shards/from_draws.ts';
import { shards_from_npy } from '../merge/shards/from_npy.ts';
import type { ShardSet } from '../merge/shards/shard.ts';
import { UserError } from '../model/user_error.ts';
import { GRADIENTS_FILE, LOG_DENSITY_FILE } from './density_files.ts';
import { load_draws } from './load_draws.ts';
import { draws_folder } from './origin.ts';
import { reason } from './output.ts';

export interface ShardFiles {
  shards: readonly string[];
  gradients: readonly string[];
  log_densities: readonly string[];
  /** Whether to take those that lie beside the draws in a folder. */
  find_densities: boolean;
}

/** Throws UserError for whatever is not fit for a merge, naming the file. Densities are not checked yet. */
export async function load_shards(files: ShardFiles): Promise<LoadedShards> {
  const places = files.shards.map((path) => resolve(path));
  const twice = places.findIndex((place, i) => places.indexOf(place) < i);
  if (twice >= 0) {
    throw new UserError(`${files.shards[twice]} is given twice.\nIts rows would count twice; leave one out.`);
  }
  const read: FileShard[] = [];
  for (const path of files.shards) read.push(...(await load_file(path, files.find_densities)));
  return assemble_shards(read, files.gradients.map(load_npy), files.log_densities.map(load_npy));
}

/** The same parameters as the shards have: draws of the full posterior to compare with. */
export async function load_exact(path: string, set: ShardSet): Promise<FileShard> {
  return align_exact(await load_file(path, false), path, set);
}

/** What a file holds is seen from its bytes; a folder that a run wrote stands for its draws. */
async function load_file(given: string, find_densities: boolean): Promise<FileShard[]> {
  try {
    if (statSync(given).isDirectory()) return [await load_folder(draws_folder(given), find_densities)];
    if (begins_npy(given)) return shards_from_npy(read_npy(readFileSync(given), given), given);
    return [shard_from_draws(await load_draws([given]), given)];
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(
      `${given} cannot be read: ${reason(error)}.\nGive draws.csv, the folder of a run, or a .npy file.`,
    );
  }
}

/** With the gradients and log densities that lie beside the draws. */
async function load_folder(folder: string, find_densities: boolean): Promise<FileShard> {
  const path = join(folder, 'draws.csv');
  if (!existsSync(path) && existsSync(join(folder, 'shard_1'))) {
    throw new UserError(
      `${folder} holds shards and no draws of its own.\nGive the shards: ${join(folder, 'shard_*')}.`,
    );
  }
  const shard = shard_from_draws(await load_draws([path]), path);
  const beside = (file: string) =>
    find_densities && existsSync(join(folder, file)) ? [load_npy(join(folder, file))] : [];
  const [gradients, log_densities] = [beside(GRADIENTS_FILE), beside(LOG_DENSITY_FILE)];
  let shards = [shard];
  if (gradients.length > 0) shards = attach_gradients(shards, gradients, shard.names ?? []);
  if (log_densities.length > 0) shards = attach_log_densities(shards, log_densities);
  return shards[0] as FileShard;
}

function load_npy(path: string): NpyFile {
  try {
    return { path, array: read_npy(readFileSync(path), path) };
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${path} cannot be read: ${reason(error)}.\nGive a .npy file.`);
  }
}

function begins_npy(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(6);
    readSync(file, head, 0, head.length, 0);
    return is_npy(head);
  } finally {
    closeSync(file);
  }
}

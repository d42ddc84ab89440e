/** A run from the side of who begins it: writes what all ranks need, looks how far they are, and gathers their draws. */

import { get_blob, put_blob, remove_blobs } from '../engine/blobs.ts';
import { from_bytes, to_bytes } from '../engine/text.ts';
import type { Engine, Store } from '../engine/types.ts';
import { empty_board } from './exchange/board.ts';
import { keys, type PopulationSpec } from './spec.ts';

/** Under which workers find runs that are open. */
const open_prefix = 'open';
const payload_name = (id: string) => `run.${id}.payload`;

/** @param payload model and data, as the workers' side reads them. Does nothing where the run is there already, so that it can be gone on with. */
export async function begin_run({ store }: Engine, spec: PopulationSpec, payload: Uint8Array): Promise<void> {
  await put_blob(store, payload_name(spec.id), payload);
  const name = keys(spec.id);
  await store.put(name.spec, to_bytes(spec), 0);
  const board = empty_board(spec.ranks, spec.particles, spec.exchange === 'replica');
  await store.put(name.board, to_bytes(board), 0);
  // What ended it the last time is over.
  for (const key of [...(await store.keys(`run.${spec.id}.failure`)), name.stop]) await store.remove(key);
  await store.put(`${open_prefix}.${spec.id}`, to_bytes({}));
}

export async function read_spec(store: Store, id: string): Promise<PopulationSpec | undefined> {
  const entry = await store.get(keys(id).spec);
  return entry && from_bytes<PopulationSpec>(entry.value);
}

export const read_payload = (store: Store, id: string) => get_blob(store, payload_name(id));

/** @returns runs with seats for workers, and whether there are others that were asked to stop */
export async function open_runs(store: Store): Promise<{ open: string[]; has_stopped: boolean }> {
  const open: string[] = [];
  const all = await store.keys(open_prefix);
  for (const key of all) {
    const id = key.slice(open_prefix.length + 1);
    if (!(await store.get(keys(id).stop))) open.push(id);
  }
  return { open: open.toSorted(), has_stopped: open.length < all.length };
}

/** No rank begins with it any more. */
export const close_run = (store: Store, id: string) => store.remove(`${open_prefix}.${id}`);

/** All of it is taken away. */
export async function forget_run(store: Store, id: string): Promise<void> {
  await close_run(store, id);
  await remove_blobs(store, `run.${id}`);
  for (const key of await store.keys(`run.${id}`)) await store.remove(key);
}

export interface Failure {
  message: string;
  /** It is the input that is wrong. */
  is_input: boolean;
}

/** What a rank could not go on from, if any said so. */
export async function failure_of(store: Store, { id }: PopulationSpec): Promise<Failure | undefined> {
  for (const key of await store.keys(`run.${id}.failure`)) {
    const entry = await store.get(key);
    if (entry) return from_bytes<Failure>(entry.value);
  }
  return undefined;
}

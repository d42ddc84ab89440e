/**
 * Values of any size, cut in chunks. The head, `blob.NAME`, is written after the chunks, so that who finds it finds all of them; it has the length and a sum to check by. What fits into one message is in
 * the head itself.
 *
 * Chunks have two sets of keys, by turns: a name that is written again and again takes no more room than twice its size, and no more keys. Who reads meanwhile and finds other chunks than the head says begins again.
 */

import { from_bytes, to_bytes } from './text.ts';
import { most_bytes, type Store } from './types.ts';

interface Head {
  length: number;
  chunks: number;
  /** Which set of keys. */
  turn: 0 | 1;
  /** SHA-256, hexadecimal. */
  sum: string;
}

const chunk_bytes = most_bytes >> 1;
const head_key = (name: string) => `blob.${name}`;
const chunk_key = (name: string, turn: 0 | 1, n: number) => `chunk.${name}.${turn}-${n}`;

export async function put_blob(store: Store, name: string, bytes: Uint8Array): Promise<void> {
  const sum = await sum_of(bytes);
  if (bytes.length <= chunk_bytes) {
    const head: Head = { length: bytes.length, chunks: 0, turn: 0, sum };
    await store.put(head_key(name), write_head(head, bytes));
    return;
  }
  const before = (await read_head(store, name))?.head;
  if (before?.sum === sum) return;
  const chunks = Math.ceil(bytes.length / chunk_bytes);
  const turn = before?.turn === 0 ? 1 : 0;
  for (let n = 0; n < chunks; n++) {
    await store.put(chunk_key(name, turn, n), bytes.subarray(n * chunk_bytes, (n + 1) * chunk_bytes));
  }
  const head: Head = { length: bytes.length, chunks, turn, sum };
  await store.put(head_key(name), write_head(head));
}

/** All blobs below a prefix of whole words. */
export async function remove_blobs(store: Store, prefix: string): Promise<void> {
  for (const of of ['blob', 'chunk']) for (const key of await store.keys(`${of}.${prefix}`)) await store.remove(key);
}

/** Throws where the bytes are not those that were put. */
export async function get_blob(store: Store, name: string): Promise<Uint8Array | undefined> {
  for (let attempt = 0; ; attempt++) {
    const found = await read_head(store, name);
    if (!found) return undefined;
    const { head, inside } = found;
    const bytes = head.chunks === 0 ? inside : await read_chunks(store, name, head);
    if (bytes && (await sum_of(bytes)) === head.sum) return bytes;
    // Written anew meanwhile; or damaged.
    if ((await read_head(store, name))?.head.sum === head.sum && attempt > 0)
      throw new Error(`the blob ${name} of ${head.length} bytes is damaged`);
  }
}

/** The text's length in two bytes, the text, what is inside. */
function write_head(head: Head, inside: Uint8Array = new Uint8Array()): Uint8Array {
  const text = to_bytes(head);
  const all = new Uint8Array(2 + text.length + inside.length);
  all.set([text.length & 255, text.length >> 8]);
  all.set(text, 2);
  all.set(inside, 2 + text.length);
  return all;
}

async function read_head(store: Store, name: string): Promise<{ head: Head; inside: Uint8Array } | undefined> {
  const value = (await store.get(head_key(name)))?.value;
  if (!value) return undefined;
  const end = 2 + (value[0] as number) + 256 * (value[1] as number);
  return { head: from_bytes<Head>(value.subarray(2, end)), inside: value.subarray(end) };
}

async function read_chunks(
  store: Store,
  name: string,
  { length, chunks, turn }: Head,
): Promise<Uint8Array | undefined> {
  const bytes = new Uint8Array(length);
  for (let n = 0; n < chunks; n++) {
    const chunk = await store.get(chunk_key(name, turn, n));
    if (!chunk || n * chunk_bytes + chunk.value.length > length) return undefined;
    bytes.set(chunk.value, n * chunk_bytes);
  }
  return bytes;
}

async function sum_of(bytes: Uint8Array): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

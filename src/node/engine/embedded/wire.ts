/** Messages over a local socket: four bytes of length, then the structured clone of an object. Only processes of the same user can open the socket. */

import type { Socket } from 'node:net';
import { deserialize, serialize } from 'node:v8';

/** A request of a client. `id` comes back with the answer. */
export type Request = { id: number } & Question;

export type Question =
  | { ask: 'born' }
  | { ask: 'get'; key: string }
  | { ask: 'put'; key: string; value: Uint8Array; version?: number }
  | { ask: 'remove'; key: string }
  | { ask: 'keys'; prefix: string }
  | { ask: 'watch'; prefix: string; watch: number }
  | { ask: 'unwatch'; watch: number }
  | { ask: 'submit'; key: string; body: Uint8Array }
  | { ask: 'claim'; patience: number; hold: number }
  | { ask: 'extend'; key: string; claim: number }
  | { ask: 'done'; key: string; claim: number }
  | { ask: 'give_back'; key: string; claim: number; delay: number }
  | { ask: 'open'; name: string }
  | { ask: 'shut'; name: string }
  | { ask: 'send'; name: string; message: Uint8Array }
  | { ask: 'request'; name: string; message: Uint8Array; deadline: number }
  | { ask: 'reply'; letter: number; message: Uint8Array | undefined };

/** What the broker says: an answer, or by itself. */
export type Word =
  | { id: number; answer?: unknown; error?: string }
  | { watch: number; key: string; value?: Uint8Array; version: number }
  | { name: string; message: Uint8Array; letter?: number };

export function send_message(socket: Socket, message: Request | Word): void {
  const body = serialize(message);
  const head = Buffer.alloc(4);
  head.writeUInt32LE(body.length);
  socket.write(Buffer.concat([head, body]));
}

/** Calls `listener` with every whole message that comes in. */
export function receive_messages<T>(socket: Socket, listener: (message: T) => void): void {
  let parts: Buffer[] = [];
  let size = 0;
  socket.on('data', (part: Buffer) => {
    parts.push(part);
    size += part.length;
    while (size >= 4) {
      // Joined only when a whole message is there: a large one comes in many parts.
      const first = parts[0] as Buffer;
      const head = first.length >= 4 ? first : Buffer.concat(parts);
      const length = head.readUInt32LE(0);
      if (size < 4 + length) break;
      const all = parts.length === 1 ? first : Buffer.concat(parts);
      const message = deserialize(all.subarray(4, 4 + length)) as T;
      const rest = all.subarray(4 + length);
      parts = rest.length > 0 ? [rest] : [];
      size = rest.length;
      listener(message);
    }
  });
}

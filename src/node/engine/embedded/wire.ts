/** Messages over a local socket: four bytes of length, then the structured clone of an object. Only processes of the same user can open the socket. */

import type { Socket } from 'node:net';
import { deserialize, serialize } from 'node:v8';
import type { Request, Word } from '../../../engine/broker/words.ts';

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

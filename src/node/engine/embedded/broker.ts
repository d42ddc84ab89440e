/** The embedded engine's broker: writes its log in a folder that only this user can open, and serves the ranks of this machine over a socket there. */

import { chmodSync, mkdirSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { create_book, type LogRecord } from '../../../engine/broker/book.ts';
import { create_broker } from '../../../engine/broker/broker.ts';
import type { Request } from '../../../engine/broker/words.ts';
import { open_log } from './log.ts';
import { is_served, listen, socket_of } from './socket.ts';
import { receive_messages, send_message } from './wire.ts';

export interface ServedBroker {
  close(): Promise<void>;
}

/** The log is written anew when it is so many bytes, and several times what is in use. */
const least_rewritten = 64 * 2 ** 20;

/** Throws where another one serves the folder. @param folder of the log; made where it is missing */
export async function start_broker(folder: string): Promise<ServedBroker> {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o700);
  const path = socket_of(folder);
  if (await is_served(path)) throw new Error(`another process serves ${folder} already`);
  const book = create_book();
  const log = open_log<LogRecord>(join(folder, 'log'), (record) => book.apply(record, performance.now()));
  const broker = create_broker(book, (record) => {
    log.append(record);
    book.apply(record, performance.now());
    if (log.size > least_rewritten && log.size > 4 * book.live_bytes) log.rewrite(book.records());
  });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    const { hear, forget } = broker.welcome({
      send: (word) => send_message(socket, word),
      get is_open() {
        return !socket.destroyed;
      },
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      forget();
    });
    receive_messages<Request>(socket, hear);
  });
  await listen(server, path);
  return {
    async close() {
      broker.close();
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      log.close();
    },
  };
}

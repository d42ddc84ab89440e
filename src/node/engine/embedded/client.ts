/** The embedded engine, as a rank sees it: a connection to the broker of a folder, made anew when it breaks. */

import { connect } from 'node:net';
import { create_client, type Line } from '../../../engine/broker/client.ts';
import type { Word } from '../../../engine/broker/words.ts';
import { BrokerLost, type Engine, lost_text, Unreachable } from '../../../engine/types.ts';
import { socket_of } from './socket.ts';
import { receive_messages, send_message } from './wire.ts';

export interface EmbeddedOptions {
  /** Of the broker. */
  folder: string;
  /** Milliseconds for which a claim holds without news. */
  hold?: number;
}

type OpenLine = Line & { end(): void };

/** Connects when it is asked something. Throws Unreachable from every call while nobody serves the folder. */
export function connect_embedded({ folder, hold }: EmbeddedOptions): Engine {
  let open: Promise<OpenLine> | undefined;
  let closed = false;
  /** The broker of the first connection. */
  let born: unknown;

  const dial = () =>
    new Promise<OpenLine>((resolve, reject) => {
      const socket = connect(socket_of(folder));
      const line: OpenLine = {
        send: (request) => send_message(socket, request),
        end() {
          socket.end();
          socket.destroySoon();
        },
      };
      socket.on('connect', async () => {
        const found = await client.tell(line, { ask: 'born' }).catch(() => undefined);
        if (found === undefined) {
          // Whoever took the call is gone already. What is asked over a closed socket is never answered.
          reject(new Unreachable(`the broker of ${folder} is away`));
          return;
        }
        born ??= found;
        if (found !== born) {
          reject(new BrokerLost(lost_text));
          socket.destroy();
          return;
        }
        client.reopen(line);
        resolve(line);
      });
      socket.on('error', (error) => reject(new Unreachable(`nobody serves ${folder} (${error.message})`)));
      socket.on('close', () => {
        open = undefined;
        client.break(new Unreachable(`the broker of ${folder} is away`));
        if (!closed && client.listens) setTimeout(() => void redial(), 100).unref();
      });
      receive_messages<Word>(socket, (word) => client.hear(line, word));
    });
  const line = () => {
    if (closed) return Promise.reject(new Error('the engine is closed'));
    open ??= dial().catch((error) => {
      open = undefined;
      throw error;
    });
    return open;
  };
  /** Those who only listen come back too. */
  const redial = async (): Promise<void> => {
    if (closed) return;
    try {
      await line();
    } catch {
      setTimeout(() => void redial(), 200).unref();
    }
  };
  const client = create_client({ line, ...(hold === undefined ? {} : { hold }) });
  return {
    ...client.engine,
    async close() {
      closed = true;
      (await open?.catch(() => undefined))?.end();
    },
  };
}

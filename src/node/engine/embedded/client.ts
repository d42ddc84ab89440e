/** The embedded engine, as a rank sees it: a connection to the broker of a folder, made anew when it breaks. */

import { connect, type Socket } from 'node:net';
import {
  BrokerLost,
  type Claim,
  check_entry,
  type Engine,
  type Entry,
  lost_text,
  Unreachable,
} from '../../../engine/types.ts';
import { socket_of } from './socket.ts';
import { type Question, type Request, receive_messages, send_message, type Word } from './wire.ts';

export interface EmbeddedOptions {
  /** Of the broker. */
  folder: string;
  /** Milliseconds for which a claim holds without news. */
  hold?: number;
}

export const default_hold = 30_000;

type Claimed = { key: string; body: Uint8Array; delivery: number; claim: number };
type Listener = (key: string, entry: Entry | undefined) => void;
type Handler = (message: Uint8Array) => Uint8Array | undefined;

/** Connects when it is asked something. Throws Unreachable from every call while nobody serves the folder. */
export function connect_embedded({ folder, hold = default_hold }: EmbeddedOptions): Engine {
  const asked = new Map<number, { resolve(answer: unknown): void; reject(error: Error): void }>();
  const watches = new Map<number, { prefix: string; listener: Listener }>();
  const boxes = new Map<string, Handler>();
  let [last_id, last_watch] = [0, 0];
  let open: Promise<Socket> | undefined;
  let closed = false;
  /** The broker of the first connection. */
  let born: unknown;

  const hear = (socket: Socket, word: Word) => {
    if ('id' in word) {
      const waiting = asked.get(word.id);
      asked.delete(word.id);
      if (word.error !== undefined) waiting?.reject(new Error(word.error));
      else waiting?.resolve(word.answer);
    } else if ('watch' in word) {
      const { watch, key, value, version } = word;
      watches.get(watch)?.listener(key, value && { value, version });
    } else {
      const answer = boxes.get(word.name)?.(word.message);
      if (word.letter === undefined) return;
      last_id += 1;
      send_message(socket, { id: last_id, ask: 'reply', letter: word.letter, message: answer });
    }
  };
  const dial = () =>
    new Promise<Socket>((resolve, reject) => {
      const socket = connect(socket_of(folder));
      socket.on('connect', async () => {
        const found = await tell(socket, { ask: 'born' }).catch(() => undefined);
        born ??= found;
        if (found !== undefined && found !== born) {
          reject(new BrokerLost(lost_text));
          socket.destroy();
          return;
        }
        // What this end had open, it opens again.
        for (const [watch, { prefix }] of watches) void tell(socket, { ask: 'watch', watch, prefix }).catch(() => {});
        for (const name of boxes.keys()) void tell(socket, { ask: 'open', name }).catch(() => {});
        resolve(socket);
      });
      socket.on('error', (error) => reject(new Unreachable(`nobody serves ${folder} (${error.message})`)));
      socket.on('close', () => {
        open = undefined;
        for (const { reject } of asked.values()) reject(new Unreachable(`the broker of ${folder} is away`));
        asked.clear();
        if (!closed && watches.size + boxes.size > 0) setTimeout(() => void redial(), 100).unref();
      });
      receive_messages<Word>(socket, (word) => hear(socket, word));
    });
  const line = () => {
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
  const tell = (socket: Socket, question: Question) =>
    new Promise<unknown>((resolve, reject) => {
      last_id += 1;
      asked.set(last_id, { resolve, reject });
      send_message(socket, { id: last_id, ...question } as Request);
    });
  const ask = async <T>(question: Question): Promise<T> => {
    if (closed) throw new Error('the engine is closed');
    return (await tell(await line(), question)) as T;
  };
  const claim_of = ({ key, body, delivery, claim }: Claimed): Claim => ({
    ...{ key, body, delivery },
    extend: () => ask({ ask: 'extend', key, claim }),
    done: () => ask({ ask: 'done', key, claim }),
    give_back: (delay = 0) => ask({ ask: 'give_back', key, claim, delay }),
  });
  return {
    store: {
      get(key) {
        check_entry(key);
        return ask({ ask: 'get', key });
      },
      put(key, value, version) {
        check_entry(key, value);
        return ask({ ask: 'put', key, value, ...(version === undefined ? {} : { version }) });
      },
      remove: (key) => ask({ ask: 'remove', key }),
      keys: (prefix) => ask({ ask: 'keys', prefix }),
      async watch(prefix, listener) {
        last_watch += 1;
        const watch = last_watch;
        watches.set(watch, { prefix, listener });
        await ask({ ask: 'watch', watch, prefix });
        return () => {
          watches.delete(watch);
          void ask({ ask: 'unwatch', watch }).catch(() => {});
        };
      },
    },
    jobs: {
      hold,
      submit(key, body) {
        check_entry(key, body);
        return ask({ ask: 'submit', key, body });
      },
      async claim(patience) {
        const claimed = await ask<Claimed | undefined>({ ask: 'claim', patience, hold });
        return claimed && claim_of(claimed);
      },
    },
    mail: {
      async open(name, handler) {
        check_entry(name);
        boxes.set(name, handler);
        await ask({ ask: 'open', name });
        return () => {
          boxes.delete(name);
          void ask({ ask: 'shut', name }).catch(() => {});
        };
      },
      send(name, message) {
        check_entry(name, message);
        return ask({ ask: 'send', name, message });
      },
      request(name, message, deadline) {
        check_entry(name, message);
        return ask({ ask: 'request', name, message, deadline });
      },
    },
    async close() {
      closed = true;
      const socket = await open?.catch(() => undefined);
      socket?.end();
      socket?.destroySoon();
    },
  };
}

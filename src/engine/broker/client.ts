/** What a rank asks the broker, over whatever line carries it. */

import { type Claim, check_entry, type Engine, type Entry } from '../types.ts';
import type { Question, Request, Word } from './words.ts';

/** A way to the broker, while it stands. */
export interface Line {
  send(request: Request): void;
}

export interface Client {
  readonly engine: Omit<Engine, 'close'>;
  /** Asks on this line. */
  tell(line: Line, question: Question): Promise<unknown>;
  /** What came over the line. */
  hear(line: Line, word: Word): void;
  /** What this end had open, it opens again on a new line. */
  reopen(line: Line): void;
  /** The line is gone, and no answer comes to what was asked. */
  break(error: Error): void;
  /** It waits for words of the broker, so its line must be there. */
  readonly listens: boolean;
}

export interface ClientOptions {
  /** The line, made anew where it broke. Rejects with Unreachable while there is none. */
  line: () => Promise<Line>;
  /** Milliseconds for which a claim holds without news. */
  hold?: number;
}

export const default_hold = 30_000;

type Claimed = { key: string; body: Uint8Array; delivery: number; claim: number };
type Listener = (key: string, entry: Entry | undefined) => void;
type Handler = (message: Uint8Array) => Uint8Array | undefined;

export function create_client({ line, hold = default_hold }: ClientOptions): Client {
  const asked = new Map<number, { resolve(answer: unknown): void; reject(error: Error): void }>();
  const watches = new Map<number, { prefix: string; listener: Listener }>();
  const boxes = new Map<string, Handler>();
  let [last_id, last_watch] = [0, 0];
  const tell = (to: Line, question: Question) =>
    new Promise<unknown>((resolve, reject) => {
      last_id += 1;
      asked.set(last_id, { resolve, reject });
      to.send({ id: last_id, ...question });
    });
  const ask = async <T>(question: Question): Promise<T> => (await tell(await line(), question)) as T;
  const claim_of = ({ key, body, delivery, claim }: Claimed): Claim => ({
    ...{ key, body, delivery },
    extend: () => ask({ ask: 'extend', key, claim }),
    done: () => ask({ ask: 'done', key, claim }),
    give_back: (delay = 0) => ask({ ask: 'give_back', key, claim, delay }),
  });
  return {
    tell,
    hear(from, word) {
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
        from.send({ id: last_id, ask: 'reply', letter: word.letter, message: answer });
      }
    },
    reopen(on) {
      for (const [watch, { prefix }] of watches) void tell(on, { ask: 'watch', watch, prefix }).catch(() => {});
      for (const name of boxes.keys()) void tell(on, { ask: 'open', name }).catch(() => {});
    },
    break(error) {
      for (const { reject } of asked.values()) reject(error);
      asked.clear();
    },
    get listens() {
      return watches.size + boxes.size > 0;
    },
    engine: {
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
    },
  };
}

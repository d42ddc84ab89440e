/** The broker: answers what clients ask of the book and carries their mail. Where its records are kept, and how its words travel, is for those who make it. */

import type { Book, Job, LogRecord } from './book.ts';
import { create_post } from './post.ts';
import type { Connection, Question, Request } from './words.ts';

export interface Broker {
  /** A client that begins to ask. Its requests come by `hear`; `forget` when it is gone. */
  welcome(connection: Connection): { hear(request: Request): void; forget(): void };
  close(): void;
}

/** @param write keeps a record, and applies it to the book */
export function create_broker(book: Book, write: (record: LogRecord) => void): Broker {
  if (book.born === undefined) write({ born: crypto.randomUUID() });
  const watches = new Map<Connection, Map<number, string>>();
  const post = create_post();
  const waiting = new Set<() => boolean>();
  let alarm: ReturnType<typeof setTimeout> | undefined;

  const change = (key: string, value: Uint8Array | undefined): number => {
    const version = book.version + 1;
    write(value ? { put: key, value, version } : { removed: key, version });
    for (const [connection, of] of watches) {
      for (const [watch, prefix] of of) {
        if (is_under(prefix, key)) connection.send({ watch, key, version, ...(value ? { value } : {}) });
      }
    }
    return version;
  };

  /** Gives jobs to those who wait, and looks again when the next is free. */
  const serve_waiting = () => {
    for (const serve of waiting) if (serve()) waiting.delete(serve);
    clearTimeout(alarm);
    const at = waiting.size > 0 ? book.next_free() : undefined;
    if (at !== undefined) alarm = setTimeout(serve_waiting, Math.max(1, at - performance.now()));
  };
  const claim = (hold: number) => {
    const job = book.next_job(performance.now());
    if (!job) return undefined;
    const record = { claimed: job.key, claim: book.claims + 1, hold, delivery: job.delivery + 1 };
    write(record);
    return { key: job.key, body: job.body, delivery: record.delivery, claim: record.claim };
  };
  /** The job, if this claim has it still. */
  const held = (key: string, claim: number): Job | undefined => {
    const job = book.open_job(key);
    return job?.claim === claim ? job : undefined;
  };

  const answer_claim = (
    connection: Connection,
    id: number,
    { hold, patience }: { hold: number; patience: number },
  ): void => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const finish = (answer: unknown) => {
      clearTimeout(timer);
      connection.send({ id, answer });
      return true;
    };
    const serve = () => {
      if (!connection.is_open) return true;
      const got = claim(hold);
      return got ? finish(got) : false;
    };
    if (serve()) return;
    timer = setTimeout(() => {
      waiting.delete(serve);
      if (connection.is_open) finish(undefined);
    }, patience);
    waiting.add(serve);
    serve_waiting();
  };

  /** @returns what is sent back at once */
  const answer = (connection: Connection, question: Exclude<Question, { ask: 'claim' | 'request' }>): unknown => {
    switch (question.ask) {
      case 'born':
        return book.born;
      case 'get':
        return book.values.get(question.key);
      case 'put': {
        const { key, value, version } = question;
        const now = book.values.get(key)?.version ?? 0;
        return version === undefined || version === now ? change(key, value) : undefined;
      }
      case 'remove':
        if (book.values.has(question.key)) change(question.key, undefined);
        return undefined;
      case 'keys':
        return [...book.values.keys()].filter((key) => is_under(question.prefix, key));
      case 'watch': {
        const { watch, prefix } = question;
        watches.get(connection)?.set(watch, prefix);
        for (const [key, { value, version }] of book.values) {
          if (is_under(prefix, key)) connection.send({ watch, key, value, version });
        }
        return undefined;
      }
      case 'unwatch':
        return void watches.get(connection)?.delete(question.watch);
      case 'submit':
        if (book.has_job(question.key)) return false;
        write({ job: question.key, body: question.body, number: book.jobs + 1 });
        serve_waiting();
        return true;
      case 'extend': {
        const job = held(question.key, question.claim);
        if (job) job.free_at = performance.now() + job.hold;
        return undefined;
      }
      case 'done':
        if (book.open_job(question.key)) write({ done: question.key });
        return undefined;
      case 'give_back': {
        const { key, claim, delay } = question;
        const job = held(key, claim);
        if (!job) return undefined;
        write({ given_back: key, claim });
        job.free_at = performance.now() + delay;
        serve_waiting();
        return undefined;
      }
      default:
        return post.answer(connection, question);
    }
  };

  return {
    welcome(connection) {
      watches.set(connection, new Map());
      return {
        hear({ id, ...question }) {
          if (question.ask === 'claim') return answer_claim(connection, id, question);
          if (question.ask === 'request') return post.request(connection, id, question);
          try {
            connection.send({ id, answer: answer(connection, question) });
          } catch (error) {
            connection.send({ id, error: (error as Error).message });
          }
        },
        forget() {
          watches.delete(connection);
          post.forget(connection);
        },
      };
    },
    close: () => clearTimeout(alarm),
  };
}

const is_under = (prefix: string, key: string) => key.startsWith(`${prefix}.`);

/** The embedded engine's broker: keeps the book, writes its log, and serves the ranks of this machine over a socket in a folder that only this user can open. */

import { chmodSync, mkdirSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { create_book, type Job, type LogRecord } from './book.ts';
import { open_log } from './log.ts';
import { create_post } from './post.ts';
import { is_served, listen, socket_of } from './socket.ts';
import { type Question, type Request, receive_messages, send_message } from './wire.ts';

export interface Broker {
  close(): Promise<void>;
}

/** The log is written anew when it is so many bytes, and several times what is in use. */
const least_rewritten = 64 * 2 ** 20;

/** Throws where another one serves the folder. @param folder of the log; made where it is missing */
export async function start_broker(folder: string): Promise<Broker> {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o700);
  const path = socket_of(folder);
  if (await is_served(path)) throw new Error(`another process serves ${folder} already`);
  const book = create_book();
  const log = open_log<LogRecord>(join(folder, 'log'), (record) => book.apply(record, performance.now()));
  const write = (record: LogRecord) => {
    log.append(record);
    book.apply(record, performance.now());
    if (log.size > least_rewritten && log.size > 4 * book.live_bytes) log.rewrite(book.records());
  };
  if (book.born === undefined) write({ born: crypto.randomUUID() });
  const watches = new Map<Socket, Map<number, string>>();
  const post = create_post();
  const waiting = new Set<() => boolean>();
  let alarm: NodeJS.Timeout | undefined;

  const change = (key: string, value: Uint8Array | undefined): number => {
    const version = book.version + 1;
    write(value ? { put: key, value, version } : { removed: key, version });
    for (const [socket, of] of watches) {
      for (const [watch, prefix] of of) {
        if (is_under(prefix, key)) send_message(socket, { watch, key, version, ...(value ? { value } : {}) });
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

  const answer_claim = (socket: Socket, id: number, { hold, patience }: { hold: number; patience: number }) => {
    let timer: NodeJS.Timeout | undefined;
    const finish = (answer: unknown) => {
      clearTimeout(timer);
      send_message(socket, { id, answer });
      return true;
    };
    const serve = () => {
      if (socket.destroyed) return true;
      const got = claim(hold);
      return got ? finish(got) : false;
    };
    if (serve()) return;
    timer = setTimeout(() => {
      waiting.delete(serve);
      if (!socket.destroyed) finish(undefined);
    }, patience);
    waiting.add(serve);
    serve_waiting();
  };

  /** @returns what is sent back at once */
  const answer = (socket: Socket, question: Exclude<Question, { ask: 'claim' | 'request' }>): unknown => {
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
        watches.get(socket)?.set(watch, prefix);
        for (const [key, { value, version }] of book.values) {
          if (is_under(prefix, key)) send_message(socket, { watch, key, value, version });
        }
        return undefined;
      }
      case 'unwatch':
        return void watches.get(socket)?.delete(question.watch);
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
        return post.answer(socket, question);
    }
  };

  const server = createServer((socket) => {
    watches.set(socket, new Map());
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      watches.delete(socket);
      post.forget(socket);
    });
    receive_messages<Request>(socket, ({ id, ...question }) => {
      if (question.ask === 'claim') return answer_claim(socket, id, question);
      if (question.ask === 'request') return post.request(socket, id, question);
      try {
        send_message(socket, { id, answer: answer(socket, question) });
      } catch (error) {
        send_message(socket, { id, error: (error as Error).message });
      }
    });
  });
  await listen(server, path);
  return {
    async close() {
      clearTimeout(alarm);
      for (const socket of watches.keys()) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      log.close();
    },
  };
}

const is_under = (prefix: string, key: string) => key.startsWith(`${prefix}.`);

/** Letters between those who are connected now. Nothing of it is kept. */

import type { Socket } from 'node:net';
import { type Question, send_message } from './wire.ts';

type Asked<K extends Question['ask']> = Extract<Question, { ask: K }>;

export interface Post {
  answer(socket: Socket, question: Asked<'open' | 'shut' | 'send' | 'reply'>): unknown;
  request(socket: Socket, id: number, question: Asked<'request'>): void;
  /** This one is gone. */
  forget(socket: Socket): void;
}

export function create_post(): Post {
  const boxes = new Map<string, Set<Socket>>();
  /** Letters that wait for an answer. */
  const letters = new Map<number, (message: Uint8Array | undefined) => void>();
  let last_letter = 0;
  const box = (name: string) => boxes.get(name) ?? boxes.set(name, new Set()).get(name) ?? new Set();
  return {
    answer(socket, question) {
      switch (question.ask) {
        case 'open':
          box(question.name).add(socket);
          return undefined;
        case 'shut':
          box(question.name).delete(socket);
          return undefined;
        case 'send': {
          const { name, message } = question;
          for (const reader of box(name)) send_message(reader, { name, message });
          return undefined;
        }
        case 'reply':
          letters.get(question.letter)?.(question.message);
          return undefined;
      }
    },
    request(socket, id, { name, message, deadline }) {
      last_letter += 1;
      const letter = last_letter;
      const finish = (answer: Uint8Array | undefined) => {
        clearTimeout(timer);
        letters.delete(letter);
        if (!socket.destroyed) send_message(socket, { id, answer });
      };
      const timer = setTimeout(() => finish(undefined), deadline);
      letters.set(letter, finish);
      for (const reader of box(name)) send_message(reader, { name, message, letter });
    },
    forget(socket) {
      for (const readers of boxes.values()) readers.delete(socket);
    },
  };
}

/** Letters between those who are connected now. Nothing of it is kept. */

import type { Connection, Question } from './words.ts';

type Asked<K extends Question['ask']> = Extract<Question, { ask: K }>;

export interface Post {
  answer(connection: Connection, question: Asked<'open' | 'shut' | 'send' | 'reply'>): unknown;
  request(connection: Connection, id: number, question: Asked<'request'>): void;
  /** This one is gone. */
  forget(connection: Connection): void;
}

export function create_post(): Post {
  const boxes = new Map<string, Set<Connection>>();
  /** Letters that wait for an answer. */
  const letters = new Map<number, (message: Uint8Array | undefined) => void>();
  let last_letter = 0;
  const box = (name: string) => boxes.get(name) ?? boxes.set(name, new Set()).get(name) ?? new Set();
  return {
    answer(connection, question) {
      switch (question.ask) {
        case 'open':
          box(question.name).add(connection);
          return undefined;
        case 'shut':
          box(question.name).delete(connection);
          return undefined;
        case 'send': {
          const { name, message } = question;
          for (const reader of box(name)) reader.send({ name, message });
          return undefined;
        }
        case 'reply':
          letters.get(question.letter)?.(question.message);
          return undefined;
      }
    },
    request(connection, id, { name, message, deadline }) {
      last_letter += 1;
      const letter = last_letter;
      const finish = (answer: Uint8Array | undefined) => {
        clearTimeout(timer);
        letters.delete(letter);
        if (connection.is_open) connection.send({ id, answer });
      };
      const timer = setTimeout(() => finish(undefined), deadline);
      letters.set(letter, finish);
      for (const reader of box(name)) reader.send({ name, message, letter });
    },
    forget(connection) {
      for (const readers of boxes.values()) readers.delete(connection);
    },
  };
}

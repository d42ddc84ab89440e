/** What clients ask the broker, and what it says: plain objects, which a socket or a message port carries. */

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

/** One client, as the broker sees it. */
export interface Connection {
  send(word: Word): void;
  readonly is_open: boolean;
}

/**
 * What ranks share, whatever carries it: a store with versions, a queue of jobs, mail. Keys and names are words of letters, digits, "_" and "-", joined by dots; a prefix is whole words.
 *
 * Three engines keep these promises, by one suite of tests (test/engine): `embedded`, a process that listens on a socket of this machine and writes a log, NATS JetStream, and `ports`, between the threads of one program.
 */

export interface Entry {
  value: Uint8Array;
  /** Grows with every change of the store. */
  version: number;
}

/** Survives the death of any process, the one that holds it included. */
export interface Store {
  get(key: string): Promise<Entry | undefined>;
  /**
   * @param version that the key must have, 0: it must not be there; absent: whatever it has
   * @returns the new version, or undefined where the key has another one
   */
  put(key: string, value: Uint8Array, version?: number): Promise<number | undefined>;
  remove(key: string): Promise<void>;
  /** Those below the prefix, in no order. */
  keys(prefix: string): Promise<string[]>;
  /** What is below the prefix now, then every change; of several quick ones perhaps only the last. Returns what ends it. */
  watch(prefix: string, listener: (key: string, entry: Entry | undefined) => void): Promise<() => void>;
}

/** A job that one worker has for a while; who neither extends nor ends it in time loses it to another. */
export interface Claim {
  readonly key: string;
  readonly body: Uint8Array;
  /** 1 the first time. */
  readonly delivery: number;
  extend(): Promise<void>;
  /** It is done, and no one gets it again. Its results must be stored before. */
  done(): Promise<void>;
  /** Another may have it, after so many milliseconds. */
  give_back(delay?: number): Promise<void>;
}

/** At least once: a job ends in `done` or is claimed again. So what jobs do must be the same every time, and what they store must have the same keys. */
export interface Jobs {
  /** Milliseconds for which a claim holds without news. */
  readonly hold: number;
  /** @returns false where a job of this key was submitted before, done or not */
  submit(key: string, body: Uint8Array): Promise<boolean>;
  /** The next job, waiting for one as long as `patience` milliseconds. */
  claim(patience: number): Promise<Claim | undefined>;
}

/** At most once, to who is there now: news, never state. */
export interface Mail {
  open(name: string, handler: (message: Uint8Array) => Uint8Array | undefined): Promise<() => void>;
  send(name: string, message: Uint8Array): Promise<void>;
  /** The answer, or undefined where none came within `deadline` milliseconds. */
  request(name: string, message: Uint8Array, deadline: number): Promise<Uint8Array | undefined>;
}

export interface Engine {
  readonly store: Store;
  readonly jobs: Jobs;
  readonly mail: Mail;
  close(): Promise<void>;
}

/** The broker does not answer, for now. Whether it did what was asked is not known. */
export class Unreachable extends Error {}

/** The broker is there, and what it held is not. */
export class BrokerLost extends Error {}

export const lost_text =
  'The broker is back, but what it held is gone: its disk was wiped, or another one was started in its place.\nThe run cannot go on from there. Start it anew.';

/** The largest value of a store and body of a job or message, in bytes: below the payload of NATS by default, 1 MiB, with its headers. Larger ones go by blobs.ts. */
export const most_bytes = 1_000_000;

const word = /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/;

/** Throws for what is no key, and for a value that is too large. */
export function check_entry(key: string, value?: Uint8Array): void {
  if (!word.test(key)) throw new Error(`"${key}" is no key: words of letters, digits, "_" and "-", joined by dots`);
  if (value && value.length > most_bytes)
    throw new Error(`${value.length} bytes under ${key} are more than a message holds, ${most_bytes}`);
}

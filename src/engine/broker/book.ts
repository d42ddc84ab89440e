/** What a broker knows: the store and the jobs. Every change is a record, and reading the records again gives the same state. */

export type LogRecord =
  | { born: string }
  | { put: string; value: Uint8Array; version: number }
  | { removed: string; version: number }
  | { job: string; body: Uint8Array; number: number }
  | { claimed: string; claim: number; hold: number; delivery: number }
  | { given_back: string; claim: number }
  | { done: string };

export interface Job {
  key: string;
  body: Uint8Array;
  /** Order of submission. */
  number: number;
  delivery: number;
  /** Of the one who has it. */
  claim: number;
  /** Milliseconds for which a claim holds without news. */
  hold: number;
  /** When it can be claimed, by the broker's clock; a log does not know this clock, so after a restart every claim holds anew. */
  free_at: number;
}

interface Value {
  value: Uint8Array;
  version: number;
}

export interface Book {
  /** By which a client knows that it is the one it was connected to. */
  readonly born: string | undefined;
  readonly values: Map<string, Value>;
  readonly version: number;
  apply(record: LogRecord, now: number): void;
  /** Submitted before, done or not. */
  has_job(key: string): boolean;
  open_job(key: string): Job | undefined;
  /** The first that nobody has. */
  next_job(now: number): Job | undefined;
  /** When the first of those that are held becomes free. */
  next_free(): number | undefined;
  readonly jobs: number;
  readonly claims: number;
  /** Records that give this state. */
  records(): Iterable<LogRecord>;
  /** About as many bytes as they take. */
  readonly live_bytes: number;
}

export function create_book(): Book {
  const values = new Map<string, Value>();
  const open = new Map<string, Job>();
  const done = new Set<string>();
  let [version, jobs, claims, live_bytes] = [0, 0, 0, 0];
  let born: string | undefined;
  const grow = (key: string, value: Uint8Array | undefined, sign: number) => {
    if (value) live_bytes += sign * (value.length + key.length + 100);
  };
  const free = (job: Job | undefined, claim: number) => {
    if (job?.claim === claim) job.free_at = 0;
  };
  const apply = (record: LogRecord, now: number): void => {
    if ('born' in record) {
      born = record.born;
    } else if ('put' in record) {
      grow(record.put, values.get(record.put)?.value, -1);
      grow(record.put, record.value, 1);
      values.set(record.put, { value: record.value, version: record.version });
      version = Math.max(version, record.version);
    } else if ('removed' in record) {
      grow(record.removed, values.get(record.removed)?.value, -1);
      values.delete(record.removed);
      version = Math.max(version, record.version);
    } else if ('job' in record) {
      const { job: key, body, number } = record;
      open.set(key, { key, body, number, delivery: 0, claim: 0, hold: 0, free_at: 0 });
      jobs = Math.max(jobs, number);
    } else if ('claimed' in record) {
      const { claimed, claim, hold, delivery } = record;
      const job = open.get(claimed);
      if (job) Object.assign(job, { claim, hold, delivery, free_at: now + hold });
      claims = Math.max(claims, claim);
    } else if ('given_back' in record) {
      free(open.get(record.given_back), record.claim);
    } else {
      open.delete(record.done);
      done.add(record.done);
    }
  };
  return {
    get born() {
      return born;
    },
    values,
    get version() {
      return version;
    },
    get jobs() {
      return jobs;
    },
    get claims() {
      return claims;
    },
    get live_bytes() {
      return live_bytes;
    },
    apply,
    has_job: (key) => open.has(key) || done.has(key),
    open_job: (key) => open.get(key),
    next_job(now) {
      // In order of submission, which is the map's.
      for (const job of open.values()) if (job.free_at <= now) return job;
      return undefined;
    },
    next_free() {
      const times = [...open.values()].map(({ free_at }) => free_at);
      return times.length > 0 ? times.reduce((a, b) => Math.min(a, b)) : undefined;
    },
    *records() {
      if (born) yield { born };
      for (const [key, { value, version }] of values) yield { put: key, value, version };
      for (const { key, body, number, claim, hold, delivery } of open.values()) {
        yield { job: key, body, number };
        if (claim > 0) yield { claimed: key, claim, hold, delivery };
      }
      for (const key of done) yield { done: key };
      // The counter must not go back, though what had the highest version may be gone.
      yield { removed: '', version };
    },
  };
}

/**
 * Who is rank r, for as long as it says so. A lease is a key of the store that its holder writes again and again. Clocks of machines are not compared: a lease has run out when one who watches it has seen no new version for its
 * whole length, by a clock of its own.
 *
 * The epoch counts the holders. A holder that was away too long learns it from its next write, which is refused; what counts of what it stores must be named by a value that is
 * written by version and has the epoch (src/population/board_store.ts), so that an old holder's writes count for nothing from the first of the new one's on.
 */

import { sleep } from './sleep.ts';
import { from_bytes, to_bytes } from './text.ts';
import type { Store } from './types.ts';

export interface Lease {
  readonly key: string;
  /** 1 for the first holder. */
  readonly epoch: number;
  /** Aborted when another has it, or when it was not renewed in time. */
  readonly lost: AbortSignal;
  /** Ends it, so that another need not wait; where the broker is away, it runs out by itself. */
  release(): Promise<void>;
}

interface Held {
  epoch: number;
  holder: string;
  length: number;
  beat: number;
  released?: true;
}

export interface LeaseOptions {
  /** How the holder is called: in messages, and to tell it from others, so it must be its own. */
  holder: string;
  /** Milliseconds without news after which another may take it. */
  length?: number;
}

export const default_lease = 10_000;

/** @returns undefined where another holds it; a lease without news is taken after its length. */
export async function take_lease(
  store: Store,
  key: string,
  { holder, length = default_lease }: LeaseOptions,
): Promise<Lease | undefined> {
  const entry = await store.get(key);
  const held = entry && from_bytes<Held>(entry.value);
  if (entry && held && !held.released && (await has_news(store, key, entry.version, held.length))) return undefined;
  const mine: Held = { epoch: (held?.epoch ?? 0) + 1, holder, length, beat: 0 };
  const version = await store.put(key, to_bytes(mine), entry?.version ?? 0);
  return version === undefined ? undefined : keep(store, key, mine, version);
}

/** Who holds it now, as far as the store says. */
export async function holder_of(store: Store, key: string): Promise<string | undefined> {
  const entry = await store.get(key);
  const held = entry && from_bytes<Held>(entry.value);
  return held && !held.released ? held.holder : undefined;
}

async function has_news(store: Store, key: string, version: number, length: number): Promise<boolean> {
  const looks = 10;
  for (let n = 0; n < looks; n++) {
    await sleep(length / looks);
    const entry = await store.get(key);
    if (entry?.version !== version) return true;
  }
  return false;
}

function keep(store: Store, key: string, first: Held, first_version: number): Lease {
  const lost = new AbortController();
  let [held, version] = [first, first_version];
  let renewed = performance.now();
  let busy: Promise<void> | undefined;
  let is_away = false;
  const write = async (next: Held) => {
    const started = performance.now();
    const now = await store.put(key, to_bytes(next), version);
    if (now === undefined) {
      const other = await holder_of(store, key);
      lost.abort(new Error(`${key} was taken by ${other ?? 'another'} while ${first.holder} did not renew it`));
      return;
    }
    [held, version, renewed] = [next, now, started];
  };
  const beat = async () => {
    try {
      await write({ ...held, beat: held.beat + 1 });
      is_away = false;
    } catch (error) {
      is_away = true;
      // A broker that is away extends nobody's lease: whether this one is lost shows when it is back.
      if (performance.now() - renewed > 10 * first.length) lost.abort(error);
    }
  };
  // One at a time: while the broker is away each waits long, and who releases would wait for all of them.
  const timer = setInterval(() => {
    busy ??= beat().finally(() => {
      busy = undefined;
    });
  }, first.length / 4);
  const stop = () => clearInterval(timer);
  lost.signal.addEventListener('abort', stop);
  return {
    key,
    epoch: first.epoch,
    lost: lost.signal,
    async release() {
      stop();
      await busy;
      if (!lost.signal.aborted && !is_away) await store.put(key, to_bytes({ ...held, released: true }), version);
    },
  };
}

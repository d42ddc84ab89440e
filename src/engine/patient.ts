/**
 * A store, jobs and mail that wait while the broker is away. What was asked is asked again; a write of which it is not known whether it was done is looked for first, which is why a value written by version must be its writer's own.
 */

import { sleep } from './sleep.ts';
import { BrokerLost, type Claim, type Engine, lost_text, type Store, Unreachable } from './types.ts';

export interface Patience {
  /** Milliseconds until it is given up. */
  patience?: number;
  /** Called once for every time that the broker is found away, and when it is back. */
  on_change?: (reachable: boolean) => void;
}

export const default_patience = 120_000;
/** Under which an engine stores, when it is made, what tells it from one made later. */
export const birth_key = 'born';

export async function patient(
  engine: Engine,
  { patience = default_patience, on_change }: Patience = {},
): Promise<Engine> {
  const { store, jobs, mail } = engine;
  let away = false;
  /** @param again whether it was asked before, perhaps with success */
  const insist = async <T>(ask: (again: boolean) => Promise<T>): Promise<T> => {
    // Since the first refusal, not since the question: a process that was stopped meanwhile finds its time gone when it wakes, and the broker there.
    let refused: number | undefined;
    for (let attempt = 0; ; attempt++) {
      try {
        const answer = await ask(attempt > 0);
        if (away) {
          await check_birth(store, born);
          away = false;
          on_change?.(true);
        }
        return answer;
      } catch (error) {
        if (!(error instanceof Unreachable)) throw error;
        if (!away) on_change?.(false);
        away = true;
        refused ??= performance.now();
        if (performance.now() - refused > patience)
          throw new Unreachable(`the broker has been away for ${Math.round(patience / 1000)} s: ${error.message}`);
        await sleep(Math.min(50 * 1.5 ** attempt, 1000));
      }
    }
  };
  const born = await insist(() => birth_of(store));
  const claimed = (claim: Claim): Claim => ({
    ...claim,
    extend: () => insist(() => claim.extend()),
    done: () => insist(() => claim.done()),
    give_back: (delay) => insist(() => claim.give_back(delay)),
  });
  return {
    store: {
      get: (key) => insist(() => store.get(key)),
      put: (key, value, version) =>
        insist(async (again) => {
          if (again && version !== undefined) {
            const there = await store.get(key);
            if (there && there.version > version && is_equal(there.value, value)) return there.version;
          }
          return store.put(key, value, version);
        }),
      remove: (key) => insist(() => store.remove(key)),
      keys: (prefix) => insist(() => store.keys(prefix)),
      watch: (prefix, listener) => insist(() => store.watch(prefix, listener)),
    },
    jobs: {
      hold: jobs.hold,
      submit: (key, body) => insist(() => jobs.submit(key, body)),
      async claim(time) {
        const claim = await insist(() => jobs.claim(time));
        return claim && claimed(claim);
      },
    },
    mail: {
      open: (name, handler) => insist(() => mail.open(name, handler)),
      send: (name, message) => insist(() => mail.send(name, message)),
      request: (name, message, deadline) => insist(() => mail.request(name, message, deadline)),
    },
    close: () => engine.close(),
  };
}

/** A broker that was begun anew, its disk wiped, must not be taken for the one that ran: what ranks would go on from is gone. */
async function birth_of(store: Store): Promise<string> {
  const mine = crypto.randomUUID();
  await store.put(birth_key, new TextEncoder().encode(mine), 0);
  const entry = await store.get(birth_key);
  return new TextDecoder().decode(entry?.value);
}

async function check_birth(store: Store, born: string): Promise<void> {
  const entry = await store.get(birth_key);
  if (new TextDecoder().decode(entry?.value) !== born) throw new BrokerLost(lost_text);
}

const is_equal = (a: Uint8Array, b: Uint8Array) => a.length === b.length && a.every((byte, i) => byte === b[i]);

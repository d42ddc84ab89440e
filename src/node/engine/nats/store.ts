/** The store in a key-value bucket of JetStream. */

import type { KV } from '@nats-io/kv';
import { check_entry, type Store } from '../../../engine/types.ts';
import type { Client } from './engine.ts';
import { is_no_message, is_refused_by_version } from './errors.ts';

export function nats_store({ call }: Client, kv: KV): Store {
  return {
    async get(key) {
      check_entry(key);
      const entry = await call(() => kv.get(key));
      return entry && entry.operation === 'PUT' ? { value: entry.value, version: entry.revision } : undefined;
    },
    async put(key, value, version) {
      check_entry(key, value);
      return call(async () => {
        try {
          if (version === undefined) return await kv.put(key, value);
          return version === 0 ? await kv.create(key, value) : await kv.update(key, value, version);
        } catch (error) {
          if (is_refused_by_version(error)) return undefined;
          throw error;
        }
      });
    },
    async remove(key) {
      check_entry(key);
      await call(async () => {
        try {
          await kv.purge(key);
        } catch (error) {
          if (!is_no_message(error)) throw error;
        }
      });
    },
    async keys(prefix) {
      check_entry(prefix);
      return call(async () => {
        const found: string[] = [];
        for await (const key of await kv.keys(`${prefix}.>`)) found.push(key);
        return found;
      });
    },
    async watch(prefix, listener) {
      check_entry(prefix);
      const entries = await call(() => kv.watch({ key: `${prefix}.>` }));
      const told = new Set<string>();
      void (async () => {
        for await (const { key, operation, value, revision } of entries) {
          // The bucket keeps marks of what was taken away before: news only of what was told to be there.
          const is_there = operation === 'PUT';
          if (!is_there && !told.delete(key)) continue;
          if (is_there) told.add(key);
          listener(key, is_there ? { value, version: revision } : undefined);
        }
      })();
      return () => entries.stop();
    },
  };
}

/**
 * The queue of jobs: a stream with limits retention, whose subjects are the jobs' keys, and one durable consumer for all workers.
 *
 * A server that is killed may forget the acknowledgements of its last moments (seen with 2.9.10), but not what it stored: a job that is done leaves a key, and who is given a job that has one takes the next.
 */

import { AckPolicy, DeliverPolicy, type JsMsg, RetentionPolicy } from '@nats-io/jetstream';
import type { KV } from '@nats-io/kv';
import { millis, nanos } from '@nats-io/transport-node';
import { type Claim, check_entry, type Jobs, Unreachable } from '../../../engine/types.ts';
import type { Client } from './engine.ts';
import { is_refused_by_version } from './errors.ts';

/** After which the stream forgets a job, done or not. */
const longest = 30 * 24 * 3600 * 1000;
const consumer = 'workers';

export async function nats_jobs(
  client: Client,
  { pool, hold, kv }: { pool: string; hold: number; kv: KV },
): Promise<Jobs> {
  const { manager, jetstream, call } = client;
  const stream = `langevin_${pool}_jobs`;
  const prefix = `langevin.${pool}.job.`;
  await manager.streams.add({
    ...{ name: stream, subjects: [`${prefix}>`], retention: RetentionPolicy.Limits, max_age: nanos(longest) },
    ...{ max_msgs_per_subject: -1, discard_new_per_subject: false },
  });
  // Who comes first says how long claims hold.
  const known = await manager.consumers.info(stream, consumer).catch(() => undefined);
  const { config } =
    known ??
    (await manager.consumers.add(stream, {
      ...{ durable_name: consumer, ack_policy: AckPolicy.Explicit, deliver_policy: DeliverPolicy.All },
      ...{ ack_wait: nanos(hold), max_deliver: -1 },
    }));
  const workers = await jetstream.consumers.get(stream, consumer);
  const acknowledge = async (message: JsMsg) => {
    if (!(await message.ackAck())) throw new Unreachable('the acknowledgement of a job was not confirmed');
  };
  const claim_of = (key: string, message: JsMsg): Claim => ({
    ...{ key, body: message.data, delivery: message.info.deliveryCount },
    extend: async () => message.working(),
    done: () =>
      call(async () => {
        await kv.put(done_key(key), '');
        await acknowledge(message);
      }),
    give_back: async (delay = 0) => message.nak(delay),
  });
  return {
    hold: millis(config.ack_wait ?? nanos(hold)),
    async submit(key, body) {
      check_entry(key, body);
      return call(async () => {
        try {
          await jetstream.publish(prefix + key, body, { expect: { lastSubjectSequence: 0 } });
          return true;
        } catch (error) {
          if (is_refused_by_version(error)) return false;
          throw error;
        }
      });
    },
    async claim(patience) {
      const end = performance.now() + patience;
      for (;;) {
        // The client takes no shorter time than a second, and halves it, which must be whole.
        const expires = Math.max(1000, 2 * Math.ceil((end - performance.now()) / 2));
        const message = await call(() => workers.next({ expires }));
        if (!message) return undefined;
        const key = message.subject.slice(prefix.length);
        if (!(await call(() => kv.get(done_key(key))))) return claim_of(key, message);
        await call(() => acknowledge(message));
      }
    },
  };
}

const done_key = (key: string) => `done.${key}`;

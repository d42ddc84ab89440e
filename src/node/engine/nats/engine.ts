/**
 * The engine over NATS, for ranks on many machines: JetStream for jobs, its key-value buckets for the store, plain messages for mail. Needs a server of 2.9 or later with JetStream; what later ones can do is not used.
 *
 * Jobs are a stream that keeps its messages, with one durable consumer that all workers share. A work queue, which removes what is acknowledged, gives jobs out again that were done when its server is killed (seen with 2.9.10).
 */

import { type JetStreamClient, type JetStreamManager, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { check_entry, type Engine, type Mail } from '../../../engine/types.ts';
import { type Access, connection_settings, shown_url } from './access.ts';
import { connection_error, is_unheard, translated } from './errors.ts';
import { nats_jobs } from './jobs.ts';
import { nats_store } from './store.ts';

export interface NatsOptions extends Access {
  /** Those who work together: letters, digits, "_" and "-". */
  pool?: string;
  /** Milliseconds for which a claim holds without news. */
  hold?: number;
}

/** What the parts stand on. */
export interface Client {
  connection: NatsConnection;
  jetstream: JetStreamClient;
  manager: JetStreamManager;
  /** Runs a call of the client's; what it throws is translated. */
  call<T>(run: () => Promise<T>): Promise<T>;
}

/** Throws UserError where there is no connection, with what to do about it. */
export async function connect_nats(options: NatsOptions): Promise<Engine> {
  const { pool = 'langevin', hold = 30_000 } = options;
  const url = shown_url(options.url);
  const settings = connection_settings(options);
  let connection: NatsConnection | undefined;
  try {
    connection = await connect({
      ...settings,
      name: 'langevin',
      maxReconnectAttempts: -1,
      reconnectTimeWait: 200,
      timeout: 5000,
    });
    const manager = await jetstreamManager(connection);
    const bucket = `langevin_${pool}`;
    const client: Client = {
      ...{ connection, manager, jetstream: jetstream(connection) },
      call: (run) => call(manager, `KV_${bucket}`, run),
    };
    const kv = await new Kvm(client.jetstream).create(bucket, { history: 1, allow_direct: false });
    const jobs = await nats_jobs(client, { pool, hold, kv });
    return {
      store: nats_store(client, kv),
      jobs,
      mail: nats_mail(client, pool),
      async close() {
        await client.connection.close();
      },
    };
  } catch (error) {
    await connection?.close();
    throw connection_error(error, url);
  }
}

/** @param stream without which nothing can go on */
async function call<T>(manager: JetStreamManager, stream: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (is_unheard(error)) {
      await manager.streams.info(stream).catch((e) => {
        throw translated(e);
      });
    }
    throw translated(error);
  }
}

function nats_mail({ connection, call }: Client, pool: string): Mail {
  const subject = (name: string) => `langevin.${pool}.mail.${name}`;
  return {
    async open(name, handler) {
      check_entry(name);
      const subscription = connection.subscribe(subject(name), {
        callback: (error, message) => {
          if (error) return;
          const answer = handler(message.data);
          if (answer && message.reply) message.respond(answer);
        },
      });
      await call(() => connection.flush());
      return () => subscription.unsubscribe();
    },
    async send(name, message) {
      check_entry(name, message);
      connection.publish(subject(name), message);
      await call(() => connection.flush());
    },
    async request(name, message, deadline) {
      check_entry(name, message);
      try {
        return (await connection.request(subject(name), message, { timeout: Math.max(1, deadline) })).data;
      } catch {
        // Nobody there, nobody in time, or no broker: mail promises no more.
        return undefined;
      }
    },
  };
}

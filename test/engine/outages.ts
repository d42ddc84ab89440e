// What holds when the broker is ended or killed and comes back, asked of both engines. Workers and writers go on meanwhile; nothing that was confirmed may be gone, and nothing may be done twice.

import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { patient } from '../../src/engine/patient.ts';
import { sleep } from '../../src/engine/sleep.ts';
import { BrokerLost, type Claim, type Engine, Unreachable } from '../../src/engine/types.ts';
import { eventually } from './conformance.ts';

export interface Server {
  /** Of what it keeps. */
  readonly folder: string;
  kill(signal: NodeJS.Signals): Promise<void>;
  start(): Promise<void>;
  end(): Promise<void>;
}

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (value: Uint8Array | undefined) => value && new TextDecoder().decode(value);

const outages: [NodeJS.Signals, number][] = [
  ['SIGTERM', 200],
  ['SIGTERM', 10_000],
  ['SIGKILL', 200],
  ['SIGKILL', 10_000],
];

export function survives<S extends Server>(serve: () => Promise<S>, connect: (server: S) => Promise<Engine>): void {
  let server: S;
  const engines: Engine[] = [];
  /** A client that waits, as ranks do. */
  const client = async (options = {}) => {
    const engine = await patient(await connect(server), options);
    engines.push(engine);
    return engine;
  };
  beforeEach(async () => {
    server = await serve();
  });
  afterEach(async () => {
    for (const engine of engines.splice(0)) await engine.close();
    await server.end();
  });

  it.each(outages)(
    '%s, and back after %i ms: every write counts once, jobs that were done stay done, and the others are done',
    async (signal, pause) => {
      const writer = await client();
      const worker = await client();
      const jobs = Array.from({ length: 12 }, (_, n) => `job.${n}`);
      for (const job of jobs) await writer.jobs.submit(job, bytes(job));
      const done: string[] = [];
      const work = (async () => {
        while (done.length < jobs.length) {
          const claim = (await worker.jobs.claim(1000)) as Claim | undefined;
          if (!claim) continue;
          await worker.store.put(`result.${claim.key}`, bytes(claim.key));
          await claim.done();
          done.push(claim.key);
          await sleep(50);
        }
      })();
      // A counter raised by version: with an ambiguous write counted twice or lost, it would not be what was counted.
      let raised = 0;
      let ends = false;
      const count = (async () => {
        for (let version = 0; !ends; raised++) {
          const next = await writer.store.put('counter', bytes(`${raised + 1}`), version);
          expect(next).toBeGreaterThan(version);
          version = next as number;
          await sleep(10);
        }
      })();
      await eventually(() => done.length >= 4);
      await server.kill(signal);
      await sleep(pause);
      await server.start();
      await work;
      ends = true;
      await count;
      expect(done.toSorted()).toEqual(jobs.toSorted());
      const other = await client();
      expect(text((await other.store.get('counter'))?.value)).toBe(`${raised}`);
      for (const job of jobs) expect(text((await other.store.get(`result.${job}`))?.value)).toBe(job);
      expect(await other.jobs.claim(1000)).toBeUndefined();
    },
  );

  it('a watch and a mailbox go on when the broker is back', async () => {
    const [a, b] = [await client(), await client()];
    const seen: string[] = [];
    await b.store.watch('w', (key, entry) => seen.push(`${key}=${text(entry?.value)}`));
    await b.mail.open('b', (message) => message);
    await a.store.put('w.1', bytes('x'));
    await eventually(() => seen.includes('w.1=x'));
    await server.kill('SIGKILL');
    await server.start();
    await a.store.put('w.2', bytes('y'));
    await eventually(() => seen.includes('w.2=y'), 20_000);
    await eventually(async () => text(await a.mail.request('b', bytes('here?'), 500)) === 'here?', 20_000);
  });

  it('a broker that comes back without what it held ends the run with one clear error', async () => {
    const a = await client();
    await a.store.put('x', bytes('1'));
    await server.kill('SIGKILL');
    for (const name of readdirSync(server.folder)) rmSync(join(server.folder, name), { recursive: true, force: true });
    await server.start();
    const error = await a.store.put('x', bytes('2')).then(
      () => undefined,
      (thrown) => thrown,
    );
    expect(error).toBeInstanceOf(BrokerLost);
    expect(error.message).toContain('Start it anew');
  });

  it('a broker that does not come back is given up after its time', async () => {
    const changes: boolean[] = [];
    const a = await client({ patience: 1500, on_change: (reachable: boolean) => changes.push(reachable) });
    await server.kill('SIGKILL');
    await expect(a.store.get('x')).rejects.toThrow(Unreachable);
    expect(changes).toEqual([false]);
  });
}

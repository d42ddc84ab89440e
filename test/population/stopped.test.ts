// Acceptance: a rank is stopped for 30 s, ten of its leases, while a late joiner takes its seat and the run comes to its end. Nothing is lost, no temperature is doubled or lost, and what the ranks leave is the same before and after the
// stopped one has woken: it leaves, and what it did counts for nothing. Under `none` the draws are those of a run without a stop, bit for bit, and the run is forgotten before it wakes; under `replica` it is there still. Both, on both
// engines, at once: most of the time is sleep. The last is for who wakes while the others work.

import type { ChildProcess } from 'node:child_process';
import { expect, it } from 'vitest';
import { patient } from '../../src/engine/patient.ts';
import { sleep } from '../../src/engine/sleep.ts';
import type { Engine } from '../../src/engine/types.ts';
import { connect_embedded } from '../../src/node/engine/embedded/client.ts';
import { connect_nats } from '../../src/node/engine/nats/engine.ts';
import { forget_run } from '../../src/population/run.ts';
import type { PopulationSpec } from '../../src/population/spec.ts';
import { start_broker_process } from '../engine/broker_server.ts';
import { start_nats, without_nats } from '../engine/nats_server.ts';
import { check_pair } from './check_pair.ts';
import { check_ladder, type PopulationServer, type Processes, processes_of, quiet } from './processes.ts';

const stop = 30_000;
/** Seconds: one that four runs on two cores do not lose while they compute. */
const lease = 3;

async function embedded(): Promise<PopulationServer> {
  const server = await start_broker_process();
  const { folder } = server;
  return { ...server, join: ['--folder', folder], connect: async () => connect_embedded({ folder }) };
}

async function nats(): Promise<PopulationServer> {
  const server = await start_nats();
  const { url } = server;
  return { ...server, join: ['--nats', url], connect: () => connect_nats({ url, hold: 3000 }) };
}

async function on(
  serve: () => Promise<PopulationServer>,
  work: (engine: Engine, processes: Processes) => Promise<void>,
) {
  const server = await serve();
  const engine = await patient(await server.connect());
  const processes = processes_of(server, engine, lease);
  try {
    await work(engine, processes);
  } finally {
    processes.kill();
    await engine.close();
    await server.end();
  }
}

/** Stops rank 2 in the middle of it, and waits until another has its seat. @returns what wakes it, at the earliest after `pause` */
async function stop_one(processes: Processes, spec: PopulationSpec, pause: number): Promise<() => Promise<void>> {
  const stopped = (await processes.begin(spec))[2] as ChildProcess;
  await processes.in_middle(spec, 2, stopped);
  stopped.kill('SIGSTOP');
  const awake = sleep(pause);
  processes.join();
  while (((await processes.board_of(spec)).seats[2]?.epoch ?? 0) < 2) await sleep(50);
  return async () => {
    await awake;
    stopped.kill('SIGCONT');
  };
}

const undisturbed = (() => {
  let found: Promise<Map<string, Float64Array[]>> | undefined;
  /** By the embedded engine: what a rank does under `none` is the same on both. */
  return () => {
    found ??= new Promise((resolve, reject) => {
      on(embedded, async (_, processes) => {
        await processes.begin(quiet);
        await processes.done(quiet);
        resolve((await processes.gather(quiet)).parameters);
      }).catch(reject);
    });
    return found;
  };
})();

const engines = [
  ['the embedded engine', embedded, false],
  ['NATS', nats, without_nats],
] as const;

for (const [name, serve, is_missing] of engines) {
  const test = is_missing ? it.skip : it.concurrent;
  test(`over ${name}, exchange none; the run is forgotten when the rank wakes`, () =>
    on(serve, async (engine, processes) => {
      const spec: PopulationSpec = { ...quiet, id: 'stopped' };
      const wake = await stop_one(processes, spec, stop);
      await processes.done(spec);
      const { parameters } = await processes.gather(spec);
      expect(parameters).toEqual(await undisturbed());
      await forget_run(engine.store, spec.id);
      await wake();
      await processes.left();
      // No mark of a failure, and no word to stop, for a later run of this name.
      expect(await engine.store.keys(`run.${spec.id}`)).toEqual([]);
      expect(await engine.store.keys('open')).toEqual([]);
    }));

  test(`over ${name}, exchange replica; what the ranks left stays as it was`, () =>
    on(serve, async (_, processes) => {
      const spec: PopulationSpec = {
        ...quiet,
        id: 'stopped',
        exchange: 'replica',
        betas: [1, 0.4, 0.15],
        particles: 64,
      };
      const wake = await stop_one(processes, spec, stop);
      await processes.done(spec);
      const [board, draws] = [await processes.board_of(spec), await processes.gather(spec)];
      await wake();
      await processes.left();
      expect(await processes.board_of(spec)).toEqual(board);
      expect(await processes.gather(spec)).toEqual(draws);
      check_ladder(board, spec);
      expect(board.seats.every(({ segments }) => segments >= spec.segments)).toBe(true);
      expect(draws.chains).toBe(64);
      check_pair(draws, 'x');
      check_pair(draws, 'y');
    }));

  test(`over ${name}, the rank wakes while the others work, and leaves`, () =>
    on(serve, async (_, processes) => {
      const spec: PopulationSpec = { ...quiet, id: 'stopped' };
      const wake = await stop_one(processes, spec, 0);
      await wake();
      await processes.done(spec);
      expect((await processes.gather(spec)).parameters).toEqual(await undisturbed());
      await processes.left();
    }));
}

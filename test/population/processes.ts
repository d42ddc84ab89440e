// A run with a process for every rank, which tests kill, stop and wake, on a server that they kill too.

import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { holder_of } from '../../src/engine/lease.ts';
import { sleep } from '../../src/engine/sleep.ts';
import { from_bytes } from '../../src/engine/text.ts';
import type { Engine } from '../../src/engine/types.ts';
import type { LogDensityModel } from '../../src/model/types.ts';
import { pack_payload, unpack_payload } from '../../src/node/population/payload.ts';
import { type Board, is_done, is_over } from '../../src/population/exchange/board.ts';
import { type GatheredDraws, gather_draws } from '../../src/population/gather.ts';
import { begin_run, close_run, failure_of } from '../../src/population/run.ts';
import { keys, type PopulationSpec } from '../../src/population/spec.ts';
import type { Server } from '../engine/outages.ts';

const main = fileURLToPath(new URL('../../src/node/main.ts', import.meta.url));
const model_file = fileURLToPath(new URL('./models/pair.mjs', import.meta.url));

export interface PopulationServer extends Server {
  /** Words by which a worker joins. */
  join: string[];
  connect(): Promise<Engine>;
}

/** What ranks do under `none` follows from their counters alone: its draws are the same bits, whatever happens to them. */
export const quiet: PopulationSpec = {
  ...{ id: 'quiet', seed: 5, ranks: 3, particles: 32, method: 'mala', batch: 0, segment_steps: 20, warm_up: 12 },
  ...{ segments: 92, thinning: 10, exchange: 'none', betas: [], energy_rows: 0, friction: 0.1, known_noise: 0 },
  ...{ learn_metric: true, budget: 0.05, decay: 0, decay_scale: 1000, delay: 0, prior_power: 1 },
};

export interface Processes {
  /** @param rank absent: any that is free. @param more words of the command line */
  join(rank?: number, more?: string[]): ChildProcess;
  /** @returns the processes of its ranks */
  begin(spec: PopulationSpec): Promise<ChildProcess[]>;
  /** Until a rank is in the middle of it. Throws where the process is not the one that has the seat: what is done to it would be done to nobody. */
  in_middle(spec: PopulationSpec, rank: number, process: ChildProcess): Promise<void>;
  /** Until the process has the seat. Throws where the rank is done before. */
  seated(spec: PopulationSpec, rank: number, process: ChildProcess): Promise<void>;
  /** Until all ranks are done, looking at the ladder all the time; then no one joins it any more. */
  done(spec: PopulationSpec): Promise<Board>;
  board_of(spec: PopulationSpec): Promise<Board>;
  gather(spec: PopulationSpec): Promise<GatheredDraws>;
  /** All that were not killed end by themselves, and well. */
  left(): Promise<void>;
  kill(): void;
}

/** @param lease of ranks, in seconds */
export function processes_of({ join: words }: PopulationServer, engine: Engine, lease: number): Processes {
  const alive = new Set<ChildProcess>();
  const board_of = async ({ id }: PopulationSpec) => {
    const entry = await engine.store.get(keys(id).board);
    if (!entry) throw new Error(`${id} has no board`);
    return from_bytes<Board>(entry.value);
  };
  const join = (rank?: number, more: string[] = []): ChildProcess => {
    const node = ['--import', import.meta.resolve('tsx'), '--no-warnings', main];
    const args = ['worker', ...words, '--once', '--lease', String(lease)];
    const child = spawn(
      process.execPath,
      [...node, ...args, ...(rank === undefined ? [] : ['--rank', String(rank)]), ...more],
      { stdio: ['ignore', 'ignore', process.env.DEBUG ? 'inherit' : 'ignore'] },
    );
    alive.add(child);
    return child;
  };
  return {
    join,
    board_of,
    async begin(spec) {
      await begin_run(engine, spec, await payload());
      return Array.from({ length: spec.ranks }, (_, rank) => join(rank));
    },
    async in_middle(spec, rank, process) {
      const segments = async () => (await board_of(spec)).seats[rank]?.segments ?? 0;
      while ((await segments()) <= spec.segments / 4) await sleep(20);
      expect(await segments()).toBeLessThan(spec.segments);
      expect(await holder_of(engine.store, keys(spec.id).lease(rank))).toContain(`-${process.pid}-`);
    },
    async seated(spec, rank, process) {
      while (!(await holder_of(engine.store, keys(spec.id).lease(rank)))?.includes(`-${process.pid}-`)) {
        expect(is_over(await board_of(spec), spec, rank)).toBe(false);
        await sleep(20);
      }
    },
    async done(spec) {
      for (;;) {
        const board = await board_of(spec);
        check_ladder(board, spec);
        const failure = await failure_of(engine.store, spec);
        if (failure) throw new Error(failure.message);
        if (is_done(board, spec)) {
          await close_run(engine.store, spec.id);
          return board;
        }
        await sleep(20);
      }
    },
    async gather(spec) {
      const { model } = unpack_payload(await payload());
      return gather_draws(engine.store, spec, { board: await board_of(spec), model: model as LogDensityModel });
    },
    async left() {
      const started = performance.now();
      for (const child of alive) {
        while (child.exitCode === null && child.signalCode === null) {
          // They look for work every half second, and for a job of another for as long as a claim holds, some seconds.
          if (performance.now() - started > 60_000) throw new Error(`process ${child.pid} does not end`);
          await sleep(50);
        }
        // Null for those that a test has killed.
        expect(child.exitCode ?? 0).toBe(0);
      }
      alive.clear();
    },
    kill() {
      for (const child of alive) child.kill('SIGKILL');
      alive.clear();
    },
  };
}

const payload = () => pack_payload(model_file, [], { count: 0, values: new Float32Array(0), columns: [] });

/** Every temperature of every number is on exactly one rank. */
export function check_ladder({ places }: Board, { ranks, particles }: PopulationSpec): void {
  if (!places) return;
  const ladder = Array.from({ length: ranks }, (_, place) => place);
  for (let i = 0; i < particles; i++) expect(places.map((of) => of[i]).toSorted()).toEqual(ladder);
}

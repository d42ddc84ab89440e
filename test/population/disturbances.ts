// What is left of a run when its ranks or its broker are killed, stopped and come back, asked of both engines with ranks as processes of their own. Under `none` what a rank does follows from its counters alone, so the draws of a
// disturbed run are those of a quiet one, bit for bit. Under `replica` it also follows from who met whom, but the ladder must be whole at every moment, and the posterior the same.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as join_path } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { chain_statistics } from '../../src/diagnostics/chain_statistics.ts';
import { patient } from '../../src/engine/patient.ts';
import { sleep } from '../../src/engine/sleep.ts';
import { from_bytes } from '../../src/engine/text.ts';
import type { Engine } from '../../src/engine/types.ts';
import type { LogDensityModel } from '../../src/model/types.ts';
import {
  fetch_files,
  forget_shards,
  put_model,
  result_of,
  type ShardResult,
  submit_shard,
} from '../../src/node/jobs/shard_job.ts';
import { pack_payload, unpack_payload } from '../../src/node/population/payload.ts';
import { type Board, is_done } from '../../src/population/exchange/board.ts';
import { type GatheredDraws, gather_draws } from '../../src/population/gather.ts';
import { take_lead } from '../../src/population/lead.ts';
import { begin_run, failure_of, forget_run } from '../../src/population/run.ts';
import { keys, type PopulationSpec } from '../../src/population/spec.ts';
import type { Server } from '../engine/outages.ts';

const main = fileURLToPath(new URL('../../src/node/main.ts', import.meta.url));
const model_file = fileURLToPath(new URL('./models/pair.mjs', import.meta.url));
const line_file = fileURLToPath(new URL('./models/line.mjs', import.meta.url));

export interface PopulationServer extends Server {
  /** Words by which a worker joins. */
  join: string[];
  connect(): Promise<Engine>;
}

const quiet: PopulationSpec = {
  ...{ id: 'quiet', seed: 5, ranks: 3, particles: 32, method: 'mala', batch: 0, segment_steps: 20, warm_up: 12 },
  ...{ segments: 92, thinning: 10, exchange: 'none', betas: [], energy_rows: 0, friction: 0.1, known_noise: 0 },
  ...{ learn_metric: true, budget: 0.05, decay: 0, decay_scale: 1000, delay: 0, prior_power: 1 },
};

export function bears_disturbances(serve: () => Promise<PopulationServer>): void {
  let server: PopulationServer;
  let engine: Engine;
  let undisturbed: GatheredDraws;
  const workers = new Set<ChildProcess>();

  beforeAll(async () => {
    server = await serve();
    engine = await patient(await server.connect());
    undisturbed = await run(quiet);
  });
  const kill_all = () => {
    for (const worker of workers) worker.kill('SIGKILL');
    workers.clear();
  };
  afterAll(async () => {
    kill_all();
    await engine?.close();
    await server?.end();
  });
  afterEach(kill_all);

  const join = (rank?: number, more: string[] = []): ChildProcess => {
    const args = [
      '--import',
      import.meta.resolve('tsx'),
      '--no-warnings',
      main,
      'worker',
      ...server.join,
      '--once',
      '--lease',
      '1',
    ];
    const child = spawn(process.execPath, [...args, ...(rank === undefined ? [] : ['--rank', String(rank)]), ...more], {
      stdio: ['ignore', 'ignore', process.env.DEBUG ? 'inherit' : 'ignore'],
    });
    workers.add(child);
    return child;
  };
  const board_of = async (id: string) => {
    const entry = await engine.store.get(keys(id).board);
    return entry ? from_bytes<Board>(entry.value) : undefined;
  };
  /** Runs it with a process for every rank. @param disturb when rank 0 is in the middle of it; gets the processes */
  async function run(spec: PopulationSpec, disturb?: (ranks: ChildProcess[]) => Promise<void>): Promise<GatheredDraws> {
    const payload = await pack_payload(model_file, [], { count: 0, values: new Float32Array(0), columns: [] });
    await begin_run(engine, spec, payload);
    const ranks = Array.from({ length: spec.ranks }, (_, rank) => join(rank));
    let disturbed = disturb === undefined;
    for (;;) {
      const board = (await board_of(spec.id)) as Board;
      check_ladder(board, spec);
      if (!disturbed && (board.seats[0]?.segments ?? 0) > spec.segments / 4) {
        await disturb?.(ranks);
        disturbed = true;
      }
      const failure = await failure_of(engine.store, spec);
      if (failure) throw new Error(failure.message);
      if (is_done(board, spec)) {
        expect(disturbed).toBe(true);
        const { model } = unpack_payload(payload);
        const draws = await gather_draws(engine.store, spec, { board, model: model as LogDensityModel });
        await forget_run(engine.store, spec.id);
        return draws;
      }
      await sleep(20);
    }
  }

  const is_undisturbed = (draws: GatheredDraws) => {
    for (const [name, chains] of undisturbed.parameters) expect(draws.parameters.get(name)).toEqual(chains);
  };

  it('the posterior is right', () => {
    expect(undisturbed.draws).toBe(80);
    check_posterior(undisturbed, 'x', 4);
    check_posterior(undisturbed, 'y', 5);
  });

  it('a run has one leader', async () => {
    const lead = await take_lead(engine, 'led', 'first');
    await expect(take_lead(engine, 'led', 'second')).rejects.toThrow('Another process leads the run led already');
    await lead.release();
    await (await take_lead(engine, 'led', 'third')).release();
  });

  it('a rank that is killed is gone on with by another process, which repeats what was not stored', async () => {
    const draws = await run({ ...quiet, id: 'killed' }, async (ranks) => {
      ranks[1]?.kill('SIGKILL');
      await sleep(300);
      join(1);
    });
    is_undisturbed(draws);
  });

  it('a rank that is stopped for several leases loses its seat to a late joiner, and leaves when it wakes', async () => {
    let ended: number | null | undefined;
    const draws = await run({ ...quiet, id: 'stopped' }, async (ranks) => {
      const stopped = ranks[2] as ChildProcess;
      stopped.on('exit', (code) => {
        ended = code;
      });
      stopped.kill('SIGSTOP');
      const late = join();
      const board = async () => (await board_of('stopped')) as Board;
      while ((await board()).seats[2]?.epoch !== 2) await sleep(50);
      stopped.kill('SIGCONT');
      expect(late.exitCode).toBeNull();
    });
    is_undisturbed(draws);
    while (ended === undefined) await sleep(50);
    expect(ended).toBe(0);
  });

  it.each([
    ['SIGTERM', 200],
    ['SIGKILL', 10_000],
  ] as const)('the broker goes by %s and is back after %i ms', async (signal, pause) => {
    const draws = await run({ ...quiet, id: `broker-${signal}-${pause}` }, async () => {
      await server.kill(signal);
      await sleep(pause);
      await server.start();
    });
    is_undisturbed(draws);
  });

  it('a worker that is killed in the middle of a job: it is claimed again, and the draws are the same', async () => {
    const lines = Array.from({ length: 300 }, (_, i) => `${(i % 17) / 8 - 1},${((i * 7) % 23) / 11 - 1}`);
    const csv = (shard: number) => `x,y\n${lines.filter((_, i) => i % 3 === shard - 1).join('\n')}\n`;
    const words = [
      'line.mjs',
      '--data',
      'shard.csv',
      '--chains',
      '8',
      '--warmup',
      '300',
      '--draws',
      '300',
      '--out',
      'shard',
      '--seed',
      '4',
    ];
    const sampled = async (name: string, disturb: (workers: ChildProcess[]) => Promise<void>) => {
      await put_model(engine.store, name, line_file);
      for (const shard of [1, 2, 3]) await submit_shard(engine, { run: name, shard, words }, csv(shard));
      const jobs = [join(undefined, ['--jobs']), join(undefined, ['--jobs'])];
      await disturb(jobs);
      const results: ShardResult[] = [];
      for (const shard of [1, 2, 3]) {
        let result: ShardResult | undefined;
        while (!result) {
          result = await result_of(engine.store, name, shard);
          await sleep(50);
        }
        results.push(result);
      }
      const folder = mkdtempSync(join_path(tmpdir(), 'langevin-jobs-'));
      const draws: string[] = [];
      for (const [n, result] of results.entries()) {
        if ('failure' in result) throw new Error(result.failure);
        await fetch_files(engine.store, { run: name, shard: n + 1 }, result.files, folder);
        draws.push(readFileSync(join_path(folder, 'draws.csv'), 'utf8'));
      }
      rmSync(folder, { recursive: true });
      for (const job of jobs) job.kill('SIGKILL');
      await forget_shards(engine.store, name);
      return draws;
    };
    const quiet_draws = await sampled('jobs-quiet', async () => {});
    const draws = await sampled('jobs-killed', async (jobs) => {
      // It takes longer than this to sample, and less to have claimed.
      await sleep(3000);
      jobs[0]?.kill('SIGKILL');
    });
    expect(draws).toEqual(quiet_draws);
    expect(new Set(draws).size).toBe(3);
  });

  it('ranks that exchange temperatures are killed, between offer and commit too, and the ladder stays whole', async () => {
    const spec: PopulationSpec = { ...quiet, id: 'ladder', exchange: 'replica', betas: [1, 0.4, 0.15], particles: 64 };
    const draws = await run(spec, async (ranks) => {
      // A rank offers all the time, so wherever it dies it has offered.
      for (const rank of [0, 1, 2]) {
        ranks[rank]?.kill('SIGKILL');
        ranks[rank] = join(rank);
        await sleep(1500);
      }
    });
    // 64 numbers, each with its particle at temperature 1 in turn. A rank that was dead has fewer of them, but each has made all of its segments in the end.
    expect(draws.chains).toBe(64);
    check_posterior(draws, 'x', 4);
  });
}

/** x ~ N(1, 4), y | x ~ N(x, 1): mean and sd within 4.5 standard errors by the effective sample size of the draws. */
function check_posterior({ parameters }: GatheredDraws, name: string, variance: number): void {
  const found = chain_statistics(parameters.get(name) as Float64Array[]);
  const sd = Math.sqrt(variance);
  expect((Math.abs(found.mean - 1) / sd) * Math.sqrt(found.ess_mean)).toBeLessThan(4.5);
  expect(Math.abs(found.sd / sd - 1) * Math.sqrt(2 * found.ess_sd)).toBeLessThan(4.5);
}

/** Every temperature of every number is on exactly one rank. */
function check_ladder({ places }: Board, { ranks, particles }: PopulationSpec): void {
  if (!places) return;
  const ladder = Array.from({ length: ranks }, (_, place) => place);
  for (let i = 0; i < particles; i++) expect(places.map((of) => of[i]).toSorted()).toEqual(ladder);
}

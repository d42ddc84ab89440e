// What is left of a run when its ranks or its broker are killed and come back, asked of both engines with ranks as processes of their own. Under `none` what a rank does follows from its counters alone, so the draws of a
// disturbed run are those of a quiet one, bit for bit. Under `replica` it also follows from who met whom, but the ladder must be whole at every moment, and the posterior the same.

import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as join_path } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { patient } from '../../src/engine/patient.ts';
import { sleep } from '../../src/engine/sleep.ts';
import type { Engine } from '../../src/engine/types.ts';
import {
  fetch_files,
  forget_shards,
  put_model,
  result_of,
  type ShardResult,
  submit_shard,
} from '../../src/node/jobs/shard_job.ts';
import type { GatheredDraws } from '../../src/population/gather.ts';
import { take_lead } from '../../src/population/lead.ts';
import { forget_run } from '../../src/population/run.ts';
import type { PopulationSpec } from '../../src/population/spec.ts';
import { check_pair } from './check_pair.ts';
import { type PopulationServer, type Processes, processes_of, quiet } from './processes.ts';

const line_file = fileURLToPath(new URL('./models/line.mjs', import.meta.url));

export function bears_disturbances(serve: () => Promise<PopulationServer>): void {
  let server: PopulationServer;
  let engine: Engine;
  let undisturbed: GatheredDraws;
  let processes: Processes;

  beforeAll(async () => {
    server = await serve();
    engine = await patient(await server.connect());
    processes = processes_of(server, engine, 1);
    undisturbed = await run(quiet);
  });
  afterAll(async () => {
    processes?.kill();
    await engine?.close();
    await server?.end();
  });
  afterEach(() => processes.kill());

  /**
   * Runs it with a process for every rank, to the end of all of them: one that stayed would take a seat of the next run.
   *
   * @param disturb when `rank` is in the middle of it; gets the processes
   */
  async function run(
    spec: PopulationSpec,
    { rank, disturb }: { rank?: number; disturb?: (ranks: ChildProcess[]) => Promise<void> } = {},
  ): Promise<GatheredDraws> {
    const ranks = await processes.begin(spec);
    if (rank !== undefined) await processes.in_middle(spec, rank, ranks[rank] as ChildProcess);
    await disturb?.(ranks);
    await processes.done(spec);
    const draws = await processes.gather(spec);
    await processes.left();
    await forget_run(engine.store, spec.id);
    return draws;
  }

  const is_undisturbed = (draws: GatheredDraws) => {
    for (const [name, chains] of undisturbed.parameters) expect(draws.parameters.get(name)).toEqual(chains);
  };

  it('the posterior is right', () => {
    expect(undisturbed.draws).toBe(80);
    check_pair(undisturbed, 'x');
    check_pair(undisturbed, 'y');
  });

  it('a run has one leader', async () => {
    const lead = await take_lead(engine, 'led', 'first');
    await expect(take_lead(engine, 'led', 'second')).rejects.toThrow('Another process leads the run led already');
    await lead.release();
    await (await take_lead(engine, 'led', 'third')).release();
  });

  it('a rank that is killed is gone on with by another process, which repeats what was not stored', async () => {
    const disturb = async (ranks: ChildProcess[]) => {
      ranks[1]?.kill('SIGKILL');
      await sleep(300);
      processes.join(1);
    };
    is_undisturbed(await run({ ...quiet, id: 'killed' }, { rank: 1, disturb }));
  });

  it.each([
    ['SIGTERM', 200],
    ['SIGKILL', 10_000],
  ] as const)('the broker goes by %s and is back after %i ms', async (signal, pause) => {
    const disturb = async () => {
      await server.kill(signal);
      await sleep(pause);
      await server.start();
    };
    is_undisturbed(await run({ ...quiet, id: `broker-${signal}-${pause}` }, { rank: 0, disturb }));
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
      const jobs = [processes.join(undefined, ['--jobs']), processes.join(undefined, ['--jobs'])];
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
    // Long enough that no rank is done when it is killed.
    const spec: PopulationSpec = {
      ...{ ...quiet, id: 'ladder', segments: 192, particles: 64 },
      ...{ exchange: 'replica', betas: [1, 0.4, 0.15] },
    };
    const disturb = async (ranks: ChildProcess[]) => {
      // A rank offers all the time, so wherever it dies it has offered; the others go on meanwhile.
      const next: ChildProcess[] = [];
      for (const [rank, process] of ranks.entries()) {
        process.kill('SIGKILL');
        next.push(processes.join(rank));
        await sleep(300);
      }
      for (const [rank, process] of next.entries()) await processes.seated(spec, rank, process);
    };
    const draws = await run(spec, { rank: 0, disturb });
    // 64 numbers, each with its particle at temperature 1 in turn. A rank that was dead has fewer of them, but each has made all of its segments in the end.
    expect(draws.chains).toBe(64);
    check_pair(draws, 'x');
  });
}

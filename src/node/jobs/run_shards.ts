/** All shards of a cut sampled by whoever works on the engine, and their files brought here. */

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { serialize } from 'node:v8';
import { sleep } from '../../engine/sleep.ts';
import type { Engine } from '../../engine/types.ts';
import { UserError } from '../../model/user_error.ts';
import type { PlannedShard } from '../commands/shard_plan.ts';
import { model_source } from '../load_model.ts';
import { SHARD_DRAWS } from '../shard_file.ts';
import {
  begin_shards,
  fetch_files,
  forget_shards,
  has_ended,
  put_model,
  result_of,
  submit_shard,
} from './shard_job.ts';

const pause = 300;

export interface ShardsRun {
  engine: Engine;
  /** A word: the same one goes on with what was submitted under it. */
  run: string;
  model: string;
  out: string;
  shards: readonly PlannedShard[];
  signal: AbortSignal;
  /** All processes of this machine that work on it have ended. */
  ended?: Promise<void>;
  on_done: (shard: number, of: number, seconds: number) => void;
}

/** @returns whether all are there; false where the signal ended it. Throws what a shard failed by. */
export async function run_shards({
  engine,
  run,
  model,
  out,
  shards,
  signal,
  ended,
  on_done,
}: ShardsRun): Promise<boolean> {
  const { store } = engine;
  await begin_shards(store, run, sum_of(await model_source(model), shards));
  await put_model(store, run, model);
  for (const [s, { file, csv }] of shards.entries()) {
    await submit_shard(engine, { run, shard: s + 1, words: file.command.slice(2) }, csv);
  }
  let all_ended = false;
  void ended?.then(() => {
    all_ended = true;
  });
  const missing = new Set(shards.keys());
  while (missing.size > 0) {
    const all_gone = all_ended;
    for (const s of missing) {
      const result = await result_of(store, run, s + 1);
      if (!result) continue;
      if ('failure' in result) {
        // The other shards are for nothing.
        await forget_shards(store, run);
        const text = `Shard ${s + 1}: ${result.failure}`;
        throw result.is_input ? new UserError(text) : new Error(text);
      }
      const folder = join(out, (shards[s] as PlannedShard).folder, SHARD_DRAWS);
      await fetch_files(store, { run, shard: s + 1 }, result.files, folder);
      missing.delete(s);
      on_done(s + 1, shards.length, result.seconds);
    }
    if (missing.size === 0) break;
    if (signal.aborted) return false;
    if (await has_ended(store, run))
      throw new UserError(`Another process that waited for the job ${run} has ended it.`);
    if (all_gone) throw new Error('the processes that sampled have ended before they were done');
    await sleep(pause);
  }
  await forget_shards(store, run);
  return true;
}

function sum_of(model: unknown, shards: readonly PlannedShard[]): string {
  const hash = createHash('sha256').update(serialize(model));
  for (const { file, csv } of shards) hash.update(JSON.stringify(file.command)).update('\0').update(csv).update('\0');
  return hash.digest('hex');
}

/** The sampling of one shard as a job: what it is, where its data and its files are kept, and how it is done by whoever claims it. The same job gives the same draws wherever it is done, on the same kind of adapter. */

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { get_blob, put_blob, remove_blobs } from '../../engine/blobs.ts';
import { from_bytes, to_bytes } from '../../engine/text.ts';
import type { Claim, Engine, Store } from '../../engine/types.ts';
import { UserError } from '../../model/user_error.ts';
import type { CommandContext } from '../command.ts';
import { sample_and_write } from '../commands/sample.ts';
import { sample_options } from '../commands/sample_options.ts';
import { model_source } from '../load_model.ts';
import { parse_options } from '../options.ts';

export interface ShardJob {
  /** Of all shards together. */
  run: string;
  /** 1, 2, … */
  shard: number;
  /** Of `langevin sample`, behind its name, as they stand in the shard's file. */
  words: string[];
}

export type ShardResult = { files: string[]; seconds: number } | { failure: string; is_input: boolean };

export const job_key = ({ run, shard }: Pick<ShardJob, 'run' | 'shard'>) => `shard.${run}.${shard}`;
const model_name = (run: string) => `job.${run}.model`;
const data_name = ({ run, shard }: ShardJob) => `job.${run}.data.${shard}`;
const result_key = (run: string, shard: number) => `job.${run}.result.${shard}`;
const begun_key = (run: string) => `job.${run}.begun`;
const ended_key = (run: string) => `ended.${run}`;
/** Names of files have dots, which keys use for something else. */
const file_name = (run: string, shard: number, file: string) => `job.${run}.file.${shard}.${file.replaceAll('.', '-')}`;

/** What all shards need. */
export async function put_model(store: Store, run: string, model: string): Promise<void> {
  await put_blob(store, model_name(run), serialize(await model_source(model)));
}

/** Jobs that were submitted before are not submitted again. @param csv the shard's rows */
export async function submit_shard({ store, jobs }: Engine, job: ShardJob, csv: string): Promise<void> {
  await put_blob(store, data_name(job), new TextEncoder().encode(csv));
  await jobs.submit(job_key(job), to_bytes(job));
}

export async function result_of(store: Store, run: string, shard: number): Promise<ShardResult | undefined> {
  const entry = await store.get(result_key(run, shard));
  return entry && from_bytes<ShardResult>(entry.value);
}

/** Writes the files of a shard that is done. */
export async function fetch_files(
  store: Store,
  job: Pick<ShardJob, 'run' | 'shard'>,
  files: readonly string[],
  folder: string,
) {
  mkdirSync(folder, { recursive: true });
  for (const file of files) {
    const bytes = await get_blob(store, file_name(job.run, job.shard, file));
    if (!bytes) throw new Error(`${file} of shard ${job.shard} is not in the store`);
    writeFileSync(join(folder, file), bytes);
  }
}

/**
 * That the shards of a run are these and no others. A name is for one run: its jobs are known for ever as submitted, so who used it again would wait for ever.
 *
 * @param sum of what the shards are made of
 */
export async function begin_shards(store: Store, run: string, sum: string): Promise<void> {
  if (await store.get(ended_key(run)))
    throw new UserError(`The job ${run} has ended already.\nGive this one another name, --job NAME.`);
  await store.put(begun_key(run), to_bytes({ sum }), 0);
  const entry = await store.get(begun_key(run));
  if (!entry || from_bytes<{ sum: string }>(entry.value).sum !== sum)
    throw new UserError(
      `The job ${run} was begun with another model, other data or other options.\nGo on with those, or give this one another name, --job NAME.`,
    );
}

export const has_ended = async (store: Store, run: string): Promise<boolean> =>
  (await store.get(ended_key(run))) !== undefined;

/** All that the store has of a run, but that it has been. */
export async function forget_shards(store: Store, run: string): Promise<void> {
  await store.put(ended_key(run), to_bytes({}));
  await remove_blobs(store, `job.${run}`);
  for (const key of await store.keys(`job.${run}`)) await store.remove(key);
}

interface Doing {
  signal: AbortSignal;
  open_device: CommandContext['open_device'];
}

/** Does what the claim says, and stores its files and its result before it says that it is done. An interrupted one is given back. */
export async function do_shard(engine: Engine, claim: Claim, { signal, open_device }: Doing): Promise<void> {
  const job = from_bytes<ShardJob>(claim.body);
  const { store } = engine;
  const folder = mkdtempSync(join(tmpdir(), 'langevin-shard-'));
  try {
    const started = performance.now();
    let result: ShardResult;
    // Nobody waits for it any more.
    if (await has_ended(store, job.run)) return await claim.done();
    try {
      const files = await sample_there(store, job, folder, { signal, open_device });
      if (files === undefined) return await claim.give_back();
      result = { files, seconds: (performance.now() - started) / 1000 };
    } catch (error) {
      // It would fail in the same way elsewhere.
      result = { failure: (error as Error).message, is_input: error instanceof UserError };
    }
    await store.put(result_key(job.run, job.shard), to_bytes(result));
    await claim.done();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns names of its files; undefined where it was interrupted */
async function sample_there(store: Store, job: ShardJob, folder: string, doing: Doing): Promise<string[] | undefined> {
  const [model, data] = await Promise.all([get_blob(store, model_name(job.run)), get_blob(store, data_name(job))]);
  if (!model || !data) throw new Error(`the model or the data of shard ${job.shard} are not in the store`);
  const csv = join(folder, 'data.csv');
  writeFileSync(csv, data);
  const out = join(folder, 'draws');
  const given = parse_options(job.words, sample_options);
  const name = given.positionals[0] as string;
  const args = job.words.map((word, i) => {
    const before = job.words[i - 1];
    if (before === '--data') return csv;
    if (before === '--out') return out;
    return word === name ? write_model(folder, model, name) : word;
  });
  const options = parse_options(args, sample_options);
  const code = await sample_and_write({ options, args: job.words, ...doing, told: given }, () => {});
  if (code !== 0) return undefined;
  const files = readdirSync(out);
  for (const file of files) await put_blob(store, file_name(job.run, job.shard, file), readFileSync(join(out, file)));
  return files;
}

/** @returns what `langevin sample` takes: a module with the model's plain data, or the name of a built-in one */
function write_model(folder: string, bytes: Uint8Array, name: string): string {
  if (deserialize(bytes) === undefined) return name;
  const path = join(folder, 'model.mjs');
  const text = Buffer.from(bytes).toString('base64');
  writeFileSync(
    path,
    `import { deserialize } from 'node:v8';\nexport default deserialize(Buffer.from('${text}', 'base64'));\n`,
  );
  return path;
}

/** `langevin shard`: cuts the rows of the data into shards, each to be sampled anywhere, and with --run samples and merges them. */

import { existsSync, rmdirSync } from 'node:fs';
import { UserError } from '../../model/user_error.ts';
import type { Command } from '../command.ts';
import type { Options } from '../options.ts';
import { shell_words } from '../origin.ts';
import { prepare_output } from '../output.ts';
import { SHARD_DATA, SHARD_FILE, type ShardFile, write_shard_file } from '../shard_file.ts';
import { shard_options } from './shard_options.ts';
import { plan_shards, type ShardPlan } from './shard_plan.ts';
import { merge_text, run_all } from './shard_run.ts';

export const shard: Command = {
  usage: 'MODEL --data y.csv --shards S [--by rows|COLUMN] [--run] [--out DIR]',
  summary: 'cuts the rows of the data into shards, to be sampled anywhere and merged; --run does all of it here',
  options: shard_options,
  interruptible: true,
  examples: [
    'regression.mjs --data y.csv --shards 8 --out shards',
    'regression.mjs --data y.csv --shards 8 --run --sampler chees --method gaussian --out shards',
    'regression.mjs --data patients.csv --shards 4 --by hospital',
    'regression.mjs --data y.csv --shards 16 --run --nats nats://127.0.0.1:4222',
  ],
  async run(context) {
    const { options } = context;
    refuse_idle_workers(options);
    if (options.flag('json') && !options.flag('run')) {
      throw new UserError(
        '--json prints the summary of the merge, which --run makes.\nAdd --run, or leave --json out.',
      );
    }
    const plan = await plan_shards(options);
    write_plan(plan);
    const told = `${cut_text(plan)}\n${plan.notes.map((note) => `note: ${note}\n`).join('')}`;
    if (options.flag('run')) {
      process.stderr.write(told);
      return run_all(context, plan);
    }
    process.stdout.write(
      `${told}\nSample every shard, here or anywhere:\n${sample_text(plan)}\n\nThen merge:\n${merge_text(plan)}\n`,
    );
    return 0;
  },
};

function write_plan({ out, shards }: ShardPlan): void {
  if (existsSync(out)) rmdirSync(out);
  const files = shards.flatMap(({ folder, csv, file }) => [
    [`${folder}/${SHARD_DATA}`, csv],
    [`${folder}/${SHARD_FILE}`, write_shard_file(file)],
  ]);
  prepare_output(out).commit(Object.fromEntries(files));
}

function cut_text({ out, shards }: ShardPlan): string {
  const [{ data, by, seed }] = shards.map(({ file }) => file) as [ShardFile];
  const counts = shards.map(({ file }) => file.rows.length);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const how = by === 'rows' ? `shuffled with seed ${seed}` : `by ${by}`;
  return `${data.name}: ${data.rows} rows, ${how}, into ${shards.length} shards of ${least === most ? least : `${least} to ${most}`} in ${out}`;
}

const sample_text = ({ shards }: ShardPlan) => shards.map(({ file }) => shell_words(file.command)).join('\n');

function refuse_idle_workers(options: Options): void {
  const given = ['workers', 'nats', 'job'].find((name) => options.text(name) !== undefined);
  if (given && !options.flag('run'))
    throw new UserError(
      `--${given} is about who samples the shards, which --run asks for.\nAdd --run, or leave it out.`,
    );
}

/** `langevin shard`: cuts the rows of the data into shards, each to be sampled anywhere, and with --run samples and merges them. */

import { existsSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Device } from '../../gpu/device.ts';
import { UserError } from '../../model/user_error.ts';
import type { Command, CommandContext } from '../command.ts';
import { parse_options } from '../options.ts';
import { shell_words } from '../origin.ts';
import { prepare_output } from '../output.ts';
import { SHARD_DATA, SHARD_FILE, type ShardFile, write_shard_file } from '../shard_file.ts';
import { merge } from './merge.ts';
import { type SampledRun, sample_and_write } from './sample.ts';
import { sample_options } from './sample_options.ts';
import { shard_options } from './shard_options.ts';
import { plan_shards, type ShardPlan } from './shard_plan.ts';

export const shard: Command = {
  usage: 'MODEL --data y.csv --shards S [--by rows|COLUMN] [--run] [--out DIR]',
  summary: 'cuts the rows of the data into shards, to be sampled anywhere and merged; --run does all of it here',
  options: shard_options,
  interruptible: true,
  examples: [
    'regression.mjs --data y.csv --shards 8 --out shards',
    'regression.mjs --data y.csv --shards 8 --run --sampler chees --method gaussian --out shards',
    'regression.mjs --data patients.csv --shards 4 --by hospital',
  ],
  async run(context) {
    const { options } = context;
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

/** The shell finds the shards. */
const merge_text = ({ out, merge: more }: ShardPlan) =>
  `langevin merge ${shell_words([out])}/shard_* ${shell_words(more)}`;

async function run_all({ options, signal, open_device }: CommandContext, plan: ShardPlan): Promise<number> {
  let device: Device | undefined;
  const once: CommandContext['open_device'] = async (model, rows) => {
    device ??= await open_device(model, rows);
    return device;
  };
  for (const [s, { file }] of plan.shards.entries()) {
    const args = file.command.slice(2);
    const inner = { options: parse_options(args, sample_options), args, signal, open_device: once };
    const code = await sample_and_write(inner, (run) => {
      process.stderr.write(sampled_text(run, s + 1, plan.shards.length));
    });
    // What an interrupted shard has finished may be too little: it is sampled again like those that were not reached.
    if (code !== 0) {
      const left = plan.shards.slice(s).map(({ file: { command } }) => shell_words(command));
      process.stderr.write(
        `To go on, sample the shards that are left, and merge:\n${left.join('\n')}\n${merge_text(plan)}\n`,
      );
      return code;
    }
  }
  const folders = plan.shards.map(({ folder }) => join(plan.out, folder));
  const args = [...folders, ...plan.merge, ...(options.flag('json') ? ['--json'] : [])];
  return merge.run({ options: parse_options(args, merge.options), args, signal, open_device: once });
}

function sampled_text({ judged, summary }: SampledRun, shard_number: number, shards: number): string {
  const worst = judged.worst === undefined ? '' : `, worst ESS ${judged.worst.theta.ess.toFixed(0)}`;
  const warnings = summary.warnings.map((warning) => `  warning: ${warning}\n`).join('');
  return `shard ${shard_number} of ${shards}: ${judged.chains} chains × ${judged.draws}${worst}\n${warnings}`;
}

/** `langevin shard --run`: samples all shards, here or by whoever works on the engine, and merges them. */

import { join } from 'node:path';
import type { Device } from '../../gpu/device.ts';
import type { CommandContext } from '../command.ts';
import { engine_words, word_option } from '../engine/options.ts';
import { run_shards } from '../jobs/run_shards.ts';
import { parse_options } from '../options.ts';
import { shell_words } from '../origin.ts';
import { start_engine } from '../population/engine.ts';
import { start_local_ranks } from '../population/local_ranks.ts';
import { merge } from './merge.ts';
import { type SampledRun, sample_and_write } from './sample.ts';
import { sample_options } from './sample_options.ts';
import type { ShardPlan } from './shard_plan.ts';

/** The shell finds the shards. */
export const merge_text = ({ out, merge: more }: ShardPlan) =>
  `langevin merge ${shell_words([out])}/shard_* ${shell_words(more)}`;

export async function run_all(context: CommandContext, plan: ShardPlan): Promise<number> {
  const { options, signal, open_device } = context;
  let device: Device | undefined;
  const once: CommandContext['open_device'] = async (model, rows) => {
    device ??= await open_device(model, rows);
    return device;
  };
  const shared = options.text('workers') !== undefined || options.text('nats') !== undefined;
  const code = shared
    ? await sample_by_workers(context, plan)
    : await sample_here({ ...context, open_device: once }, plan);
  if (code !== 0) return code;
  const folders = plan.shards.map(({ folder }) => join(plan.out, folder));
  const args = [...folders, ...plan.merge, ...(options.flag('json') ? ['--json'] : [])];
  return merge.run({ options: parse_options(args, merge.options), args, signal, open_device: once });
}

async function sample_here({ signal, open_device }: CommandContext, plan: ShardPlan): Promise<number> {
  for (const [s, { file }] of plan.shards.entries()) {
    const args = file.command.slice(2);
    const inner = { options: parse_options(args, sample_options), args, signal, open_device };
    const code = await sample_and_write(inner, (run) => {
      process.stderr.write(sampled_text(run, s + 1, plan.shards.length));
    });
    // What an interrupted shard has finished may be too little: it is sampled again like those that were not reached.
    if (code !== 0) {
      say_how_to_go_on(plan, plan.shards.slice(s));
      return code;
    }
  }
  return 0;
}

async function sample_by_workers({ options, signal }: CommandContext, plan: ShardPlan): Promise<number> {
  const job = word_option(options, 'job');
  const engine = await start_engine(options, { path: plan.out, resumes: false });
  const workers = options.whole('workers', engine.is_local ? 1 : 0, 0, most_workers);
  const join_words = engine.is_local ? ['--folder', engine.folder] : engine_words(options);
  const local = start_local_ranks(
    Array.from({ length: workers }, () => [...join_words, '--jobs']),
    (text) => process.stderr.write(`${text}\n`),
  );
  if (workers === 0)
    process.stderr.write(`The shards wait for workers. On any machine:\nlangevin worker ${shell_words(join_words)}\n`);
  try {
    const done = new Set<number>();
    const is_whole = await run_shards({
      ...{ engine, out: plan.out, shards: plan.shards, signal },
      run: job ?? engine.default_run(plan.model.name),
      model: options.positionals[0] as string,
      ...(workers > 0 && engine.is_local ? { ended: local.ended } : {}),
      on_done(shard, of, seconds) {
        done.add(shard);
        process.stderr.write(`shard ${shard} of ${of}: sampled in ${seconds.toFixed(1)} s\n`);
      },
    });
    if (is_whole) return 0;
    say_how_to_go_on(
      plan,
      plan.shards.filter((_, s) => !done.has(s + 1)),
    );
    return 130;
  } finally {
    await local.stop();
    await engine.end(false);
  }
}

const most_workers = 1024;

function say_how_to_go_on(plan: ShardPlan, left: ShardPlan['shards']): void {
  const commands = left.map(({ file: { command } }) => shell_words(command));
  process.stderr.write(
    `To go on, sample the shards that are left, and merge:\n${commands.join('\n')}\n${merge_text(plan)}\n`,
  );
}

function sampled_text({ judged, summary }: SampledRun, shard_number: number, shards: number): string {
  const worst = judged.worst === undefined ? '' : `, worst ESS ${judged.worst.theta.ess.toFixed(0)}`;
  const warnings = summary.warnings.map((warning) => `  warning: ${warning}\n`).join('');
  return `shard ${shard_number} of ${shards}: ${judged.chains} chains × ${judged.draws}${worst}\n${warnings}`;
}

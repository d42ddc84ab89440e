/** `langevin merge`: the posterior of all data from draws of shards of it, with a verdict. */

import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { UserError } from '../../model/user_error.ts';
import type { Words } from '../../random/threefry.ts';
import type { Command } from '../command.ts';
import type { Options } from '../options.ts';
import { prepare_output } from '../output.ts';
import { create_progress } from '../progress.ts';
import { default_folder } from '../run_options.ts';
import { load_merge_inputs } from './merge_inputs.ts';
import { judge_merge } from './merge_judgement.ts';
import { merge_options, read_merge_options } from './merge_options.ts';
import { merge_files, merge_summary } from './merge_output.ts';
import { run_methods } from './merge_run.ts';
import { format_merge } from './merge_text.ts';

export const merge: Command = {
  usage:
    'SHARD… [--method KIND] [--draws N] [--exact FILE] [--gradients FILE]… [--log-density FILE]… [--model MODEL] [--out DIR]',
  summary: 'makes one posterior of draws from shards of the data, with a verdict on it',
  options: merge_options,
  examples: [
    'shard_1/ shard_2/ shard_3/ --out runs/merged',
    'a.csv b.csv c.csv --method gaussian --seed 7',
    'part_1/ part_2/ part_3/ --model my_regression.mjs',
    'shards.npy --gradients gradients.npy --exact full.npy --json',
  ],
  async run({ options, args, open_device }) {
    const started = performance.now();
    const asked = read_merge_options(options);
    const files = options.positionals;
    if (files.length === 0) {
      throw new UserError(
        'Which shards? Give one file or folder of draws per shard, or a .npy file [shard][draw][parameter].',
      );
    }
    const out = out_folder(options, files);
    const output = prepare_output(out);
    const progress = create_progress();
    try {
      progress.show(`reading ${files.length === 1 ? files[0] : `${files.length} files`}`, true);
      const inputs = await load_merge_inputs(files, asked);
      const key: Words = [asked.seed, 0];
      const runs = await run_methods(inputs, key, open_device, progress);
      progress.show('judging the merge', true);
      const result = judge_merge(inputs, runs, key);
      const summary = merge_summary(result, ['langevin', 'merge', ...args], started);
      output.commit(await merge_files(result, summary));
      progress.end();
      process.stdout.write(format_merge(result, summary, output.path, options.flag('json')));
      return 0;
    } catch (error) {
      progress.end();
      output.discard();
      throw error;
    }
  },
};

function out_folder(options: Options, files: readonly string[]): string {
  const out = options.text('out');
  if (out === undefined) return default_folder('merge');
  const here = files.find((file) => [resolve(file), dirname(resolve(file))].includes(resolve(out)) && existsSync(out));
  if (here === undefined) return out;
  // A folder holds one run: what this command does not write would be taken away, the draws themselves among it.
  throw new UserError(`--out ${out} is the folder of ${here}.\nGive another folder.`);
}

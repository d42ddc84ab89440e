/** `langevin merge`: the posterior of all data from draws of shards of it, with a verdict. */
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { variance } from '../../diagnostics/moments.ts';
import { column, type Points } from '../../diagnostics/points.ts';
import type { AdapterDescription } from '../../gpu/device.ts';
import { compare_merges } from '../../merge/compare.ts';
import type { Learned } from '../../merge/learned.ts';
import { type Merged, type MergeMethod, merge_by, quick_methods } from '../../merge/methods.ts';
import type { ShardSet } from '../../merge/shards/shard.ts';
import { type MergeSpace, plain_space, unconstrained_space } from '../../merge/shards/space.ts';
import { judge } from '../../merge/verdict/judge.ts';
import { learned_findings } from '../../merge/verdict/learned_words.ts';
import { verdict } from '../../merge/verdict/words.ts';
import { UserError } from '../../model/user_error.ts';
import type { Words } from '../../random/threefry.ts';
import type { Command } from '../command.ts';
import { load_model } from '../load_model.ts';
import { check_densities, load_exact, load_shards } from '../load_shards.ts';
import type { Options } from '../options.ts';
import { prepare_output } from '../output.ts';
import { create_progress, create_time_left } from '../progress.ts';
import { default_folder } from '../run_options.ts';
import { run_diffusion } from './merge_diffusion.ts';
import { type MergeOptions, merge_options, read_merge_options } from './merge_options.ts';
import { format_merge, type MergeResult, merge_files, merge_summary } from './merge_output.ts';

/** The other methods are there to be compared with, and need no more draws for that. */
const COMPARED_DRAWS = 4000;

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
    const chosen = read_merge_options(options);
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
      const loaded = await load_shards({ shards: files, ...chosen });
      const space =
        chosen.model === undefined
          ? plain_space(loaded)
          : unconstrained_space(loaded, await load_model(chosen.model), loaded.named);
      check_densities(space.set);
      const set: ShardSet = { ...loaded, names: chosen.model === undefined ? loaded.names : space.set.names };
      const exact = chosen.exact === undefined ? undefined : await load_exact(chosen.exact, set);
      const key: Words = [chosen.seed, 0];
      const merged = new Map<MergeMethod, Merged>();
      let adapter: AdapterDescription | undefined;
      let learned: Learned | undefined;
      if (chosen.method === 'diffusion') {
        const device = await open_device();
        adapter = device.adapter;
        const time_left = create_time_left();
        let stage = '';
        const found = await run_diffusion(device, chosen, space, key, (what, done, of) => {
          progress.show(`${what} ${done} of ${of}${time_left(what, done, of)}`, what !== stage);
          stage = what;
        });
        learned = found.learned;
        merged.set('diffusion', { points: found.points });
      }
      run_quick_methods(merged, chosen, space, key, (method) => {
        progress.show(`${method} of ${set.shards.length} shards`, true);
      });
      const { points, acceptance } = merged.get(chosen.method) as Merged;
      progress.show('judging the merge', true);
      const judgement = judge(space.set, points);
      const found = verdict(judgement, chosen.method, acceptance, learned && learned_findings(learned));
      const merges = new Map(Array.from(merged, ([method, one]) => [method, space.back(one.points)] as const));
      const comparison = compare_merges(merges, exact?.points, key);
      const result: MergeResult = {
        ...{ chosen, set, acceptance, learned, adapter, judgement, found, comparison },
        points: merges.get(chosen.method) as Points,
        relative_error: relative_errors(space, judgement.mean_error, points),
        exact: exact?.points,
      };
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

/** The method that was asked for first, then all others that the shards allow. */
function run_quick_methods(
  found: Map<MergeMethod, Merged>,
  { method: asked, draws }: MergeOptions,
  { set, log_jacobian }: MergeSpace,
  key: Words,
  on_start: (method: MergeMethod) => void,
): void {
  const shards = set.shards.map(({ points }) => points);
  if (asked !== 'diffusion') {
    on_start(asked);
    found.set(asked, merge_by(asked, shards, { key, draws }, log_jacobian));
  }
  for (const method of quick_methods.filter((other) => other !== asked)) {
    on_start(method);
    try {
      found.set(method, merge_by(method, shards, { key, draws: Math.min(draws, COMPARED_DRAWS) }, log_jacobian));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    }
  }
}

/** [scalar] error of the mean from the shards' draws, in sds of the merge; of elements that hang on several coordinates the largest of all. */
function relative_errors({ set, coordinate }: MergeSpace, errors: Float64Array, merged: Points): Float64Array {
  const relative = errors.map((error, j) => error / Math.sqrt(variance(column(merged, j))));
  const largest = Math.max(...relative);
  return Float64Array.from(set.names, (_, scalar) => relative[coordinate(scalar) ?? -1] ?? largest);
}

function out_folder(options: Options, files: readonly string[]): string {
  const out = options.text('out');
  if (out === undefined) return default_folder('merge');
  const here = files.find((file) => [resolve(file), dirname(resolve(file))].includes(resolve(out)) && existsSync(out));
  if (here === undefined) return out;
  // A folder holds one run: what this command does not write would be taken away, the draws themselves among it.
  throw new UserError(`--out ${out} is the folder of ${here}.\nGive another folder.`);
}

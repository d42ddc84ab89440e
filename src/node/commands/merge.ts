/** `langevin merge`: the posterior of all data from draws of shards of it, with a verdict. */
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { variance } from '../../diagnostics/moments.ts';
import { column, type Points } from '../../diagnostics/points.ts';
import type { AdapterDescription } from '../../gpu/device.ts';
import { gaussian_log_density } from '../../merge/baselines/gaussian.ts';
import { compare_merges } from '../../merge/compare.ts';
import { type Merged, type MergeMethod, merge_by, merge_gradients, quick_methods } from '../../merge/methods.ts';
import { check_origins } from '../../merge/shards/check_origins.ts';
import type { ShardSet } from '../../merge/shards/shard.ts';
import { type MergeSpace, plain_space, unconstrained_space } from '../../merge/shards/space.ts';
import { find_walls } from '../../merge/shards/walls.ts';
import { bound_findings } from '../../merge/verdict/bound_words.ts';
import { judge } from '../../merge/verdict/judge.ts';
import { kernel_findings } from '../../merge/verdict/kernel_words.ts';
import { learned_findings } from '../../merge/verdict/learned_words.ts';
import { held_findings, round_findings, verdict_of_rounds } from '../../merge/verdict/round_words.ts';
import { verdict } from '../../merge/verdict/words.ts';
import { UserError } from '../../model/user_error.ts';
import type { Words } from '../../random/threefry.ts';
import type { Command } from '../command.ts';
import { load_model } from '../load_model.ts';
import { load_reachable } from '../load_oracles.ts';
import { check_densities, load_exact, load_shards } from '../load_shards.ts';
import type { Options } from '../options.ts';
import { read_origin } from '../origin.ts';
import { prepare_output } from '../output.ts';
import { create_progress, create_time_left } from '../progress.ts';
import { default_folder } from '../run_options.ts';
import { sampled_bounds } from '../sampled_bounds.ts';
import { sampled_model } from '../sampled_model.ts';
import { density_of_draws } from './merge_density.ts';
import { type DiffusionRun, draws_of, run_diffusion } from './merge_diffusion.ts';
import { type MergeOptions, merge_options, read_merge_options } from './merge_options.ts';
import { format_merge, type MergeResult, merge_files, merge_summary } from './merge_output.ts';
import { merge_path } from './merge_path.ts';
import { type RoundsRun, run_rounds } from './merge_rounds.ts';

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
      const origins = files.map(read_origin);
      const belongs = check_origins(origins);
      const sampled = asked.model === undefined ? await sampled_model(origins) : undefined;
      const chosen = sampled === undefined ? asked : { ...asked, model: sampled.given };
      const known_bounds = chosen.model === undefined ? sampled_bounds(files) : undefined;
      // Where densities end at bounds that the merge cannot undo, those found beside the draws are of no use to it.
      const loaded = await load_shards({ shards: files, ...chosen, find_densities: known_bounds === undefined });
      const reachable = chosen.rounds > 0 ? await load_reachable(origins) : [];
      const model = reachable[0]?.model ?? sampled?.model ?? (chosen.model && (await load_model(chosen.model)));
      const space = model ? unconstrained_space(loaded, model, loaded.named) : plain_space(loaded);
      check_densities(space.set);
      const set: ShardSet = { ...loaded, names: space.set.names };
      const exact = chosen.exact === undefined ? undefined : await load_exact(chosen.exact, set);
      const key: Words = [chosen.seed, 0];
      const merged = new Map<MergeMethod, Merged>();
      let adapter: AdapterDescription | undefined;
      let learned: DiffusionRun | undefined;
      let rounds: RoundsRun | undefined;
      if (chosen.method === 'diffusion' || chosen.rounds > 0) {
        const device = await open_device();
        adapter = device.adapter;
        const time_left = create_time_left();
        let stage = '';
        const on_progress = (what: string, done: number, of: number) => {
          progress.show(`${what} ${done} of ${of}${time_left(what, done, of)}`, what !== stage);
          stage = what;
        };
        if (chosen.rounds > 0) rounds = await run_rounds(device, chosen, space, reachable, key, on_progress);
        learned = rounds ? rounds.learned : await run_diffusion(device, chosen, space, key, on_progress);
        merged.set(chosen.method, { points: (rounds ?? learned)?.points as Points });
      }
      run_quick_methods(merged, chosen, space, key, (method) => {
        progress.show(`${method} of ${set.shards.length} shards`, true);
      });
      const { points, acceptance, gaussian, held } = merged.get(chosen.method) as Merged;
      progress.show('judging the merge', true);
      const judgement = judge(space.set, points);
      const log_density = rounds?.log_density ?? (gaussian && gaussian_log_density(gaussian, points));
      const bounds = model ? [] : bound_findings(known_bounds, find_walls(set), points);
      const further = [
        ...belongs,
        ...bounds,
        ...(acceptance === undefined ? [] : kernel_findings(points, acceptance)),
        ...(learned === undefined ? [] : learned_findings(learned.learned)),
        ...(held ? held_findings(held) : []),
        ...(rounds === undefined ? [] : round_findings(rounds.facts, chosen.method, points.count)),
      ];
      const found = rounds
        ? verdict_of_rounds(judgement, rounds.facts, further)
        : verdict(judgement, chosen.method, further);
      const merges = new Map(Array.from(merged, ([method, one]) => [method, space.back(one.points)] as const));
      const by_network = (learned?.by_network ?? []).map((own) => space.back(own));
      const comparison = compare_merges(merges, exact?.points, by_network, key);
      const result: MergeResult = {
        ...{ chosen, set, acceptance, adapter, judgement, found, comparison, merges },
        ...(learned === undefined ? {} : { learned: learned.learned, path: merge_path(space, learned.path, key) }),
        points: merges.get(chosen.method) as Points,
        // Shards that were asked where the merge lies leave no error of their own draws in it.
        relative_error: rounds
          ? new Float64Array(set.names.length)
          : relative_errors(space, judgement.mean_error, points),
        ...(rounds === undefined ? {} : { rounds: rounds.facts }),
        ...(log_density === undefined ? {} : { density: density_of_draws(space, points, log_density) }),
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
  const run = (method: Exclude<MergeMethod, 'diffusion'>, count: number): Merged => {
    on_start(method);
    if (method !== 'gradient-gaussian') return merge_by(method, shards, { key, draws: count }, log_jacobian);
    return merge_gradients(set.shards.map(draws_of), { key, draws: count }, log_jacobian);
  };
  // A merge in rounds is there already.
  if (asked !== 'diffusion' && !found.has(asked)) found.set(asked, run(asked, draws));
  const others = set.shards.every(({ gradients }) => gradients)
    ? [...quick_methods, 'gradient-gaussian' as const]
    : quick_methods;
  for (const method of others.filter((other) => other !== asked)) {
    try {
      found.set(method, run(method, Math.min(draws, COMPARED_DRAWS)));
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

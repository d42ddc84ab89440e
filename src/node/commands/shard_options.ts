/** Options of `langevin shard`: its own, and those that it hands on to `langevin sample` and `langevin merge`. */

import { engine_options } from '../engine/options.ts';
import type { OptionSpecs, Options } from '../options.ts';
import { merge_options, merged_draws_range } from './merge_options.ts';
import { sample_options } from './sample_options.ts';

/** Of `langevin sample`, what is not the shard's own, and not for series. */
const {
  data,
  out,
  seed,
  json,
  adapter,
  'dry-run': _dry_run,
  'prior-power': _prior_power,
  'keep-gradients': _keep_gradients,
  particles: _particles,
  ...sampling
} = sample_options;

/** Of `langevin merge`, what is not decided here; its --draws has another name, because samples have draws too. */
const {
  draws: merged_draws,
  out: _out,
  seed: _seed,
  json: _json,
  adapter: _adapter,
  model: _model,
  gradients: _gradients,
  'log-density': _log_density,
  ...merging
} = merge_options;

export const shard_options: OptionSpecs = {
  data,
  shards: { kind: 'text', value: 'S', help: 'into how many' },
  by: {
    kind: 'text',
    value: 'WHAT',
    help: 'rows (default: shuffled by the seed, so that shards are alike), or a column, whose equal values stay together',
  },
  run: {
    kind: 'flag',
    help: 'sample every shard, here one after the other or as --workers or --nats say, and merge them in DIR/merged',
  },
  workers: {
    kind: 'text',
    value: 'N',
    help: '--run: processes of this machine that sample (default: this one alone; with --nats none)',
  },
  job: {
    kind: 'text',
    value: 'NAME',
    help: '--nats: of the work; the same name goes on with it (default: by model and time)',
  },
  ...engine_options,
  out: { ...out, help: 'folder for the shards (default runs/MODEL-shards-DATE-TIME)' },
  seed: { ...seed, help: 'of the shuffle; shard k is sampled with seed N + k − 1 (default 1)' },
  ...sampling,
  'merged-draws': merged_draws,
  ...merging,
  json: { ...json, help: '--run: print summary.json of the merge on standard output, and nothing else there' },
  adapter,
};

/** `--name value` for `langevin sample` of what was given. */
export const sample_words = (options: Options) => words_of(options, sampling);

/** The same for `langevin merge`. */
export function merge_words(options: Options): string[] {
  const draws = options.text('merged-draws');
  // Refused under the name that was given.
  options.whole('merged-draws', merged_draws_range[0], ...merged_draws_range);
  return [...(draws === undefined ? [] : ['--draws', draws]), ...words_of(options, merging)];
}

function words_of(options: Options, specs: OptionSpecs): string[] {
  return Object.entries(specs).flatMap(([name, { kind }]) => {
    if (kind === 'flag') return options.flag(name) ? [`--${name}`] : [];
    return options.list(name).flatMap((value) => [`--${name}`, value]);
  });
}

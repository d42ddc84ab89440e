/** Options of `langevin merge`. */
import { type MergeMethod, merge_methods, method_words } from '../../merge/methods.ts';
import type { ShardSet } from '../../merge/shards/shard.ts';
import { UserError } from '../../model/user_error.ts';
import type { OptionSpecs, Options } from '../options.ts';
import { run_options, seed_of } from '../run_options.ts';

const { out, seed, json, adapter } = run_options;

export const merge_options = {
  method: {
    kind: 'text',
    value: 'KIND',
    help: `${merge_methods.join(', ')} (default diffusion where the gradients of all shards are known or one of its options is given, else gaussian):${merge_methods.map((method) => `\n${''.padEnd(27)}${method.padEnd(19)}${method_words[method]}`).join('')}`,
  },
  draws: {
    kind: 'text',
    value: 'N',
    help: 'merged draws (default 10000); diffusion makes whole groups of 32 for every network',
  },
  gradients: {
    kind: 'list',
    value: 'FILE',
    help: '.npy, of each shard’s log density at its draws; once per shard, or one [shard][draw][parameter]. Checked against the draws',
  },
  'log-density': {
    kind: 'list',
    value: 'FILE',
    help: '.npy, [draw] of each shard; once per shard, or one [shard][draw]. A column log_density of a CSV is the same',
  },
  exact: { kind: 'text', value: 'FILE', help: 'draws of the full posterior, to measure distances from' },
  model: {
    kind: 'text',
    value: 'MODEL',
    help: 'the model that was sampled: merges in its unconstrained coordinates, each shard with the Jacobian to the power 1/S. Needed where parameters have bounds',
  },
  rounds: {
    kind: 'text',
    value: 'R',
    help: 'gradient-gaussian, diffusion: rounds in which every shard is asked for its log density and gradient where the merge lies, and at the end importance weights against the posterior itself; for folders of langevin sample whose model and data are still there (default 0)',
  },
  updates: { kind: 'text', value: 'N', help: 'diffusion: updates of every network (default 20000)' },
  networks: {
    kind: 'text',
    value: 'K',
    help: 'diffusion: networks of every shard, which share the draws; where they disagree, the verdict says so (default 2)',
  },
  units: {
    kind: 'text',
    value: 'W',
    help: 'diffusion: width of the networks, a multiple of 16 (default by dimension)',
  },
  out,
  seed,
  json,
  adapter,
} as const satisfies OptionSpecs;

/** Of merged draws. */
export const merged_draws_range = [100, 10_000_000] as const;

export interface MergeOptions {
  method: MergeMethod;
  draws: number;
  /** In which shards are asked; 0: none. */
  rounds: number;
  seed: number;
  gradients: string[];
  log_densities: string[];
  exact?: string;
  model?: string;
  learning: LearningOptions;
}

/** As given: without a method, `with_method` chooses. */
export type AskedOptions = Omit<MergeOptions, 'method'> & Partial<Pick<MergeOptions, 'method'>>;

/** Of method diffusion. */
export interface LearningOptions {
  updates: number;
  networks: number;
  units?: number;
}

/** Where all gradients are known the learned merge is the best by far; without them it needs many updates, and the verdict on the Gaussian product tells when it is not enough. */
export function with_method(options: AskedOptions, { shards }: ShardSet): MergeOptions {
  const known = shards.every(({ gradients }) => gradients !== undefined);
  return { ...options, method: options.method ?? (known ? 'diffusion' : 'gaussian') };
}

export function read_merge_options(options: Options): AskedOptions {
  const [exact, model] = [options.text('exact'), options.text('model')];
  // Of an option that only one method has, that method.
  const meant =
    learning_names.some((name) => options.text(name) !== undefined) || options.whole('rounds', 0, 0, 100) > 0;
  const asked = options.text('method') === undefined && !meant ? undefined : 'diffusion';
  const method = asked && options.choice<MergeMethod>('method', asked, merge_methods);
  return {
    ...(method === undefined ? {} : { method }),
    learning: read_learning(options, method),
    draws: options.whole('draws', 10_000, ...merged_draws_range),
    rounds: read_rounds(options, method),
    seed: seed_of(options),
    gradients: options.list('gradients'),
    log_densities: options.list('log-density'),
    ...(exact === undefined ? {} : { exact }),
    ...(model === undefined ? {} : { model }),
  };
}

function read_rounds(options: Options, method: MergeMethod | undefined): number {
  const rounds = options.whole('rounds', 0, 0, 100);
  if (rounds === 0 || method === 'gradient-gaussian' || method === 'diffusion') return rounds;
  throw new UserError(
    `--rounds asks the shards for gradients, and ${method} uses none.\nUse --method gradient-gaussian or --method diffusion with it.`,
  );
}

/** Options of method diffusion alone. */
const learning_names = ['updates', 'networks', 'units'] as const;

function read_learning(options: Options, method: MergeMethod | undefined): LearningOptions {
  const idle = learning_names.find((name) => options.text(name) !== undefined);
  // An option that changes nothing is a misunderstanding.
  if (method !== 'diffusion' && idle) {
    throw new UserError(
      `--${idle} is an option of --method diffusion, and ${method} learns nothing.\nLeave one of them out.`,
    );
  }
  const units = options.text('units') === undefined ? undefined : options.whole('units', 32, 16, 1024);
  if (units !== undefined && units % 16 !== 0) throw new UserError(`--units ${units} is not a multiple of 16.`);
  return {
    updates: options.whole('updates', 20_000, 100, 10_000_000),
    networks: options.whole('networks', 2, 1, 64),
    ...(units === undefined ? {} : { units }),
  };
}

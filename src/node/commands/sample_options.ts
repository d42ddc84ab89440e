/** Options of `langevin sample`. */

import { max_tangent_width } from '../../autodiff/tangent.ts';
import { most_particles } from '../../filter/bank.ts';
import type { Model } from '../../model/types.ts';
import { UserError } from '../../model/user_error.ts';
import type { MetricKind } from '../../sample/metric.ts';
import {
  check_options,
  default_warm_up,
  most_chains,
  type SampleOptions,
  type SamplerKind,
  samplers,
} from '../../sample/options.ts';
import { prior_option } from '../model_option.ts';
import type { OptionSpecs, Options } from '../options.ts';
import { prior_power_of, prior_power_option } from '../prior_power.ts';
import { run_options, seed_of } from '../run_options.ts';

const { data, out, seed, json, 'dry-run': dry_run, adapter } = run_options;

export const sample_options = {
  sampler: { kind: 'text', value: 'KIND', help: `${samplers.join(', ')} (default nuts)` },
  chains: { kind: 'text', value: 'C', help: `chains, 1 to ${most_chains} (default 64)` },
  warmup: { kind: 'text', value: 'W', help: 'iterations of warm-up (default 1000; 400 from 16 chains on)' },
  draws: { kind: 'text', value: 'N', help: 'iterations per chain after it (default 1000; 250 from 16 chains on)' },
  keep: {
    kind: 'text',
    value: 'WHAT',
    help: 'every:K, one draw of K (default every:1), or moments: for many chains, only their means and variances',
  },
  'keep-gradients': {
    kind: 'flag',
    help: 'write log_density.npy and gradients.npy: log density and gradient at every draw, as langevin merge takes them',
  },
  superchains: { kind: 'text', value: 'K', help: 'start chains in K groups at one point each, for nested R-hat' },
  metric: { kind: 'text', value: 'KIND', help: 'unit, diagonal (default) or dense' },
  'target-acceptance': { kind: 'text', value: 'A', help: 'wanted acceptance (default 0.8; chees 0.651, mala 0.574)' },
  step: { kind: 'text', value: 'E', help: 'step size (default: found in warm-up)' },
  steps: { kind: 'text', value: 'L', help: 'hmc: leapfrog steps per trajectory (default: π/2 over the step size)' },
  jitter: { kind: 'text', value: 'J', help: 'hmc: length uniform within ±J of it, 0 to 1 (default 1; 0 for study)' },
  learn: { kind: 'text', value: 'N', help: 'ehmc…: transitions to learn the lengths from (default 2000)' },
  'length-per-chain': { kind: 'flag', help: 'hmc, ehmc…: every chain draws its own length; one for all is faster' },
  'max-depth': { kind: 'text', value: 'D', help: 'nuts, and the warm-up of ehmc…: deepest tree (default 10)' },
  data: { ...data, help: 'CSV with the model’s columns, or a built-in data set' },
  particles: {
    kind: 'text',
    value: 'N',
    help: 'state-space models: particles per filter (default 256; 1 for a model without noise)',
  },
  ...prior_option,
  ...prior_power_option,
  out,
  seed,
  'dry-run': dry_run,
  json,
  adapter,
} as const satisfies OptionSpecs;

const ehmc: readonly SamplerKind[] = ['ehmc', 'ehmcu', 'ehmcq'];

/** Options that mean something to some samplers only. */
const samplers_of: Readonly<Record<string, readonly SamplerKind[]>> = {
  steps: ['hmc'],
  jitter: ['hmc'],
  learn: ehmc,
  'length-per-chain': ['hmc', ...ehmc],
  'max-depth': ['nuts', ...ehmc],
};

/** Everything but model and data. */
export function read_sample_options(options: Options, model: Model): Omit<SampleOptions, 'data'> {
  if (model.kind === 'state-space' && model.scalars.length > max_tangent_width) {
    throw new UserError(
      `The model has ${model.scalars.length} parameters, and gradients of a filter carry at most ${max_tangent_width}.\nUse langevin smc2 with --proposal random-walk.`,
    );
  }
  if (model.kind === 'log-density' && options.text('particles') !== undefined) {
    throw new UserError(`--particles is for state-space models, and ${model.name} has no states.\nLeave it out.`);
  }
  const sampler = options.choice<SamplerKind>('sampler', 'nuts', samplers);
  refuse_idle_options(options, sampler);
  const chains = options.whole('chains', 64, 1, most_chains);
  const warm_up = options.whole('warmup', default_warm_up(chains), 0, 1_000_000);
  const target = options.number('target-acceptance');
  if (target !== undefined && !(target > 0 && target < 1))
    throw new UserError(`--target-acceptance must be between 0 and 1, not ${target}.`);
  const prior_power = prior_power_of(options);
  const step = options.number('step');
  if (step !== undefined && !(step > 0))
    throw new UserError(`--step must be greater than 0, not ${step}.\nWithout it the step size is found in warm-up.`);
  const settings: Omit<SampleOptions, 'data'> = {
    model,
    sampler,
    chains,
    warm_up,
    draws: options.whole('draws', chains < 16 ? 1000 : 250, 1, 10_000_000),
    thinning: options.text('keep') === 'moments' ? 1 : thinning(options),
    keep: options.text('keep') === 'moments' ? 'moments' : 'draws',
    ...(options.text('superchains') === undefined
      ? {}
      : { superchains: options.whole('superchains', 2, 2, most_chains) }),
    metric: metric_of(options, warm_up),
    ...(target === undefined ? {} : { target_acceptance: target }),
    ...(step === undefined ? {} : { step }),
    ...(options.text('steps') === undefined ? {} : { steps: options.whole('steps', 1, 1, 100_000) }),
    jitter: options.number('jitter') ?? 1,
    learn: options.whole('learn', 2000, 10, 10_000_000),
    length_per_chain: options.flag('length-per-chain'),
    most_depth: options.whole('max-depth', 10, 1, 14),
    ...(prior_power === undefined ? {} : { prior_power }),
    seed: seed_of(options),
  };
  if (!(settings.jitter >= 0 && settings.jitter <= 1))
    throw new UserError(`--jitter must be from 0 to 1, not ${settings.jitter}.`);
  if (settings.thinning > settings.draws)
    throw new UserError(`--keep every:${settings.thinning} keeps none of ${settings.draws} draws.`);
  if (options.flag('keep-gradients') && settings.keep === 'moments') {
    throw new UserError(
      '--keep-gradients writes a gradient for every draw, and --keep moments keeps no draws.\nLeave one of them out.',
    );
  }
  check_options(settings);
  return settings;
}

/** An option that changes nothing is a misunderstanding. */
function refuse_idle_options(options: Options, sampler: SamplerKind) {
  for (const [name, of] of Object.entries(samplers_of)) {
    if (options.flag(name) && !of.includes(sampler))
      throw new UserError(
        `--${name} is for ${of.join(', ')}, not for ${sampler}.\nLeave it out, or choose with --sampler.`,
      );
  }
}

/** Without warm-up nothing learns another. */
function metric_of(options: Options, warm_up: number): MetricKind {
  const metric = options.choice<MetricKind>('metric', warm_up === 0 ? 'unit' : 'diagonal', [
    'unit',
    'diagonal',
    'dense',
  ]);
  if (warm_up === 0 && metric !== 'unit') {
    throw new UserError(
      `A ${metric} metric is learned in warm-up, and --warmup 0 has none.\nLeave out --metric, or use a longer --warmup.`,
    );
  }
  return metric;
}

function thinning(options: Options): number {
  const given = options.text('keep') ?? 'every:1';
  const every = /^every:(\d+)$/.exec(given)?.[1];
  if (every === undefined || Number(every) < 1)
    throw new UserError(`--keep must be moments, or every:K with a whole number K of 1 or more, not "${given}".`);
  return Number(every);
}

/** Of a state-space model: particles of each chain's filter. */
export const particles_of = (options: Options, noise: number) =>
  options.whole('particles', noise === 0 ? 1 : 256, 1, most_particles);

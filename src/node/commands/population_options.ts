/** Options of `langevin population`. */

import type { LogDensityModel } from '../../model/types.ts';
import { UserError } from '../../model/user_error.ts';
import { geometric_ladder } from '../../population/exchange/replica.ts';
import { type ExchangeRule, exchanges, type PopulationSpec } from '../../population/spec.ts';
import { staleness_budget } from '../../population/staleness.ts';
import { type Method, methods } from '../../population/types.ts';
import { engine_options } from '../engine/options.ts';
import { prior_option } from '../model_option.ts';
import type { OptionSpecs, Options } from '../options.ts';
import { prior_power_of, prior_power_option } from '../prior_power.ts';
import { run_options, seed_of } from '../run_options.ts';

const { data, out, seed, json, adapter } = run_options;

export const population_options = {
  data: { ...data, help: 'CSV with the model’s columns, or a built-in data set' },
  ranks: { kind: 'text', value: 'R', help: 'ranks, each a process with a device of its own (default 2)' },
  particles: { kind: 'text', value: 'P', help: 'particles of a rank, an even number (default 64)' },
  method: { kind: 'text', value: 'KIND', help: `${methods.join(', ')} (default sgld)` },
  batch: { kind: 'text', value: 'N', help: 'rows of a gradient, drawn anew every step; 0: all (default 0)' },
  'control-variates': {
    kind: 'flag',
    help: 'gradients of a batch are corrected by those at the mode, which is found first',
  },
  warmup: {
    kind: 'text',
    value: 'W',
    help: 'steps of a particle in which metric and step size are found (default 2000)',
  },
  draws: { kind: 'text', value: 'N', help: 'steps of a particle after it (default 4000)' },
  thin: { kind: 'text', value: 'K', help: 'of so many steps, the last is kept (default 10)' },
  every: { kind: 'text', value: 'N', help: 'steps between exchanges, a multiple of --thin (default 100)' },
  exchange: { kind: 'text', value: 'RULE', help: `${exchanges.join(', ')} (default none)` },
  hottest: { kind: 'text', value: 'B', help: 'replica: inverse temperature of the hottest rank (default 0.1)' },
  'energy-rows': {
    kind: 'text',
    value: 'N',
    help: 'replica: rows of which an energy is estimated; 0: all (default 0)',
  },
  metric: {
    kind: 'text',
    value: 'KIND',
    help: 'learned (default): preconditioned by RMSprop, frozen after warm-up; or unit',
  },
  step: { kind: 'text', value: 'E', help: 'ε (default: the largest that keeps to the budget)' },
  budget: {
    kind: 'text',
    value: 'B',
    help: `part by which step and batch may inflate a variance (default ${staleness_budget})`,
  },
  decay: { kind: 'text', value: 'G', help: 'γ of ε (1 + t/scale)^−γ after warm-up, 0 to 1 (default 0: constant)' },
  'decay-scale': { kind: 'text', value: 'N', help: 'scale of the decay in steps (default 1000)' },
  friction: { kind: 'text', value: 'A', help: 'sghmc: part of the velocity that a step takes (default 0.1)' },
  'known-noise': {
    kind: 'text',
    value: 'B',
    help: 'sghmc: part of the friction that the gradient’s noise makes up (default 0)',
  },
  ...prior_option,
  ...prior_power_option,
  run: {
    kind: 'text',
    value: 'NAME',
    help: 'of the run, for those who join it (default: the model’s name and the time)',
  },
  workers: { kind: 'text', value: 'N', help: 'processes started here (default: one per rank; with --nats none)' },
  resume: { kind: 'flag', help: 'go on with the run that was left in the folder of --out, or, with --nats, by --run' },
  ...engine_options,
  out,
  seed,
  json,
  adapter,
} as const satisfies OptionSpecs;

/** Everything but the name of the run and the anchor of control variates. */
export function read_population_options(
  options: Options,
  model: LogDensityModel,
  rows: number,
): Omit<PopulationSpec, 'id'> {
  const method = options.choice<Method>('method', 'sgld', methods);
  const exchange = options.choice<ExchangeRule>('exchange', 'none', exchanges);
  refuse_idle(options, { method, exchange });
  const ranks = options.whole('ranks', 2, 1, 1024);
  const particles = options.whole('particles', 64, 2, 65_536);
  if (particles % 2 !== 0)
    throw new UserError(`--particles must be even, not ${particles}: while one half moves, the other can be met.`);
  const batch = options.whole('batch', 0, 0, 1_000_000);
  check_batch(batch, { method, model, rows });
  const thinning = options.whole('thin', 10, 1, 100_000);
  const segment_steps = options.whole('every', Math.max(100, thinning), 1, 1_000_000);
  if (segment_steps % thinning !== 0)
    throw new UserError(`--every ${segment_steps} must be a multiple of --thin ${thinning}.`);
  // Each half moves in every second segment.
  const segments_for = (steps: number) => 2 * Math.ceil(steps / segment_steps);
  const warm_up = segments_for(options.whole('warmup', 2000, 0, 10_000_000));
  const sampling = segments_for(options.whole('draws', 4000, 1, 100_000_000));
  const step_size = positive(options, 'step');
  if (warm_up === 0 && step_size === undefined && method === 'mala')
    throw new UserError(
      'Without --warmup there is nothing to find MALA’s step size in.\nGive --step E, or leave --warmup out.',
    );
  return {
    ...{ seed: seed_of(options), ranks, particles, method, batch, segment_steps, warm_up, thinning, exchange },
    segments: warm_up + sampling,
    betas: exchange === 'replica' ? Array.from(geometric_ladder(hottest(options), ranks)) : [],
    energy_rows: options.whole('energy-rows', 0, 0, 1_000_000),
    friction: fraction(options, 'friction', 0.1),
    known_noise: options.number('known-noise') ?? 0,
    learn_metric: options.choice('metric', 'learned', ['learned', 'unit']) === 'learned',
    ...(step_size === undefined ? {} : { step_size }),
    budget: positive(options, 'budget') ?? staleness_budget,
    ...{ decay: fraction(options, 'decay', 0), decay_scale: positive(options, 'decay-scale') ?? 1000, delay: 0 },
    prior_power: prior_power_of(options) ?? 1,
  };
}

function check_batch(
  batch: number,
  { method, model, rows }: { method: Method; model: LogDensityModel; rows: number },
): void {
  if (batch === 0) return;
  if (method === 'mala')
    throw new UserError(
      '--method mala accepts by the whole density, so it needs all rows.\nLeave --batch out, or use sgld or sghmc.',
    );
  if (model.entry === 'log_density' || rows === 0)
    throw new UserError(`${model.name} has no likelihood by rows of which a batch could be taken.\nLeave --batch out.`);
}

/** Options that mean something to one method or rule only. */
function refuse_idle(options: Options, { method, exchange }: { method: Method; exchange: ExchangeRule }): void {
  const only: [string, string, boolean][] = [
    ['friction', '--method sghmc', method === 'sghmc'],
    ['known-noise', '--method sghmc', method === 'sghmc'],
    ['hottest', '--exchange replica', exchange === 'replica'],
    ['energy-rows', '--exchange replica', exchange === 'replica'],
    ['decay', '--method sgld or sghmc', method !== 'mala'],
    ['decay-scale', '--decay', options.text('decay') !== undefined],
  ];
  for (const [name, where, is_used] of only) {
    if (options.text(name) !== undefined && !is_used) throw new UserError(`--${name} is for ${where}.\nLeave it out.`);
  }
  if (
    options.flag('control-variates') &&
    !(options.text('batch') !== undefined && options.whole('batch', 0, 0, 1_000_000) > 0)
  )
    throw new UserError('--control-variates correct the gradients of a batch.\nGive --batch N, or leave it out.');
}

function hottest(options: Options): number {
  const given = options.number('hottest') ?? 0.1;
  if (!(given > 0 && given < 1)) throw new UserError(`--hottest must be above 0 and below 1, not ${given}.`);
  return given;
}

function positive(options: Options, name: string): number | undefined {
  const given = options.number(name);
  if (given !== undefined && !(given > 0)) throw new UserError(`--${name} must be greater than 0, not ${given}.`);
  return given;
}

function fraction(options: Options, name: string, fallback: number): number {
  const given = options.number(name) ?? fallback;
  if (!(given >= 0 && given <= 1)) throw new UserError(`--${name} must be from 0 to 1, not ${given}.`);
  return given;
}

/**
 * Many chains of HMC, NUTS or eHMC on one model: start, warm-up, for the ehmc family learning, sampling. All that is adapted is common to the chains and frozen before the
 * first recorded draw.
 */

import type { Device } from '../gpu/device.ts';
import { UserError } from '../model/user_error.ts';
import { adapt } from './adapt.ts';
import { create_clock } from './clock.ts';
import { create_engine, type Engine } from './engine.ts';
import { type ChainSizes, draws_capacity } from './memory.ts';
import { check_options, type SampleOptions, type SampleResult } from './options.ts';
import { record_draws, record_moments } from './record.ts';
import { create_runner } from './runner.ts';
import { create_target, plan_rows } from './target.ts';
import { frozen_transition, machines_of, most_lengths } from './transitions.ts';

/** Key of a run's random numbers; the second word tells the stages of one seed apart. */
export const sample_key = (seed: number): readonly [number, number] => [seed >>> 0, 2];

/** @param blocks that the rows are cut in; absent where all of a gradient is computed by one invocation */
export function chain_sizes(options: SampleOptions, blocks: number | undefined): ChainSizes {
  const { model, chains, metric, sampler, most_depth, keep } = options;
  return {
    dimension: model.dimension,
    chains,
    metric,
    capacity:
      keep === 'moments' ? 2 : draws_capacity(model.dimension, chains, Math.ceil(options.draws / options.thinning)),
    law_length: most_lengths,
    ...(machines_of(sampler).includes('nuts') ? { levels: most_depth } : {}),
    ...(keep === 'moments' ? { moments: model.scalars.length } : {}),
    ...(blocks === undefined ? {} : { parts: { parameters: model.scalars.length, blocks } }),
  };
}

/** As `create_target` cuts the rows, for `--dry-run`. */
export function planned_blocks(options: SampleOptions, kind: 'hardware' | 'software'): number | undefined {
  const { model, data, chains } = options;
  if (model.kind === 'state-space') return 1;
  const plan = plan_rows(kind, model, 'rows' in data ? data.rows.count : 0, chains, options.blocks);
  return plan.shape === 'fused' ? undefined : plan.blocks;
}

export async function run_sample(device: Device, options: SampleOptions): Promise<SampleResult> {
  check_options(options);
  const { model, data, chains, blocks, prior_power } = options;
  const target = await create_target(device, {
    model,
    data,
    chains,
    key: sample_key(options.seed),
    ...(blocks === undefined ? {} : { blocks }),
    ...(prior_power === undefined ? {} : { prior_power }),
  });
  try {
    const sizes = chain_sizes(options, target.shape === 'fused' ? undefined : target.blocks);
    const engine = await create_engine(device, target, sizes, machines_of(options.sampler));
    try {
      return { ...(await sample(device, options, engine)), shape: target.shape };
    } finally {
      engine.destroy();
    }
  } finally {
    target.destroy();
  }
}

async function sample(device: Device, options: SampleOptions, engine: Engine): Promise<Omit<SampleResult, 'shape'>> {
  const { signal, onlooker, resumed } = options;
  const key = sample_key(options.seed);
  const runner = create_runner(device, engine, key, onlooker);
  const clock = create_clock(engine, resumed?.clock);
  const adapted = resumed?.adapted ?? (await adapt(runner, options, key, clock));
  const { step, learned, time } = adapted;
  const recorded = await (options.keep === 'moments' ? record_moments : record_draws)(runner, options, {
    transition: frozen_transition(options, step, learned?.batches, time),
    told: (done, so_far) =>
      options.on_progress?.({
        ...{ phase: 'sampling', done, of: options.draws, step },
        ...(so_far ? { so_far } : {}),
        ...(learned ? { lengths: learned.batches } : {}),
      }),
    on_place: (keep) => onlooker?.on_place?.(async () => ({ adapted, clock: clock.keep(), ...(await keep()) })),
    ...(resumed ? { from: resumed } : {}),
  });
  const sampling = await clock.lap();
  if (recorded.kept === 0) {
    throw new UserError('Interrupted before all chains had finished their first draw to keep; nothing to report.');
  }
  const { warm_up, learning } = adapted.laps;
  return {
    ...recorded,
    step,
    mean_steps: (sampling.evaluations - sampling.under_way) / sampling.transitions,
    transitions: sampling.transitions,
    divergences: sampling.divergences,
    energy_fraction: await engine.energy_fraction(),
    evaluations: { warm_up: warm_up.evaluations, learning: learning.evaluations, sampling: sampling.evaluations },
    seconds: { warm_up: warm_up.seconds, learning: learning.seconds, sampling: sampling.seconds },
    ...(learned ? { learned: { lengths: learned.batches, unfinished: learned.unfinished } } : {}),
    ...(time === undefined ? {} : { learned: { time, unfinished: 0 } }),
    interrupted: signal?.aborted ?? false,
  };
}

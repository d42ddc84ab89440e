/**
 * Many chains of HMC, NUTS or eHMC on one model: start, warm-up, for the ehmc family learning, sampling. All that is adapted is common to the chains and frozen before the
 * first recorded draw.
 */

import type { DrawsFile } from '../data/draws_file.ts';
import type { Device } from '../gpu/device.ts';
import { UserError } from '../model/user_error.ts';
import { halton_law, learn_time } from './chees.ts';
import { collect_moments, create_collector } from './collect.ts';
import { type Counts, create_engine, type Engine } from './engine.ts';
import { learn_lengths, learned_law, most_steps as longest_batch, thinned } from './learn_lengths.ts';
import { type ChainSizes, draws_capacity } from './memory.ts';
import { unit_metric } from './metric.ts';
import { check_options, default_acceptance, type SampleOptions, type SampleResult } from './options.ts';
import { vector_slot } from './params.ts';
import { create_runner, type Runner, type Transition } from './runner.ts';
import { start_chains } from './start.ts';
import type { Machine } from './stepper.ts';
import { create_target, plan_rows } from './target.ts';
import { fixed_length, type Law, uniform_lengths } from './trajectory.ts';
import { type WarmUpMethod, warm_up } from './warm_up.ts';

/** Key of a run's random numbers; the second word tells the stages of one seed apart. */
export const sample_key = (seed: number): readonly [number, number] => [seed >>> 0, 2];

/** Room for lists of lengths. */
const most_lengths = 65536;

/** The kernels that a sampler needs: the ehmc family warms up with NUTS, as in its paper. */
export function machines_of(sampler: SampleOptions['sampler']): Machine[] {
  if (sampler === 'nuts') return ['nuts'];
  return sampler.startsWith('ehmc') ? ['nuts', 'hmc'] : ['hmc'];
}

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
  const { sampler, signal } = options;
  const key = sample_key(options.seed);
  const runner = create_runner(device, engine, key, options.onlooker);
  const clock = create_clock(engine);
  await start_chains(engine, key, options);
  const method = warm_up_method(options, runner);
  const warmed = await warm_up(runner, method, {
    iterations: options.warm_up,
    metric: options.metric,
    ...(options.step === undefined ? {} : { step: options.step }),
    on_iteration: (done, step, acceptance) =>
      options.on_progress?.({ phase: 'warm-up', done, of: options.warm_up, step, acceptance }),
    ...(signal ? { signal } : {}),
  });
  const epsilon = warmed.step;
  const warm = await clock.lap();

  const learned = sampler.startsWith('ehmc')
    ? await learn_lengths(
        runner,
        epsilon,
        options.learn,
        (done) => options.on_progress?.({ phase: 'learning', done, of: options.learn, step: epsilon }),
        signal,
      )
    : undefined;
  const learning = await clock.lap();
  if (signal?.aborted) throw new UserError('Interrupted before sampling began; nothing to report.');
  if (learned && learned.batches.length === 0) {
    throw new UserError(
      'Every trajectory diverged before it turned back, so no law of lengths could be learned.\nUse --sampler nuts, or a higher --target-acceptance.',
    );
  }

  const transition = frozen_transition(options, epsilon, learned?.batches, method.time?.());
  const told = (done: number, so_far?: () => DrawsFile) =>
    options.on_progress?.({
      ...{ phase: 'sampling', done, of: options.draws, step: epsilon },
      ...(so_far ? { so_far } : {}),
      ...(learned ? { lengths: learned.batches } : {}),
    });
  const recorded = await (options.keep === 'moments' ? record_moments : record_draws)(
    runner,
    options,
    transition,
    told,
  );
  const sampling = await clock.lap();
  if (recorded.kept === 0) {
    throw new UserError('Interrupted before all chains had finished their first draw to keep; nothing to report.');
  }
  const { time } = method;
  return {
    ...recorded,
    step: epsilon,
    mean_steps: (sampling.evaluations - sampling.under_way) / sampling.transitions,
    transitions: sampling.transitions,
    divergences: sampling.divergences,
    energy_fraction: await engine.energy_fraction(),
    evaluations: { warm_up: warm.evaluations, learning: learning.evaluations, sampling: sampling.evaluations },
    seconds: { warm_up: warm.seconds, learning: learning.seconds, sampling: sampling.seconds },
    ...(learned ? { learned: { lengths: learned.batches, unfinished: learned.unfinished } } : {}),
    ...(time ? { learned: { time: time(), unfinished: 0 } } : {}),
    interrupted: signal?.aborted ?? false,
  };
}

type Recorded = Pick<SampleResult, 'draws' | 'kept' | 'moments'>;
type Recorder = (
  runner: Runner,
  options: SampleOptions,
  transition: Transition,
  told: (done: number, so_far?: () => DrawsFile) => void,
) => Promise<Recorded>;

const record_draws: Recorder = async (runner, { model, chains, draws, thinning, signal }, transition, told) => {
  const most = Math.floor(draws / thinning);
  const collector = create_collector(model, chains, most, {
    trees: transition.machine === 'nuts',
    step_size: transition.epsilon,
  });
  const kept = await runner.record(transition, most * thinning, {
    thinning,
    take: collector.add,
    on_reached: (done) => told(done, collector.finish),
    ...(signal ? { signal } : {}),
  });
  return { draws: collector.finish(), kept };
};

const record_moments: Recorder = async (runner, { model, chains, draws, thinning, signal }, transition, told) => {
  const most = Math.floor(draws / thinning);
  const kept = await runner.record(transition, most * thinning, {
    thinning,
    on_reached: told,
    ...(signal ? { signal } : {}),
  });
  const [position, sums] = await runner.engine.read([
    { buffer: 'vectors', first: vector_slot.draw_position * model.dimension, count: model.dimension },
    { buffer: 'moments', first: 0, count: 4 * model.scalars.length },
  ]);
  return { ...collect_moments(model, chains, kept, position as Float32Array, sums as Float32Array), kept };
};

type Method = WarmUpMethod & { time?(): number };

function warm_up_method(options: SampleOptions, runner: Runner): Method {
  const { sampler, target_acceptance, most_depth } = options;
  const target = target_acceptance ?? default_acceptance[sampler];
  if (machines_of(sampler).includes('nuts')) {
    return {
      machine: 'nuts',
      target,
      mean: 'arithmetic',
      transition: (epsilon) => ({ machine: 'nuts', epsilon, most_steps: most_depth }),
    };
  }
  if (sampler === 'chees') {
    const time = learn_time(runner.engine, unit_metric(options.metric, options.model.dimension));
    return {
      machine: 'hmc',
      target,
      mean: 'harmonic',
      transition: (epsilon) => hmc(epsilon, time.next(epsilon)),
      homeward,
      observe: time.observe,
      on_metric: time.on_metric,
      time: () => time.time,
    };
  }
  if (sampler === 'mala') {
    const transition = (epsilon: number) => hmc(epsilon, fixed_length(1));
    return { machine: 'hmc', target, mean: 'harmonic', transition, homeward };
  }
  const transition = (epsilon: number) => hmc(epsilon, jittered(options, epsilon));
  return { machine: 'hmc', target, mean: 'harmonic', transition };
}

const hmc = (epsilon: number, law: Law): Transition => ({ machine: 'hmc', epsilon, most_steps: longest_batch, law });

/** For samplers that begin with single steps: as many as a chain needs to come away from a start where they must be tiny. */
const homeward = (epsilon: number) => hmc(epsilon, uniform_lengths(1, 32));

/** hmc: about a quarter turn of a Gaussian that the metric has made round. */
const quarter_turn = Math.PI / 2;
const most_default_steps = 1000;

function jittered({ steps, jitter }: SampleOptions, epsilon: number): Law {
  const middle = steps ?? Math.min(most_default_steps, Math.max(1, Math.round(quarter_turn / epsilon)));
  const spread = Math.floor(jitter * (middle - 1));
  return spread === 0 ? fixed_length(middle) : uniform_lengths(middle - spread, middle + spread);
}

function frozen_transition(
  options: SampleOptions,
  epsilon: number,
  batches: Uint32Array<ArrayBuffer> | undefined,
  time: number | undefined,
): Transition {
  const { sampler, most_depth, length_per_chain } = options;
  const shared_length = !length_per_chain;
  if (sampler === 'nuts') return { machine: 'nuts', epsilon, most_steps: most_depth };
  if (time !== undefined) return hmc(epsilon, halton_law(time, epsilon));
  if (sampler === 'mala') return hmc(epsilon, fixed_length(1));
  if (sampler === 'ehmc' || sampler === 'ehmcu' || sampler === 'ehmcq') {
    const law = learned_law(sampler, thinned(batches as Uint32Array<ArrayBuffer>, most_lengths));
    return { ...hmc(epsilon, law), shared_length };
  }
  return { ...hmc(epsilon, jittered(options, epsilon)), shared_length };
}

interface Lap {
  seconds: number;
  /** Over all chains, as all that follows. */
  evaluations: number;
  /** Of `evaluations`, those of transitions that are not finished. */
  under_way: number;
  transitions: number;
  divergences: number;
}

/** What was done since the last lap. */
function create_clock(engine: Engine) {
  let started = performance.now();
  let before: Counts | undefined;
  // Counters are u32 and may wrap.
  const since = (now: Uint32Array, then: Uint32Array | undefined) =>
    now.reduce((sum, n, c) => sum + ((n - (then?.[c] ?? 0)) >>> 0), 0);
  return {
    async lap(): Promise<Lap> {
      const now = await engine.counts();
      const lap = {
        seconds: (performance.now() - started) / 1000,
        evaluations: since(now.evaluations, before?.evaluations),
        under_way: now.under_way.reduce((a, b) => a + b, 0),
        transitions: since(now.transitions, before?.transitions),
        divergences: since(now.divergences, before?.divergences),
      };
      before = now;
      started = performance.now();
      return lap;
    },
  };
}

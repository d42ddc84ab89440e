/** All that comes before the first recorded draw: start, warm-up, and for the ehmc family learning. What it finds is common to the chains, and frozen. */

import { UserError } from '../model/user_error.ts';
import type { Words } from '../random/threefry.ts';
import type { Clock, Lap } from './clock.ts';
import { type Learned, learn_lengths } from './learn_lengths.ts';
import type { SampleOptions } from './options.ts';
import type { Runner } from './runner.ts';
import { start_chains } from './start.ts';
import { warm_up_method } from './transitions.ts';
import { warm_up } from './warm_up.ts';

export interface Adapted {
  step: number;
  /** By the ehmc family. */
  learned?: Learned;
  /** By chees: the trajectory time. */
  time?: number;
  /** What it cost. */
  laps: { warm_up: Lap; learning: Lap };
}

/** Throws UserError where sampling cannot begin. */
export async function adapt(runner: Runner, options: SampleOptions, key: Words, clock: Clock): Promise<Adapted> {
  const { sampler, signal } = options;
  await start_chains(runner.engine, key, options);
  const method = warm_up_method(options, runner);
  const { step } = await warm_up(runner, method, {
    iterations: options.warm_up,
    metric: options.metric,
    ...(options.step === undefined ? {} : { step: options.step }),
    on_iteration: (done, now, acceptance) =>
      options.on_progress?.({ phase: 'warm-up', done, of: options.warm_up, step: now, acceptance }),
    ...(signal ? { signal } : {}),
  });
  const warm = await clock.lap();

  const learned = sampler.startsWith('ehmc')
    ? await learn_lengths(
        runner,
        step,
        options.learn,
        (done) => options.on_progress?.({ phase: 'learning', done, of: options.learn, step }),
        signal,
      )
    : undefined;
  const laps = { warm_up: warm, learning: await clock.lap() };
  if (signal?.aborted) throw new UserError('Interrupted before sampling began; nothing to report.');
  if (learned && learned.batches.length === 0) {
    throw new UserError(
      'Every trajectory diverged before it turned back, so no law of lengths could be learned.\nUse --sampler nuts, or a higher --target-acceptance.',
    );
  }
  const time = method.time?.();
  return { step, ...(learned ? { learned } : {}), ...(time === undefined ? {} : { time }), laps };
}

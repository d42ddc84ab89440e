/** What is kept of the chains while they sample: draws, or moments. */

import type { DrawsFile } from '../data/draws_file.ts';
import type { KeptRun } from './checkpoint.ts';
import { collect_moments, create_collector } from './collect.ts';
import type { SampleOptions, SampleResult } from './options.ts';
import { vector_slot } from './params.ts';
import type { Runner } from './runner.ts';
import type { Transition } from './steps.ts';

export type Recorded = Pick<SampleResult, 'draws' | 'kept' | 'moments'>;

export interface Recording {
  transition: Transition;
  /** Told how many iterations all chains have done, and what gives their draws so far. */
  told(done: number, so_far?: () => DrawsFile): void;
  /** As the runner's. */
  on_place?(keep: () => Promise<KeptRun>): void | Promise<void>;
  from?: KeptRun;
}

export async function record_draws(runner: Runner, options: SampleOptions, recording: Recording): Promise<Recorded> {
  const { model, chains, draws, thinning } = options;
  const { transition, told, from, on_place } = recording;
  const most = Math.floor(draws / thinning);
  const collector = create_collector(model, chains, most, {
    trees: transition.machine === 'nuts',
    step_size: transition.epsilon,
    ...(from?.draws ? { from: from.draws } : {}),
  });
  if (from) told(from.recording.taken * thinning, collector.finish);
  const kept = await runner.record(transition, most * thinning, {
    ...common(options, recording),
    take: collector.add,
    on_reached: (done) => told(done, collector.finish),
    on_place: (keep) => on_place?.(async () => ({ recording: await keep(), draws: collector.keep() })),
  });
  return { draws: collector.finish(), kept };
}

export async function record_moments(runner: Runner, options: SampleOptions, recording: Recording): Promise<Recorded> {
  const { model, chains, draws, thinning } = options;
  const most = Math.floor(draws / thinning);
  const kept = await runner.record(recording.transition, most * thinning, {
    ...common(options, recording),
    on_reached: recording.told,
    on_place: (keep) => recording.on_place?.(async () => ({ recording: await keep() })),
  });
  const [position, sums] = await runner.engine.read([
    { buffer: 'vectors', first: vector_slot.draw_position * model.dimension, count: model.dimension },
    { buffer: 'moments', first: 0, count: 4 * model.scalars.length },
  ]);
  return { ...collect_moments(model, chains, kept, position as Float32Array, sums as Float32Array), kept };
}

const common = ({ thinning, signal }: SampleOptions, { from }: Recording) => ({
  thinning,
  ...(signal ? { signal } : {}),
  ...(from ? { from: from.recording } : {}),
});

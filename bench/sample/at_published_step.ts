/** NUTS and the eHMC family at the published step sizes, started from draws of the target: what differs from the published figures here is the sampler, not its adaptation. */

import { ess_sd } from '../../src/diagnostics/ess.ts';
import type { Context } from '../subject.ts';
import type { Frozen } from './frozen.ts';
import { ehmc_transition, nuts_transition } from './law.ts';
import {
  compare_with_published,
  type PublishedKind,
  published,
  published_words,
  square_at_published_step,
} from './published.ts';
import { row_of } from './row.ts';
import { learning_transitions, type Sampled, type Setting } from './run.ts';
import type { SampleTarget } from './target.ts';

export async function run_at_published_step(
  context: Context,
  target: SampleTarget,
  { metric }: Setting,
  frozen: Frozen,
  draws: number,
) {
  const { step, rows } = published[metric];
  const learned = await frozen.learn(step, learning_transitions);
  for (const kind of Object.keys(rows) as PublishedKind[]) {
    const transition = kind === 'nuts' ? nuts_transition(step) : ehmc_transition(kind, step, learned.batches);
    const recorded = await frozen.record(transition, draws);
    const run: Sampled =
      kind === 'nuts'
        ? recorded
        : {
            ...recorded,
            evaluations: { ...recorded.evaluations, learning: learned.evaluations },
            seconds: { ...recorded.seconds, learning: learned.seconds },
          };
    const label = `${target.name}: ${kind}, ${metric} metric, published step ${step}`;
    const row = row_of(label, run, target.is_published ? published_words(rows[kind], step) : undefined);
    context.report(row);
    if (!target.is_published) continue;
    compare_with_published(context, label, run, row.sampling.ess, rows[kind]);
    const least = metric === 'unit' ? square_at_published_step[kind] : undefined;
    if (least !== undefined) find_square(context, label, run, least);
  }
}

/** Squares of what is left of the mean: raw ones of a coordinate whose mean is far from zero are as good as the coordinate itself. */
function find_square({ find, quick }: Context, label: string, { draws, evaluations }: Sampled, least: number) {
  const sizes = Array.from(draws.parameters.values(), ess_sd);
  const value = Math.min(...sizes) / evaluations.sampling;
  find({
    label: `${label}: ESS of (θ − mean)² per gradient, smallest, by posterior::ess_sd`,
    value,
    ...(quick ? {} : { wanted: `at least 0.9 of ${least}, an implementation apart`, met: value >= 0.9 * least }),
  });
}

/** Every sampler with one metric and wanted acceptance, each adapted by itself as `langevin sample` does it: the rows, and what the frozen runs start from. */

import type { DrawsFile } from '../../src/data/draws_file.ts';
import type { Transition } from '../../src/sample/steps.ts';
import { uniform_lengths } from '../../src/sample/trajectory.ts';
import type { Context } from '../subject.ts';
import { with_frozen } from './frozen.ts';
import { hmc_transition, learned_transition } from './law.ts';
import { compare_with_published, is_published_kind, published, published_words } from './published.ts';
import { row_of } from './row.ts';
import { acceptance_of, type Kind, kinds, run_adapted, type Setting } from './run.ts';
import { worse } from './score.ts';
import type { SampleSizes } from './sizes.ts';
import type { SampleTarget } from './target.ts';
import { tune_jitter } from './tune_jitter.ts';

/** A sampler as it may be run with many chains. */
export interface Contender {
  name: string;
  setting: Setting;
  transition: Transition;
  /** Worse of the ESS of θ and θ², per second. */
  per_second: number;
  /** The same per gradient. */
  per_gradient: number;
}

export interface Adapted {
  /** Of NUTS. */
  draws: DrawsFile;
  /** Step size and longest batches of eHMC. */
  step: number;
  lengths: Uint32Array;
  contenders: Contender[];
}

export const setting_words = (kind: Kind, setting: Setting): string =>
  `${setting.metric} metric, δ ${acceptance_of(kind, setting)}`;

export async function run_all_adapted(
  context: Context,
  target: SampleTarget,
  setting: Setting,
  sizes: SampleSizes,
): Promise<Adapted> {
  const contenders: Contender[] = [];
  let draws: DrawsFile | undefined;
  let learned: { step: number; lengths: Uint32Array } | undefined;
  for (const kind of kinds) {
    const { adapted } = sizes;
    // Its default length is made for a metric that makes the target round: with the unit one it is far too long, and shown on fewer draws.
    const is_long = kind === 'hmc' && setting.metric === 'unit';
    const result = await run_adapted(context.device, target, kind, setting, {
      ...adapted,
      ...(is_long ? { draws: Math.ceil(adapted.draws / 4) } : {}),
    });
    const label = `${target.name}: ${kind}${kind === 'hmc' ? ', default length, jitter 1' : ''}, ${setting_words(kind, setting)}`;
    const { step: published_step, rows } = published[setting.metric];
    const reference = target.is_published && is_published_kind(kind) ? rows[kind] : undefined;
    const row = row_of(label, result, reference && published_words(reference, published_step));
    context.report(row);
    const contend = (name: string, transition: Transition, of: typeof row) => {
      const worth = worse(of.sampling.ess);
      const { gradients, seconds } = of.sampling;
      contenders.push({
        name,
        setting,
        transition,
        per_second: worth / seconds.sampling,
        per_gradient: worth / gradients.sampling,
      });
    };
    if (reference) compare_with_published(context, label, result, row.sampling.ess, reference);
    // hmc contends with its tuned length.
    if (kind !== 'hmc') contend(kind, learned_transition(kind, result), row);
    if (kind === 'nuts') draws = result.draws;
    if (kind === 'ehmc') learned = { step: result.step, lengths: result.learned?.lengths ?? Uint32Array.of() };
    if (kind === 'hmc') {
      const work = { target, setting, chains: adapted.chains, draws: adapted.draws, from_draws: draws as DrawsFile };
      await with_frozen(context.device, work, async (frozen) => {
        const { least, most, gradients, seconds } = await tune_jitter(frozen, result.step, sizes.tuning_draws);
        const transition = hmc_transition(result.step, uniform_lengths(least, most));
        const run = await frozen.record(transition, adapted.draws);
        const tuned = row_of(
          `${target.name}: hmc, length uniform on ${least} … ${most}, tuned, ${setting_words(kind, setting)}`,
          {
            ...run,
            evaluations: { ...run.evaluations, warm_up: result.evaluations.warm_up, learning: gradients },
            seconds: { ...run.seconds, warm_up: result.seconds.warm_up, learning: seconds },
          },
        );
        context.report(tuned);
        contend(`hmc, ${least} … ${most} steps`, transition, tuned);
      });
    }
  }
  if (!draws || !learned) throw new Error('nuts and ehmc are among the samplers');
  return { draws, ...learned, contenders };
}

/** The transitions that each sampler makes: while it warms up, and those that are frozen before the first recorded draw. */

import { halton_law, learn_time } from './chees.ts';
import { learned_law, most_steps as longest_batch, thinned } from './learn_lengths.ts';
import { unit_metric } from './metric.ts';
import { default_acceptance, type SampleOptions } from './options.ts';
import type { Runner } from './runner.ts';
import type { Machine } from './stepper.ts';
import type { Transition } from './steps.ts';
import { fixed_length, type Law, uniform_lengths } from './trajectory.ts';
import type { WarmUpMethod } from './warm_up.ts';

/** Room for lists of lengths. */
export const most_lengths = 65536;

/** The kernels that a sampler needs: the ehmc family warms up with NUTS, as in its paper. */
export function machines_of(sampler: SampleOptions['sampler']): Machine[] {
  if (sampler === 'nuts') return ['nuts'];
  return sampler.startsWith('ehmc') ? ['nuts', 'hmc'] : ['hmc'];
}

export type Method = WarmUpMethod & { time?(): number };

export function warm_up_method(options: SampleOptions, runner: Runner): Method {
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

/**
 * @param batches that the ehmc family learned
 * @param time that chees learned
 */
export function frozen_transition(
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

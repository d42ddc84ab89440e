/** A sampler's transition with everything frozen, made from what its run learned. */

import { halton_law } from '../../src/sample/chees.ts';
import { learned_law, most_steps } from '../../src/sample/learn_lengths.ts';
import type { SampleResult } from '../../src/sample/options.ts';
import type { Transition } from '../../src/sample/steps.ts';
import type { Law } from '../../src/sample/trajectory.ts';
import { most_depth } from './run.ts';

export const hmc_transition = (epsilon: number, law: Law, shared_length = true): Transition => ({
  machine: 'hmc',
  epsilon,
  most_steps,
  law,
  shared_length,
});

export const nuts_transition = (epsilon: number): Transition => ({ machine: 'nuts', epsilon, most_steps: most_depth });

export function ehmc_transition(
  kind: 'ehmc' | 'ehmcu' | 'ehmcq',
  epsilon: number,
  lengths: Uint32Array,
  shared_length = true,
): Transition {
  return hmc_transition(epsilon, learned_law(kind, Uint32Array.from(lengths)), shared_length);
}

/** Of a kind that learns: its law as its run froze it. */
export function learned_transition(
  kind: 'nuts' | 'ehmc' | 'ehmcu' | 'ehmcq' | 'chees',
  { step, learned }: Pick<SampleResult, 'step' | 'learned'>,
): Transition {
  if (kind === 'nuts') return nuts_transition(step);
  if (kind === 'chees') return hmc_transition(step, halton_law(learned?.time ?? step, step));
  return ehmc_transition(kind, step, learned?.lengths ?? Uint32Array.of());
}

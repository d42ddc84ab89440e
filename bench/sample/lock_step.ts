/**
 * What lock-step would cost, and what is really idle. If every iteration waited for its longest trajectory, chains × longest leapfrog steps would be done where their sum is needed; published traces give 3.12 (NUTS)
 * and 1.79 (eHMC) for 40 chains with the unit metric, 2.22 and 1.51 with the diagonal one. Here chains are state machines that go on by themselves, or share one length.
 */

import type { DrawsFile } from '../../src/data/draws_file.ts';
import type { Context } from '../subject.ts';
import type { Frozen } from './frozen.ts';
import { ehmc_transition, nuts_transition } from './law.ts';

/** (chains × longest) / sum over all iterations. @param draws with `n_steps` */
export function lock_step_waste({ chains, draws, sampler }: DrawsFile): number {
  const steps = sampler.n_steps ?? [];
  let longest = 0;
  let sum = 0;
  for (let t = 0; t < draws; t++) {
    const each = steps.map((chain) => chain[t] as number);
    longest += Math.max(...each);
    sum += each.reduce((a, b) => a + b, 0);
  }
  return (chains * longest) / sum;
}

/** @param lengths the longest batches learned at `step` */
export async function show_lock_step(
  { find }: Context,
  label: string,
  frozen: Frozen,
  { step, lengths, draws }: { step: number; lengths: Uint32Array; draws: number },
) {
  const ways = [
    ['nuts', nuts_transition(step)],
    ['ehmc, a length per chain', ehmc_transition('ehmc', step, lengths, false)],
    ['ehmc, one length for all', ehmc_transition('ehmc', step, lengths)],
  ] as const;
  for (const [name, transition] of ways) {
    const run = await frozen.record(transition, draws);
    find({
      label: `${label}: ${name}: gradients in lock-step over gradients needed, ${run.draws.chains} chains`,
      value: lock_step_waste(run.draws),
    });
    find({
      label: `${label}: ${name}: gradients that were room for over gradients needed, as it runs`,
      value: run.submitted / run.evaluations.sampling,
    });
  }
}

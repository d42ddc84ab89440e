/** The row of one run of a sampler. */

import type { Row, Sampling } from '../record.ts';
import type { Sampled } from './run.ts';
import { estimator, score } from './score.ts';

export type SampledRow = Row & { sampling: Sampling };

export function row_of(label: string, run: Sampled, note?: string): SampledRow {
  const { draws, evaluations, seconds } = run;
  const { chains } = draws;
  const ms = 1000 * seconds.sampling;
  return {
    label,
    sizes: { chains, draws: draws.draws },
    work: { count: evaluations.sampling, unit: 'gradients' },
    wall: { median: ms, lower_quartile: ms, upper_quartile: ms, repeats: 1 },
    rate: evaluations.sampling / seconds.sampling,
    peers: [],
    ...(note === undefined ? {} : { note }),
    sampling: {
      estimator,
      step: run.step,
      mean_steps: run.mean_steps,
      acceptance: mean_acceptance(draws.sampler.acceptance_rate ?? []),
      divergences: run.divergences,
      ess: score(draws),
      gradients: evaluations,
      seconds,
    },
  };
}

function mean_acceptance(chains: readonly Float64Array[]): number {
  const sums = chains.map((chain) => chain.reduce((sum, a) => sum + a, 0) / chain.length);
  return sums.reduce((a, b) => a + b, 0) / chains.length;
}

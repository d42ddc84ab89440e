/** One run of a sampler as `langevin sample` makes it: start, warm-up, learning, draws. */

import type { Device } from '../../src/gpu/device.ts';
import type { SampleOptions, SampleResult } from '../../src/sample/options.ts';
import { run_sample } from '../../src/sample/sample.ts';
import type { SampleTarget } from './target.ts';

/** Metric and wanted acceptance, as the published rows pair them. */
export interface Setting {
  metric: 'unit' | 'diagonal';
  acceptance: number;
}

export const settings: readonly Setting[] = [
  { metric: 'unit', acceptance: 0.75 },
  { metric: 'diagonal', acceptance: 0.8 },
];

export const kinds = ['nuts', 'ehmc', 'ehmcu', 'ehmcq', 'chees', 'hmc'] as const;
export type Kind = (typeof kinds)[number];

/** ChEES's own optimum, whatever the metric. */
export const acceptance_of = (kind: Kind, { acceptance }: Setting): number => (kind === 'chees' ? 0.651 : acceptance);

/** As published. */
export const learning_transitions = 2000;
export const most_depth = 10;

export interface Sizes {
  chains: number;
  warm_up: number;
  /** Per chain. */
  draws: number;
}

export function sample_options(
  { model, rows }: SampleTarget,
  kind: Kind,
  setting: Setting,
  sizes: Sizes,
): SampleOptions {
  return {
    model,
    data: { rows },
    sampler: kind,
    ...sizes,
    thinning: 1,
    keep: 'draws',
    metric: setting.metric,
    target_acceptance: acceptance_of(kind, setting),
    jitter: 1,
    learn: learning_transitions,
    length_per_chain: false,
    most_depth,
    seed: 1,
  };
}

/** A run, with what its row is made of. */
export type Sampled = Pick<SampleResult, 'draws' | 'divergences' | 'step' | 'mean_steps' | 'evaluations' | 'seconds'>;

export const run_adapted = (
  device: Device,
  target: SampleTarget,
  kind: Kind,
  setting: Setting,
  sizes: Sizes,
): Promise<SampleResult> => run_sample(device, sample_options(target, kind, setting, sizes));

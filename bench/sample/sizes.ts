/** How much is run: on a GPU as published, on a software adapter what ten minutes allow, quick only to show that it runs. */

import type { Context } from '../subject.ts';
import type { Sizes } from './run.ts';

export interface SampleSizes {
  adapted: Sizes;
  /** At the published step sizes, and of each fixed length. */
  frozen_draws: number;
  /** Per candidate of the search for a jitter. */
  tuning_draws: number;
  lock_step_draws: number;
  speed: readonly { chains: number; draws: number }[];
}

export function sizes_for({ device, quick }: Pick<Context, 'device' | 'quick'>): SampleSizes {
  if (device.adapter.kind === 'hardware') {
    return {
      adapted: { chains: 40, warm_up: quick ? 400 : 1000, draws: quick ? 1000 : 20_000 },
      frozen_draws: quick ? 1000 : 20_000,
      tuning_draws: quick ? 200 : 1000,
      lock_step_draws: quick ? 200 : 2000,
      speed: [
        { chains: 1024, draws: quick ? 100 : 500 },
        { chains: 16_384, draws: quick ? 50 : 100 },
      ],
    };
  }
  return quick
    ? {
        adapted: { chains: 16, warm_up: 60, draws: 50 },
        frozen_draws: 30,
        tuning_draws: 12,
        lock_step_draws: 20,
        speed: [{ chains: 128, draws: 20 }],
      }
    : {
        adapted: { chains: 40, warm_up: 200, draws: 800 },
        frozen_draws: 500,
        tuning_draws: 80,
        lock_step_draws: 100,
        speed: [{ chains: 1024, draws: 30 }],
      };
}

/** How much is drawn and learned: on a GPU as published, on a software adapter what some minutes allow, quick only to show that it runs. */

import type { Context } from '../subject.ts';

export interface MergeSizes {
  /** Of every shard. */
  shard_draws: number;
  /** Of the full posterior, and merged. */
  draws: number;
  /** Of every network. */
  updates: number;
  networks: number;
  chains: number;
  warm_up: number;
}

export function merge_sizes({ device, quick }: Pick<Context, 'device' | 'quick'>): MergeSizes {
  const is_gpu = device.adapter.kind === 'hardware';
  if (quick) return { shard_draws: 640, draws: 1024, updates: 100, networks: 1, chains: 32, warm_up: 100 };
  return is_gpu
    ? { shard_draws: 50_000, draws: 50_000, updates: 156_000, networks: 4, chains: 1000, warm_up: 400 }
    : { shard_draws: 9984, draws: 9984, updates: 20_000, networks: 2, chains: 64, warm_up: 300 };
}

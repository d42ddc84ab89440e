/** Chains in the midst of a run, on the host: they may be anywhere in their trajectories, and each at a draw of its own. */

import type { Device } from '../gpu/device.ts';
import { type ChainSizes, chain_memory } from './memory.ts';
import { stat_count } from './params.ts';

/** Kept draws of which the host has not all: from `first` on, at most `count`. */
export interface Unread {
  first: number;
  count: number;
}

export interface KeptChains {
  /** By role as in memory.ts, whole: the metric, chains, and trees or sums of moments where there are some. */
  buffers: Record<string, ArrayBuffer>;
  /** Parts of the ring of draws. */
  unread: { slot: number; draws: ArrayBuffer; draw_stats: ArrayBuffer }[];
}

type Own = Readonly<Record<string, GPUBuffer>>;

/** Said anew before every dispatch, or written in each before it is read, or kept in part. */
const not_whole = ['params', 'law', 'parts', 'draws', 'draw_stats'];

export async function read_chains(device: Device, own: Own, sizes: ChainSizes, unread: Unread): Promise<KeptChains> {
  const row = ring_row(sizes);
  // All copies are submitted before the first of them is waited for: they are of one moment.
  const [buffers, parts] = await Promise.all([
    Promise.all(
      chain_memory(sizes)
        .filter(({ role }) => !not_whole.includes(role))
        .map(async ({ role, bytes }) => [role, await device.read(own[role] as GPUBuffer, bytes)] as const),
    ),
    Promise.all(
      ring_parts(sizes.capacity, unread).map(async ({ slot, count }) => {
        const [draws, draw_stats] = await Promise.all(
          (['draws', 'draw_stats'] as const).map((role) =>
            device.read(own[role] as GPUBuffer, count * row[role], slot * row[role]),
          ),
        );
        return { slot, draws: draws as ArrayBuffer, draw_stats: draw_stats as ArrayBuffer };
      }),
    ),
  ]);
  return { buffers: Object.fromEntries(buffers), unread: parts };
}

export function write_chains({ gpu: { queue } }: Device, own: Own, sizes: ChainSizes, kept: KeptChains): void {
  const row = ring_row(sizes);
  for (const [role, bytes] of Object.entries(kept.buffers)) queue.writeBuffer(own[role] as GPUBuffer, 0, bytes);
  for (const { slot, ...parts } of kept.unread) {
    for (const role of ['draws', 'draw_stats'] as const) {
      queue.writeBuffer(own[role] as GPUBuffer, slot * row[role], parts[role]);
    }
  }
}

/** Bytes of one iteration. */
const ring_row = ({ dimension, chains }: ChainSizes) => ({
  draws: 4 * dimension * chains,
  draw_stats: 4 * stat_count * chains,
});

/** Slots that are neighbours: two parts where the ring comes round. */
function ring_parts(capacity: number, { first, count }: Unread): { slot: number; count: number }[] {
  const slot = first % capacity;
  const before_end = Math.min(count, capacity - slot);
  return [
    { slot, count: before_end },
    { slot: 0, count: count - before_end },
  ].filter((part) => part.count > 0);
}

/** Rows of [row][chain] in the engine's buffers: what the host reads of chains. */

import type { ChainSizes } from './memory.ts';
import { stat_count } from './params.ts';

export interface Rows {
  buffer: 'vectors' | 'chain_words' | 'draws' | 'draw_stats' | 'moments';
  first: number;
  count: number;
}

/** Words of chains come as bits. */
export const as_words = (row: Float32Array<ArrayBuffer>) => new Uint32Array(row.buffer, row.byteOffset, row.length);

/** One word of every chain. */
export const word = (first: number): Rows => ({ buffer: 'chain_words', first, count: 1 });

/** Rows of recorded iterations, which must be neighbours in the ring of `capacity`. */
export function draw_rows(
  { capacity, dimension }: ChainSizes,
  recorded: number,
  count = 1,
): [draws: Rows, stats: Rows] {
  const slot = recorded % capacity;
  return [
    { buffer: 'draws', first: slot * dimension, count: count * dimension },
    { buffer: 'draw_stats', first: slot * stat_count, count: count * stat_count },
  ];
}

/** Draws on their way from the device: block by block, while the chains run. */

import type { Block } from './blocks.ts';
import type { Engine } from './engine.ts';
import { draw_rows } from './rows.ts';

export interface Reader {
  /** Kept draws that are read or on the way. */
  readonly first: number;
  /** Submits the reading of all that is new of `kept` draws. */
  read_until(kept: number): Promise<void>;
  /** Resolves when all that was submitted has been given on. */
  finish(): Promise<void>;
}

/**
 * @param per_block at most half of what the device has room for
 * @param first kept draw
 */
export function create_reader(engine: Engine, per_block: number, first: number, take: (block: Block) => void): Reader {
  const { capacity } = engine.sizes;
  let pending: Promise<void> = Promise.resolve();
  let at = first;
  return {
    get first() {
      return at;
    },
    async read_until(kept) {
      while (at < kept) {
        // Where the ring comes round a block ends.
        const iterations = Math.min(per_block, kept - at, capacity - (at % capacity));
        const previous = pending;
        const both = Promise.all([engine.read(draw_rows(engine.sizes, at, iterations)), previous]);
        pending = (async () => {
          // Where the device is lost both fail: neither is left without one who hears of it.
          const [read] = await both;
          const [draws, stats] = read as [Float32Array<ArrayBuffer>, Float32Array<ArrayBuffer>];
          take({ draws, stats, iterations });
        })();
        pending.catch(() => {});
        at += iterations;
        // At most two blocks on the way.
        await previous;
      }
    },
    finish: () => pending,
  };
}

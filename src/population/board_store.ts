/** The board and what belongs to it in the engine's store: written by version, so that a rank that lost its seat writes nothing. */

import { get_blob, put_blob } from '../engine/blobs.ts';
import { from_bytes, to_bytes } from '../engine/text.ts';
import type { Store } from '../engine/types.ts';
import { type Board, copy_board } from './exchange/board.ts';
import { type Head, pack_head, unpack_head } from './head.ts';
import { keys, type PopulationSpec } from './spec.ts';

/** Another sits in this seat, or the run is over and gone: what this one computes is nobody's. */
export class SeatLost extends Error {}

export interface BoardStore {
  /** Throws SeatLost where the run is gone. */
  read(): Promise<Board>;
  /**
   * Changes the board as a whole, asking again while others change it. `change` gets a copy; what it cannot do because something it needs was replaced meanwhile, it says by returning false, and by 'made' that the board has its
   * change: a write of which no answer came was done, and others have written since.
   *
   * Throws SeatLost where the seat has another epoch, or the run is over and its board gone.
   */
  change(change: (board: Board) => Promise<boolean | 'made'> | boolean | 'made'): Promise<Board>;
  put_head(name: string, head: Head): Promise<void>;
  /** Undefined where it was replaced. */
  head(name: string): Promise<Head | undefined>;
}

export interface SeatOf {
  rank: number;
  epoch: number;
}

/** @param seat whose epoch must be the board's; absent: who only looks */
export function board_store(store: Store, spec: PopulationSpec, seat?: SeatOf): BoardStore {
  const { board: key } = keys(spec.id);
  const half = spec.particles >> 1;
  const read_entry = async () => {
    const entry = await store.get(key);
    if (!entry) throw new SeatLost(`the run ${spec.id} is over, and nothing of it is left`);
    return { board: from_bytes<Board>(entry.value), version: entry.version };
  };
  return {
    read: async () => (await read_entry()).board,
    async change(change) {
      for (;;) {
        const { board, version } = await read_entry();
        const next = copy_board(board);
        if (seat && next.seats[seat.rank]?.epoch !== seat.epoch)
          throw new SeatLost(`rank ${seat.rank} of ${spec.id} was taken over by another process`);
        const is_changed = await change(next);
        if (is_changed === 'made') return board;
        if (!is_changed) continue;
        if ((await store.put(key, to_bytes(next), version)) !== undefined) return next;
      }
    },
    put_head: (name, head) => put_blob(store, name, pack_head(head)),
    async head(name) {
      const bytes = await get_blob(store, name);
      return bytes && unpack_head(bytes, half);
    },
  };
}

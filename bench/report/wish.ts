/** A speed that was asked for, and the measurements that decide one. */

import { peer_name, three_digits } from '../format.ts';
import type { BenchRecord, Peer, Row } from '../record.ts';

export interface Wanted {
  where: string;
  what: string;
  wanted: string;
  /** The adapters it is about. */
  on: (adapter: BenchRecord['adapter']) => boolean;
  /** The number that decides, and whether it is enough; undefined: this record has no such measurement. */
  judge: (record: BenchRecord) => { value: string; met: boolean } | undefined;
}

export const hardware = (adapter: BenchRecord['adapter']) => adapter.kind === 'hardware';
export const a_gpu = 'a GPU';
export const a_cuda_gpu = 'a GPU with CUDA';

type MeasuredPeer = Peer & { outcome: 'measured' };

/** How many times as long a tool takes as our rows, where it is fastest (on all threads or on one, beside whichever of the rows). */
export const against =
  (chosen: (row: Row) => boolean, tool: RegExp, device: RegExp, least: number): Wanted['judge'] =>
  ({ rows }) => {
    const matching = rows
      .filter(chosen)
      .flatMap(({ peers }) => peers)
      .filter((peer): peer is MeasuredPeer => peer.outcome === 'measured')
      .filter((peer) => tool.test(peer.tool) && device.test(peer.device));
    const [fastest] = matching.toSorted((a, b) => a.ratio - b.ratio);
    if (!fastest) return undefined;
    return { value: `${three_digits(fastest.ratio)}× ${peer_name(fastest)}`, met: fastest.ratio >= least };
  };

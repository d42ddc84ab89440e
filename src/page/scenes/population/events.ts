/** Who exchanged what with whom, read off the board: each of its versions is one rank's segment. */

import { type Board, half_of, offering, range_of_half } from '../../../population/exchange/board.ts';
import { meets } from '../../../population/exchange/exchanges.ts';
import { meeting_numbers } from '../../../population/exchange/meet.ts';
import { type PopulationSpec, run_key } from '../../../population/spec.ts';

export interface ExchangeEvent {
  /** Whose segment ended, and whom it met. */
  rank: number;
  other: number;
  /** Of the pairs of particles that met, the part that was exchanged. */
  part: number;
}

/** Ranks that have finished a segment between two versions of the board. */
export const advanced = (before: Board, after: Board): number[] =>
  after.seats.flatMap(({ segments }, rank) => (segments > (before.seats[rank]?.segments ?? 0) ? [rank] : []));

/** Meetings under `permute` and `replica`, between two versions that follow each other. */
export function exchange_events(before: Board, after: Board, spec: PopulationSpec): ExchangeEvent[] {
  if (!meets(spec)) return [];
  return advanced(before, after).flatMap((rank) => {
    const segments = after.seats[rank]?.segments as number;
    const half = half_of(segments - 1);
    const { first, count } = range_of_half(half, spec.particles);
    // Without an offer of its own it came to its end, and met nobody.
    if (after.seats[rank]?.offered !== half) return [];
    const at_meeting = { ...before, seats: before.seats.with(rank, after.seats[rank] as Board['seats'][number]) };
    return offering(at_meeting, { rank, half }, spec).map((other) => {
      const changed = (i: number) => before.places?.[other]?.[i] !== after.places?.[other]?.[i];
      const key = run_key(spec.seed);
      const b = { rank: other, segments: before.seats[other]?.segments as number };
      const uniform = meeting_numbers({ key, half, particles: spec.particles, a: { rank, segments }, b });
      const is_exchanged = (i: number) => (spec.exchange === 'replica' ? changed(first + i) : uniform(i) < 0.5);
      const exchanged = Array.from({ length: count }, (_, i) => i).filter(is_exchanged).length;
      return { rank, other, part: exchanged / count };
    });
  });
}

/** The rules by which a rank exchanges with others at the end of a segment. */

import type { Words } from '../../random/threefry.ts';
import type { BoardStore } from '../board_store.ts';
import { type Head, met_energies } from '../head.ts';
import { keys, type PopulationSpec } from '../spec.ts';
import { type Board, type Half, offering, segments_of_half } from './board.ts';
import { type Meeting, permute_states, swap_places } from './meet.ts';

/** Whose segment ends. */
export interface Arrival {
  rank: number;
  epoch: number;
  /** Finished, this one counted. */
  segments: number;
  /** That begins to stand still, and its states. */
  half: Half;
  head: Head;
}

/** Rules under which halves are offered. */
export const meets = ({ exchange }: PopulationSpec): boolean => exchange === 'replica' || exchange === 'permute';

/** Rules that ask for the energies of what is offered. */
export const needs_energies = ({ exchange }: PopulationSpec): boolean => exchange === 'replica' || exchange === 'best';

/**
 * Exchanges with all that offer the same half, on a copy of the board.
 *
 * @returns false where one of them has gone on meanwhile: look at the board again
 */
export async function meet_all(
  board: Board,
  arrival: Arrival,
  { spec, key, boards }: { spec: PopulationSpec; key: Words; boards: BoardStore },
): Promise<boolean> {
  let mine = arrival.head;
  for (const rank of offering(board, arrival, spec)) {
    const seat = board.seats[rank] as Board['seats'][number];
    const name = seat.heads[arrival.half] as string;
    const theirs = await boards.head(name);
    if (!theirs) return false;
    const meeting: Meeting = {
      ...{ key, half: arrival.half, particles: spec.particles },
      a: { rank: arrival.rank, segments: arrival.segments },
      b: { rank, segments: seat.segments },
    };
    if (spec.exchange === 'replica') {
      const energies = { a: met_energies(mine), b: met_energies(theirs) };
      swap_places(board, meeting, { betas: spec.betas, energies });
      continue;
    }
    const { a, b, exchanged } = permute_states(meeting, mine.states, theirs.states);
    // Energies are not asked for under this rule, so they need not change sides.
    mine = { ...mine, states: a };
    const { given } = keys(spec.id);
    const for_me = given(arrival.rank, arrival.segments, { ...arrival, rank });
    const for_them = given(rank, seat.segments, arrival);
    await boards.put_head(for_me, mine);
    await boards.put_head(for_them, { ...theirs, states: b });
    const own = board.seats[arrival.rank] as Board['seats'][number];
    give(own, arrival.half, for_me);
    give(seat, arrival.half, for_them);
    board.met[0] = (board.met[0] ?? 0) + (spec.particles >> 1);
    board.exchanged[0] = (board.exchanged[0] ?? 0) + exchanged;
  }
  return true;
}

function give(seat: Board['seats'][number], half: Half, name: string): void {
  seat.heads[half] = name;
  seat.given[half] += 1;
}

/** The seed's rule, as an optimiser: the best particle of the rank before takes the place of the worst. Changes the head; the target is not kept. */
export function copy_best(head: Head, other: Head): Head {
  const density = ({ log_prior, log_likelihood }: Head, i: number) =>
    (log_prior[i] as number) + (log_likelihood[i] as number);
  const count = head.log_prior.length;
  const order = (of: Head, is_better: (a: number, b: number) => boolean) =>
    Array.from({ length: count }, (_, i) => i).reduce((a, b) => (is_better(density(of, b), density(of, a)) ? b : a));
  const best = order(other, (a, b) => a > b);
  const worst = order(head, (a, b) => a < b);
  if (!(density(other, best) > density(head, worst))) return head;
  const next: Head = {
    states: head.states.slice(),
    log_prior: head.log_prior.slice(),
    log_likelihood: head.log_likelihood.slice(),
    variance: head.variance.slice(),
  };
  for (let at = 0; at < head.states.length; at += count) next.states[at + worst] = other.states[at + best] as number;
  for (const part of ['log_prior', 'log_likelihood', 'variance'] as const)
    next[part][worst] = other[part][best] as number;
  return next;
}

/** Steps that a half has made when its rank has finished so many segments. */
export const steps_of_half = (spec: PopulationSpec, half: Half, segments: number): number =>
  segments_of_half(half, segments) * spec.segment_steps;

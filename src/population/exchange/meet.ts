/** What happens when two ranks meet: decided by numbers that belong to the run, the two ranks and their segments, so that both sides, and who repeats it after a crash, come to the same answer. */

import { site, threefry, uniform_at, type Words } from '../../random/threefry.ts';
import { type Board, type Half, range_of_half } from './board.ts';
import { partner } from './pairing.ts';
import { log_swap } from './replica.ts';

/** What a rank says of the half that it offers, by particle of the half. */
export interface Energies {
  /** U = −log likelihood, which is what temperatures divide. */
  energy: ArrayLike<number>;
  /** Of its noise. */
  variance: ArrayLike<number>;
}

/** One of the two that meet. */
export interface Side {
  rank: number;
  /** Finished when the half began to stand still. */
  segments: number;
}

export interface Meeting {
  key: Words;
  half: Half;
  /** Of a rank. */
  particles: number;
  a: Side;
  b: Side;
}

/** A uniform number for each particle of the half, the same whichever of both is called a. */
export function meeting_numbers({ key, half, particles, a, b }: Meeting): (particle: number) => number {
  const [low, high] = a.rank < b.rank ? [a, b] : [b, a];
  const pair = threefry(key, [low.rank, high.rank]);
  const { first } = range_of_half(half, particles);
  return (i) => uniform_at(pair, site.exchange, low.segments, high.segments * particles + first + i);
}

/** Even rounds let even places meet the next higher ones, odd rounds odd ones: ranks that are equally fast take turns, as the non-reversible schedule wants it. */
export const round_of = ({ a, b }: Pick<Meeting, 'a' | 'b'>): number => ((a.segments >> 1) + (b.segments >> 1)) >> 1;

/**
 * Replica exchange: neighbouring temperatures of particles with the same number are swapped or not; the particles stay. Changes `places`, and counts.
 *
 * @param betas by place, falling
 */
export function swap_places(
  board: Board,
  meeting: Meeting,
  { betas, energies }: { betas: ArrayLike<number>; energies: { a: Energies; b: Energies } },
): void {
  const { a, b, half, particles } = meeting;
  const places = board.places as number[][];
  const [of_a, of_b] = [places[a.rank] as number[], places[b.rank] as number[]];
  const uniform = meeting_numbers(meeting);
  const round = round_of(meeting);
  const { first, count } = range_of_half(half, particles);
  for (let i = 0; i < count; i++) {
    const [p, q] = [of_a[first + i] as number, of_b[first + i] as number];
    if (partner(p, round, betas.length) !== q) continue;
    const lower = Math.min(p, q);
    const offer = (place: number, { energy, variance }: Energies) => ({
      beta: betas[place] as number,
      energy: energy[i] as number,
      variance: variance[i] as number,
    });
    board.met[lower] = (board.met[lower] ?? 0) + 1;
    if (Math.log(uniform(i)) >= log_swap(offer(p, energies.a), offer(q, energies.b))) continue;
    [of_a[first + i], of_b[first + i]] = [q, p];
    board.exchanged[lower] = (board.exchanged[lower] ?? 0) + 1;
  }
}

/**
 * Exchange between ranks whose particles have the same target: each pair with the same number changes sides with probability ½, whatever its states are, which leaves the target as it is.
 *
 * @param a, b states [row][particle of the half]
 * @returns the same after the exchange, and how many changed sides
 */
export function permute_states(
  meeting: Meeting,
  a: Float32Array,
  b: Float32Array,
): { a: Float32Array<ArrayBuffer>; b: Float32Array<ArrayBuffer>; exchanged: number } {
  const uniform = meeting_numbers(meeting);
  const { count } = range_of_half(meeting.half, meeting.particles);
  const [next_a, next_b] = [Float32Array.from(a), Float32Array.from(b)];
  let exchanged = 0;
  for (let i = 0; i < count; i++) {
    if (uniform(i) >= 0.5) continue;
    exchanged += 1;
    for (let at = i; at < a.length; at += count) {
      next_a[at] = b[at] as number;
      next_b[at] = a[at] as number;
    }
  }
  return { a: next_a, b: next_b, exchanged };
}

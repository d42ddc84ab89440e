/** Where the particles of a rank are on the ladder of temperatures; without a ladder all are at temperature 1, its place 0. */

import type { PopulationSpec } from '../spec.ts';
import { type Board, type Half, range_of_half } from './board.ts';

/** Inverse temperatures, by particle. */
export function betas_of({ places }: Board, spec: PopulationSpec, rank: number): Float32Array<ArrayBuffer> {
  const own = places?.[rank];
  return Float32Array.from({ length: spec.particles }, (_, i) => (own ? (spec.betas[own[i] as number] as number) : 1));
}

/** Places of a half's particles. */
export function places_of(
  { places }: Board,
  spec: PopulationSpec,
  { rank, half }: { rank: number; half: Half },
): number[] {
  const { first, count } = range_of_half(half, spec.particles);
  return places?.[rank]?.slice(first, first + count) ?? new Array<number>(count).fill(0);
}

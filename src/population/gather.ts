/** The draws of all ranks, as chains. */

import { get_blob } from '../engine/blobs.ts';
import type { Store } from '../engine/types.ts';
import { constrain_all } from '../model/space.ts';
import type { LogDensityModel } from '../model/types.ts';
import { type Board, half_of, maker_of, range_of_half } from './exchange/board.ts';
import { type SegmentDraws, unpack_draws } from './segment_draws.ts';
import { keys, type PopulationSpec } from './spec.ts';

export interface GatheredDraws {
  /** By parameter: [chain][draw]. */
  parameters: Map<string, Float64Array[]>;
  chains: number;
  draws: number;
  /** Neighbouring chains of one rank, where chains belong to ranks. */
  chains_per_rank?: number;
}

/**
 * Every particle is a chain; under replica exchange every number of a particle is one, whoever has it at temperature 1. Chains are cut to the shortest: ranks that stop early have done less.
 *
 * @param board of the end
 */
export async function gather_draws(
  store: Store,
  spec: PopulationSpec,
  { board, model }: { board: Board; model: LogDensityModel },
): Promise<GatheredDraws> {
  const is_replica = spec.exchange === 'replica';
  const chains: Float32Array[][] = Array.from(
    { length: is_replica ? spec.particles : spec.ranks * spec.particles },
    () => [],
  );
  const made: { rank: number; segment: number; stored: SegmentDraws }[] = [];
  for (const [rank, seat] of board.seats.entries()) {
    for (let segment = spec.warm_up; segment < seat.segments; segment++) {
      const bytes = await get_blob(store, keys(spec.id).draws(rank, segment, maker_of(seat, segment)));
      if (!bytes) throw new Error(`the draws of rank ${rank}, segment ${segment}, are not in the store`);
      made.push({ rank, segment, stored: unpack_draws(bytes, spec.particles >> 1) });
    }
  }
  // A number that goes from rank to rank has its draws in the order in which they were made; within a rank by segment, whatever others did.
  made.sort((a, b) => (is_replica ? a.stored.tick - b.stored.tick : 0) || a.segment - b.segment || a.rank - b.rank);
  for (const { rank, segment, stored } of made) {
    const { first, count } = range_of_half(half_of(segment), spec.particles);
    for (const [i, place] of stored.places.entries()) {
      if (place !== 0) continue;
      const chain = chains[is_replica ? first + i : rank * spec.particles + first + i] as Float32Array[];
      chain.push(...records(stored.draws, { i, count, dimension: model.dimension }));
    }
  }
  const draws = Math.min(...chains.map((chain) => chain.length));
  const parameters = new Map(model.scalars.map(({ name }) => [name, chains.map(() => new Float64Array(draws))]));
  const names = model.scalars.map(({ name }) => name);
  for (const [c, chain] of chains.entries()) {
    for (let t = 0; t < draws; t++) {
      const theta = constrain_all(model, chain[t] as Float32Array);
      for (const [k, name] of names.entries()) (parameters.get(name)?.[c] as Float64Array)[t] = theta[k] as number;
    }
  }
  return { parameters, chains: chains.length, draws, ...(is_replica ? {} : { chains_per_rank: spec.particles }) };
}

/** phi of one particle, record by record. */
function records(
  draws: Float32Array,
  { i, count, dimension }: { i: number; count: number; dimension: number },
): Float32Array[] {
  const size = dimension * count;
  return Array.from({ length: draws.length / size }, (_, record) =>
    Float32Array.from({ length: dimension }, (_, d) => draws[record * size + d * count + i] as number),
  );
}

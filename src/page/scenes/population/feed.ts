/** What a population on the page shows of itself, from what its ranks store for each other: where particles are, what was drawn, who met whom. Nothing more is read back from the devices for it. */

import { get_blob } from '../../../engine/blobs.ts';
import { from_bytes } from '../../../engine/text.ts';
import type { Engine } from '../../../engine/types.ts';
import { constrain_all } from '../../../model/space.ts';
import type { LogDensityModel } from '../../../model/types.ts';
import {
  type Board,
  empty_board,
  type Half,
  half_of,
  maker_of,
  mark_of,
  range_of_half,
} from '../../../population/exchange/board.ts';
import { places_of } from '../../../population/exchange/places.ts';
import { positions_of, unpack_head } from '../../../population/head.ts';
import { unpack_draws } from '../../../population/segment_draws.ts';
import { keys, type PopulationSpec } from '../../../population/spec.ts';
import { advanced, type ExchangeEvent, exchange_events } from './events.ts';

export interface Feed {
  /** Where the particle is, by rank and number: the two parameters that are shown, and its place on the ladder. */
  readonly particles: readonly (readonly Spot[])[];
  /** What has happened so far was looked at. */
  caught_up(): Promise<void>;
  /** Listens no more. */
  end(): void;
}

export interface Spot {
  at: readonly [number, number];
  place: number;
}

export interface FeedListener {
  /** A draw of a chain, at temperature 1 and after warm-up. */
  drawn(chain: number, a: number, b: number): void;
  met(event: ExchangeEvent): void;
  /** There is something new to see. */
  changed(board: Board): void;
}

interface FeedOptions {
  engine: Engine;
  spec: PopulationSpec;
  model: LogDensityModel;
  /** Indices of the two parameters that are shown. */
  shown: readonly [number, number];
  listener: FeedListener;
}

const nowhere: Spot = { at: [Number.NaN, Number.NaN], place: 0 };

export async function create_feed({ engine, spec, model, shown, listener }: FeedOptions): Promise<Feed> {
  const { store } = engine;
  const { particles: size, ranks } = spec;
  const is_replica = spec.exchange === 'replica';
  const particles = Array.from({ length: ranks }, () => new Array<Spot>(size).fill(nowhere));
  const heads: string[][] = Array.from({ length: ranks }, () => []);
  let board: Board = empty_board(ranks, size, is_replica);
  let busy = Promise.resolve();

  const seen = (phi: ArrayLike<number>, first: number, step: number): [number, number] => {
    const own = Float32Array.from({ length: model.dimension }, (_, d) => phi[first + d * step] as number);
    const theta = constrain_all(model, own);
    return [theta[shown[0]] as number, theta[shown[1]] as number];
  };
  const look_at_half = async (now: Board, rank: number, half: Half) => {
    const seat = now.seats[rank] as Board['seats'][number];
    const [name, mark] = [seat.heads[half], mark_of(seat, half)];
    const { first, count } = range_of_half(half, size);
    const row = particles[rank] as Spot[];
    const places = places_of(now, spec, { rank, half });
    if (name === undefined || heads[rank]?.[half] === mark) {
      for (const [i, place] of places.entries()) row[first + i] = { ...(row[first + i] as Spot), place };
      return;
    }
    const bytes = await get_blob(store, name);
    // Replaced meanwhile: what replaced it is seen next.
    if (!bytes) return;
    const positions = positions_of(unpack_head(bytes, count));
    (heads[rank] as string[])[half] = mark as string;
    for (const [i, place] of places.entries()) {
      const at = seen(positions, i, count);
      // The best of the rank before was copied here.
      if (spec.exchange === 'best' && is_copied(at, rank)) {
        const other = (rank + ranks - 1) % ranks;
        listener.met({ rank, other, part: 1 / count });
      }
      row[first + i] = { at, place };
    }
  };
  const is_copied = ([a, b]: readonly [number, number], rank: number) =>
    ranks > 1 && (particles[(rank + ranks - 1) % ranks] as Spot[]).some(({ at }) => at[0] === a && at[1] === b);
  /** All that the rank has drawn since: a run that was gone on with has some already. */
  const look_at_draws = async (before: Board, now: Board, rank: number) => {
    const seat = now.seats[rank] as Board['seats'][number];
    const from = Math.max(spec.warm_up, before.seats[rank]?.segments ?? 0);
    for (let segment = from; segment < seat.segments; segment++) {
      const bytes = await get_blob(store, keys(spec.id).draws(rank, segment, maker_of(seat, segment)));
      if (!bytes) continue;
      const { first, count } = range_of_half(half_of(segment), size);
      const { places, draws } = unpack_draws(bytes, count);
      const record = model.dimension * count;
      for (let at = 0; at < draws.length; at += record) {
        for (const [i, place] of places.entries()) {
          if (place !== 0) continue;
          listener.drawn(is_replica ? first + i : rank * size + first + i, ...seen(draws, at + i, count));
        }
      }
    }
  };
  const look = async (next: Board) => {
    const before = board;
    board = next;
    for (const event of exchange_events(before, next, spec)) listener.met(event);
    for (const rank of advanced(before, next)) await look_at_draws(before, next, rank);
    for (const rank of particles.keys()) for (const half of [0, 1] as Half[]) await look_at_half(next, rank, half);
    listener.changed(next);
  };
  const end = await store.watch(`run.${spec.id}`, (key, entry) => {
    if (key !== keys(spec.id).board || !entry) return;
    const next = from_bytes<Board>(entry.value);
    // In the order of the versions, and a run that has ended with its store is not looked at.
    busy = busy.then(() => look(next)).catch(() => {});
  });
  return { particles, caught_up: () => busy, end };
}

/** One rank of a population, from its first segment, or from where the rank's process died, to the last. It waits for no other rank. */

import { put_blob } from '../engine/blobs.ts';
import type { Lease } from '../engine/lease.ts';
import type { Engine } from '../engine/types.ts';
import type { Device } from '../gpu/device.ts';
import type { PackedRows } from '../model/pack_rows.ts';
import type { LogDensityModel } from '../model/types.ts';
import { create_archivist } from './archive.ts';
import { type BoardStore, board_store, SeatLost } from './board_store.ts';
import { type Board, type Half, half_of, is_over, mark_of, range_of_half, tick_of } from './exchange/board.ts';
import { copy_best, meet_all, meets, needs_energies, steps_of_half } from './exchange/exchanges.ts';
import { betas_of, places_of } from './exchange/places.ts';
import { check_finite, type Head, read_head, write_head } from './head.ts';
import { pack_draws } from './segment_draws.ts';
import { keys, type PopulationSpec, rank_key, run_key } from './spec.ts';
import { starting_particles } from './start.ts';
import { create_tuner } from './tuner.ts';
import type { Energies } from './types.ts';

export interface RankContext {
  engine: Engine;
  device: Device;
  model: LogDensityModel;
  rows: PackedRows;
  spec: PopulationSpec;
  rank: number;
  lease: Lease;
  /** Asks it to stop after the segment under way; what is finished is stored. */
  signal: AbortSignal;
  /** Waited for before the next. */
  on_segment?: (news: RankNews) => Promise<void> | void;
}

export interface RankNews {
  rank: number;
  segments: number;
  step_size: number;
  /** Seconds since its first segment began, and of these computing: the rest is storing and exchanging. */
  seconds: number;
  computing: number;
  /** Particle-updates since it began. */
  updates: number;
  /** MALA: part of the proposals after warm-up that were accepted. */
  acceptance?: number;
}

/** Throws SeatLost where another process took the rank. @returns whether all segments are done */
export async function run_rank(context: RankContext): Promise<boolean> {
  const { engine, device, model, rows, spec, rank, lease, signal } = context;
  const { store } = engine;
  const name = keys(spec.id);
  const seat_of = { rank, epoch: lease.epoch };
  const boards = board_store(store, spec, seat_of);
  const taken = await board_store(store, spec).change((board) => take_seat(board, rank, lease.epoch));
  let computing = 0;
  const compute = async <T>(work: () => Promise<T>): Promise<T> => {
    const from = performance.now();
    const result = await work();
    computing += performance.now() - from;
    return result;
  };
  const key = rank_key(spec.seed, rank);
  const { particles, options } = await starting_particles(device, { model, rows, spec, key });
  const archivist = create_archivist(particles.dimension);
  const tuner = await create_tuner({ device, options, particles, store, spec, ...seat_of });
  /** Marks of the heads that the particles on the device are. */
  const held: [string | undefined, string | undefined] = [undefined, undefined];
  let board = taken;
  // From the first segment on: kernels are compiled by then.
  const started = performance.now();
  let updates = 0;
  const begun = (board.seats[rank] as Board['seats'][number]).segments;
  try {
    for (let s = begun; !is_over(board, spec, rank); s++) {
      if (signal.aborted) return false;
      if (lease.lost.aborted) throw new SeatLost(String(lease.lost.reason?.message ?? lease.lost.reason));
      for (const half of [0, 1] as Half[]) await adopt(board, half);
      const betas = betas_of(board, spec, rank);
      particles.temper(betas);
      const tuned = await compute(() => tuner.before(s, board, betas));
      const half = half_of(s);
      const range = range_of_half(half, spec.particles);
      const is_sampling = s >= spec.warm_up;
      const draws = await compute(() =>
        particles.move({
          ...{ ...range, steps: spec.segment_steps, first_step: steps_of_half(spec, half, s) },
          ...{ schedule: tuner.schedule(s), schedule_first: steps_of_half(spec, half, spec.warm_up) },
          ...{ thinning: is_sampling ? spec.thinning : 0, learning: spec.learn_metric && !is_sampling },
        }),
      );
      updates += range.count * spec.segment_steps;
      const archive = spec.exchange === 'differential-evolution' ? archivist.archive() : undefined;
      if (archive) await compute(() => particles.evolve(archive, { ...range, first_step: s }));
      let energies: Energies | undefined;
      if (needs_energies(spec)) {
        // Counted so that no minibatch of a step is met again.
        const first_step = 2 ** 27 + s;
        energies = await compute(() => particles.evaluate({ ...range, batch: spec.energy_rows, first_step }));
      }
      let head = await compute(() => read_head(particles, half, energies));
      if (spec.exchange === 'best') {
        const other = await last_head(boards, board, rank - 1);
        head = other ? copy_best(head, other) : head;
      }
      check_finite(head, rank, s);
      const head_name = name.head(rank, s + 1, lease.epoch);
      // What a segment leaves is stored before the board says that it is finished.
      const made = { tick: tick_of(board), places: places_of(board, spec, { rank, half }) };
      await Promise.all([
        boards.put_head(head_name, head),
        ...(is_sampling ? [put_blob(store, name.draws(rank, s, lease.epoch), pack_draws(draws, made))] : []),
      ]);
      const adapted = await tuner.after(s, tuned, archive !== undefined);
      let made_mark: string | undefined;
      board = await boards.change(async (next) => {
        const seat = next.seats[rank] as Board['seats'][number];
        if (seat.segments > s) return 'made';
        seat.segments = s + 1;
        seat.heads[half] = head_name;
        made_mark = mark_of(seat, half);
        if (adapted) seat.tuned = adapted;
        delete seat.offered;
        if (!meets(spec) || is_over(next, spec, rank)) return true;
        const arrival = { ...seat_of, segments: s + 1, half, head };
        const is_met = await meet_all(next, arrival, { spec, key: run_key(spec.seed), boards });
        seat.offered = half;
        return is_met;
      });
      // The head that was put is what the device has; the board may name one that was exchanged for it.
      held[half] = made_mark;
      if (spec.exchange === 'best') write_head(particles, half, head);
      if (spec.exchange === 'differential-evolution') {
        // Another rank every time.
        const other = await last_head(boards, board, rank + 1 + ((s + 1) % Math.max(1, spec.ranks - 1)));
        if (other) archivist.add(other);
      }
      await context.on_segment?.({
        ...{ rank, segments: s + 1, step_size: tuner.schedule(s).size, updates },
        ...(tuner.acceptance === undefined ? {} : { acceptance: tuner.acceptance }),
        ...{ seconds: (performance.now() - started) / 1000, computing: computing / 1000 },
      });
    }
    return true;
  } finally {
    particles.destroy();
  }

  /** The states that the board has for a half, where the device has others. */
  async function adopt(now: Board, half: Half): Promise<void> {
    const seat = now.seats[rank] as Board['seats'][number];
    const [name, mark] = [seat.heads[half], mark_of(seat, half)];
    if (name === undefined || held[half] === mark) return;
    const head = await boards.head(name);
    if (!head) throw new Error(`the states of rank ${rank}, ${name}, are not in the store`);
    write_head(particles, half, head);
    held[half] = mark;
  }
}

/** One who was away too long finds another's epoch; one that comes after the dead withdraws what they offered, which stands as it stood. */
function take_seat(board: Board, rank: number, epoch: number): boolean {
  const seat = board.seats[rank] as Board['seats'][number];
  if (seat.epoch >= epoch) throw new SeatLost(`rank ${rank} was taken by another process`);
  seat.epoch = epoch;
  seat.eras.push([seat.segments, epoch]);
  delete seat.offered;
  return true;
}

/** What a rank stored last, counted around; undefined for oneself, and where it has stored nothing yet. */
async function last_head(boards: BoardStore, { seats }: Board, rank: number): Promise<Head | undefined> {
  if (seats.length < 2) return undefined;
  const seat = seats[(rank + seats.length) % seats.length] as Board['seats'][number];
  const name = seat.heads[half_of(seat.segments + 1)];
  return name ? boards.head(name) : undefined;
}

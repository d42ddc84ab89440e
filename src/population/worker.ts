/** One that is a rank of whatever run is open, one after the other. */

import { type Lease, take_lease } from '../engine/lease.ts';
import { to_bytes } from '../engine/text.ts';
import { BrokerLost, type Engine, Unreachable } from '../engine/types.ts';
import type { Device } from '../gpu/device.ts';
import type { PackedRows } from '../model/pack_rows.ts';
import type { LogDensityModel } from '../model/types.ts';
import { UserError } from '../model/user_error.ts';
import { board_store, SeatLost } from './board_store.ts';
import { type Board, is_over } from './exchange/board.ts';
import { type RankNews, run_rank } from './rank_run.ts';
import { type Failure, open_runs, read_payload, read_spec } from './run.ts';
import { keys, type PopulationSpec } from './spec.ts';

export interface WorkerOptions {
  engine: Engine;
  /** This one; absent: any that is free. */
  rank?: number;
  holder: string;
  /** Of leases, in milliseconds. */
  lease?: number;
  signal: AbortSignal;
  /** What begin_run was given. */
  unpack(payload: Uint8Array): { model: LogDensityModel; rows: PackedRows };
  open_device(model: LogDensityModel, rows: number): Promise<Device>;
  /** Waited for after every segment: somebody may want to see it slowly. */
  pace?: () => Promise<void>;
  say(line: string): void;
}

/** What a rank did in the end, for who began the run. */
export type FinalNews = RankNews & { adapter: string };

/**
 * Takes a seat in an open run and works until the run is done, this rank of it at least.
 *
 * @returns whether there was a seat
 */
export async function work_once(options: WorkerOptions): Promise<boolean> {
  const { engine, signal } = options;
  for (const id of (await open_runs(engine.store)).open) {
    const spec = await read_spec(engine.store, id);
    if (!spec) continue;
    for (const rank of options.rank === undefined ? ranks_of(spec) : [options.rank]) {
      if (signal.aborted) return false;
      if (rank >= spec.ranks || !(await has_work(engine, spec, rank))) continue;
      const name = keys(id).lease(rank);
      const length = options.lease === undefined ? {} : { length: options.lease };
      const lease = await take_lease(engine.store, name, { holder: options.holder, ...length });
      if (!lease) continue;
      await sit(options, { spec, rank, lease });
      return true;
    }
  }
  return false;
}

interface Sitting {
  spec: PopulationSpec;
  rank: number;
  lease: Lease;
}

/** Undefined where the run is over and was taken away. */
async function board_of({ store }: Engine, spec: PopulationSpec): Promise<Board | undefined> {
  try {
    return await board_store(store, spec).read();
  } catch (error) {
    if (error instanceof SeatLost) return undefined;
    throw error;
  }
}

async function has_work(engine: Engine, spec: PopulationSpec, rank: number): Promise<boolean> {
  const board = await board_of(engine, spec);
  return board !== undefined && !is_over(board, spec, rank);
}

/** What went wrong in a seat that is another's by now, or of a run that is gone, ends nobody's run: what it asked the store for may have been replaced. */
async function is_left(error: unknown, engine: Engine, { spec, rank, lease }: Sitting): Promise<boolean> {
  if (error instanceof SeatLost) return true;
  const seat = (await board_of(engine, spec))?.seats[rank];
  return seat === undefined || seat.epoch > lease.epoch;
}

const ranks_of = (spec: PopulationSpec) => Array.from({ length: spec.ranks }, (_, rank) => rank);

async function sit(options: WorkerOptions, seat: Sitting): Promise<void> {
  const { engine, signal, open_device, say } = options;
  const { spec, rank, lease } = seat;
  const name = keys(spec.id);
  const stop = new AbortController();
  const forget = await engine.store.watch(`run.${spec.id}.control`, (key, entry) => {
    if (key === name.stop && entry) stop.abort();
  });
  try {
    const payload = await read_payload(engine.store, spec.id);
    if (!payload) throw new SeatLost(`the run ${spec.id} is over, its model and data are gone`);
    const { model, rows } = options.unpack(payload);
    const device = await open_device(model, rows.count);
    say(`rank ${rank} of ${spec.id}: ${model.name} on ${device.adapter.name}`);
    let last: RankNews | undefined;
    await run_rank({
      ...{ engine, device, model, rows, spec, rank, lease },
      signal: AbortSignal.any([signal, stop.signal]),
      on_segment(news) {
        last = news;
        // News, not state: whoever listens may hear it.
        void engine.mail.send(name.news, to_bytes(news)).catch(() => {});
        return options.pace?.();
      },
    });
    if (last)
      await engine.store.put(name.final(rank), to_bytes({ ...last, adapter: device.adapter.name } satisfies FinalNews));
  } catch (error) {
    if (error instanceof Unreachable || error instanceof BrokerLost) throw error;
    if (await is_left(error, engine, seat)) {
      say(`${(error as Error).message}; this process leaves it.`);
      return;
    }
    // Another process would fail in the same way: the run stops, and who leads it says why. This one is free for others.
    const failure: Failure = { message: (error as Error).message, is_input: error instanceof UserError };
    await engine.store.put(name.failure(rank), to_bytes(failure));
    await engine.store.put(name.stop, new Uint8Array([1]));
    say(failure.message);
  } finally {
    forget();
    await lease.release().catch(() => {});
  }
}

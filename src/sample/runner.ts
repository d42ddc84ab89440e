/**
 * Runs chains iteration by iteration while something is adapted, and block by block when nothing is.
 *
 * How many leapfrog steps one dispatch takes follows from their measured time, so that it stays well below the watchdogs; chains are state machines, so
 * results do not depend on it.
 */

import type { Device } from '../gpu/device.ts';
import type { Words } from '../random/threefry.ts';
import { as_words, draw_rows, type Engine } from './engine.ts';
import { chain_word, stat_row } from './params.ts';
import type { Machine } from './stepper.ts';
import { type Law, mean_length, trajectory_length } from './trajectory.ts';

/** How transitions are made, for as long as it stays the same. */
export interface Transition {
  machine: Machine;
  epsilon: number;
  /** Longest trajectory while learning; NUTS: deepest tree. */
  most_steps: number;
  law?: Law;
  shared_length?: boolean;
  learning?: boolean;
  homeward?: boolean;
}

/** One iteration of the first `chains` chains: warm-up learns from at most 1024, which is plenty for its few numbers. */
export interface Seen {
  chains: number;
  /** [D][chains] */
  draws: Float32Array<ArrayBuffer>;
  energy: Float32Array;
  acceptance: Float32Array;
  extra: Float32Array;
  diverging: Float32Array;
}

export interface Block {
  /** [iteration][D][chains] and [iteration][stat][chains] */
  draws: Float32Array<ArrayBuffer>;
  stats: Float32Array<ArrayBuffer>;
  iterations: number;
}

export interface RecordOptions {
  /** Of so many iterations, one is kept. */
  thinning: number;
  /** Gets a block of draws while the next one runs; absent where chains keep moments, and nothing is read. */
  take?(block: Block): void;
  /** Told how many iterations all chains have done. */
  on_reached?(done: number): void;
  signal?: AbortSignal;
}

export interface Runner {
  readonly engine: Engine;
  /** Iterations that all chains have done. */
  readonly done: number;
  iterate(transition: Transition): Promise<Seen>;
  /** Records `count` iterations. */
  record(transition: Transition, count: number, options: RecordOptions): Promise<void>;
}

const most_seen = 1024;

export function create_runner(device: Device, engine: Engine, key: Words): Runner {
  const { chains, capacity } = engine.sizes;
  const seen_chains = Math.min(chains, most_seen);
  const pace = create_pace(device.adapter.kind === 'software' ? 60 : 20);
  let done = 0;
  let usual_steps = 8; // of a transition whose length the host does not know

  /** Steps of all chains from iteration `first` to `last`, where the host can know. */
  const known_steps = ({ machine, law, shared_length = true, learning }: Transition, first: number, last: number) => {
    if (machine !== 'hmc' || law === undefined || learning) return undefined;
    if (!shared_length && law.kind !== 'cycle') return undefined;
    let steps = 0;
    for (let n = first; n < last; n++) steps += trajectory_length(law, key, n);
    return steps;
  };

  const slowest = async () => {
    const [row] = await engine.read([{ buffer: 'chain_words', first: chain_word.iteration, count: 1 }]);
    return as_words(row as Float32Array<ArrayBuffer>).reduce((least, n) => Math.min(least, n));
  };

  return {
    engine,
    get done() {
      return done;
    },
    async iterate(transition) {
      const { law, ...run } = transition;
      if (law) engine.set_law(law);
      const known = known_steps(transition, done, done + 1);
      const submit = (ticks: number) => engine.run({ ...run, ticks, limit: done + 1, origin: 0, thinning: 1 });
      for (let left = known ?? usual_steps; left > 0; ) {
        const ticks = Math.min(left, pace.ticks());
        await submit(ticks);
        left -= ticks;
        if (left > 0) await pace.measure(ticks, device.finish());
      }
      const [draws, stats] = draw_rows(engine, done);
      const wanted = [draws, stats, { buffer: 'chain_words', first: chain_word.iteration, count: 1 } as const];
      let rows = await engine.read(wanted, seen_chains);
      if (known === undefined) {
        // The chains seen may be through while others are not.
        while ((await slowest()) < done + 1) {
          await submit(Math.min(2 * usual_steps, pace.ticks()));
          rows = await engine.read(wanted, seen_chains);
        }
      }
      done += 1;
      const [positions, numbers] = rows as [Float32Array<ArrayBuffer>, Float32Array<ArrayBuffer>];
      const stat = (row: number) => numbers.subarray(row * seen_chains, (row + 1) * seen_chains);
      if (known === undefined)
        usual_steps = Math.max(
          1,
          stat(stat_row.steps).reduce((a, b) => Math.max(a, b)),
        );
      return {
        chains: seen_chains,
        draws: positions,
        energy: stat(stat_row.energy),
        acceptance: stat(stat_row.acceptance),
        extra: stat(stat_row.extra),
        diverging: stat(stat_row.diverging),
      };
    },
    async record(transition, count, { thinning, take, on_reached, signal }) {
      const { law, ...run } = transition;
      if (law) engine.set_law(law);
      const origin = done;
      const end = origin + count;
      const per_block = take ? (capacity / 2) * thinning : count;
      const exact = known_steps(transition, origin, origin) !== undefined;
      let known = { until: origin, steps: 0 };
      let room = 0; // steps submitted
      let arrived = 0; // when the last submit was done
      let taken = 0; // blocks
      let pending: Promise<void> = Promise.resolve();
      let before: { reached: Promise<number>; ticks: number; at: number } | undefined;
      let slow = origin;
      let step_estimate = law ? mean_length(law) : usual_steps;
      while (slow < end && !signal?.aborted) {
        const limit = Math.min(end, origin + (taken + 2) * per_block);
        if (exact) {
          known = { until: limit, steps: known.steps + (known_steps(transition, known.until, limit) as number) };
        }
        const left = exact ? known.steps - room : Math.max(1, Math.ceil((limit - slow) * step_estimate));
        const ticks = Math.min(left, pace.ticks());
        let now: typeof before;
        if (ticks > 0) {
          await engine.run({ ...run, ticks, limit, origin, thinning });
          room += ticks;
          now = { reached: slowest(), ticks, at: performance.now() };
        }
        if (!now && !before) throw new Error('chains take more steps than the host counted.');
        // One submit ahead, so that the device does not wait for the host.
        if (before) {
          slow = await before.reached;
          on_reached?.(slow - origin);
          pace.took(before.ticks, performance.now() - Math.max(before.at, arrived));
          arrived = performance.now();
        }
        before = now;
        if (slow > origin) step_estimate = Math.max(1, room / (slow - origin));
        while (slow >= Math.min(end, origin + (taken + 1) * per_block) && taken * per_block < slow - origin) {
          const first = (taken * per_block) / thinning;
          const iterations = Math.floor((Math.min(end, origin + (taken + 1) * per_block) - origin) / thinning) - first;
          taken += 1;
          if (iterations === 0 || !take) continue;
          const read = engine.read(draw_rows(engine, first, iterations));
          const previous = pending;
          pending = (async () => {
            await previous;
            const [draws, stats] = (await read) as [Float32Array<ArrayBuffer>, Float32Array<ArrayBuffer>];
            take({ draws, stats, iterations });
          })();
          // At most two blocks on the way.
          await previous;
        }
      }
      await pending;
      await before?.reached;
      done = slow;
    },
  };
}

/** Leapfrog steps for one dispatch, from the time that earlier ones took. */
function create_pace(wanted_ms: number) {
  let per_tick: number | undefined;
  const took = (ticks: number, ms: number) => {
    const seen = ms / ticks;
    per_tick = per_tick === undefined ? seen : 0.7 * per_tick + 0.3 * seen;
  };
  return {
    ticks: () => (per_tick === undefined ? 1 : Math.max(1, Math.min(100_000, Math.floor(wanted_ms / per_tick)))),
    took,
    async measure(ticks: number, finished: Promise<void>) {
      const started = performance.now();
      await finished;
      took(ticks, performance.now() - started);
    },
  };
}

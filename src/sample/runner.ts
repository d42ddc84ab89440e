/**
 * Runs chains iteration by iteration while something is adapted, and block by block when nothing is.
 *
 * How many leapfrog steps one dispatch takes follows from their measured time, so that it stays well below the watchdogs; chains are state machines, so
 * results do not depend on it.
 */

import type { Device } from '../gpu/device.ts';
import type { Words } from '../random/threefry.ts';
import type { Engine } from './engine.ts';
import type { KeptChains } from './kept_chains.ts';
import type { Onlooker } from './onlooker.ts';
import { create_pace } from './pace.ts';
import { chain_word, phase, stat_row, vector_slot } from './params.ts';
import { create_reader } from './reader.ts';
import { as_words, draw_rows, word } from './rows.ts';
import { seen_chains } from './seen_chains.ts';
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

/** One iteration of the chains that warm-up looks at (seen_chains.ts). */
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
  /** Ends the run early. Draws that all chains have finished are still taken; chains that keep moments go on until all are where the first of them is. */
  signal?: AbortSignal;
  /** Awaited before every dispatch: a place to go on from. */
  on_place?(keep: () => Promise<KeptRecording>): void | Promise<void>;
  /** Goes on from there instead of from where the chains are. */
  from?: KeptRecording;
}

/** Where recording stands. What was taken so far is the business of who took it. */
export interface KeptRecording {
  /** The iteration that is recorded first. */
  origin: number;
  /** Leapfrog steps submitted since. */
  steps: number;
  /** Kept draws of every chain that were taken. */
  taken: number;
  chains: KeptChains;
}

export interface Runner {
  readonly engine: Engine;
  /** Iterations that all chains have done. */
  readonly done: number;
  iterate(transition: Transition): Promise<Seen>;
  /** Records `count` iterations. Gives how many draws of every chain were kept. */
  record(transition: Transition, count: number, options: RecordOptions): Promise<number>;
}

/** Draws of moments that the first chain may be ahead of the last, by half: all that an interruption has to wait for. */
const moments_window = 512;

interface Submitted {
  /** Where the last chain stands after it. */
  reached: Promise<number>;
  ticks: number;
  at: number;
}

export function create_runner(device: Device, engine: Engine, key: Words, onlooker?: Onlooker): Runner {
  const { chains, capacity, dimension } = engine.sizes;
  const looked_at = seen_chains(chains);
  const pace = onlooker
    ? create_pace(onlooker.wanted_ms, () => onlooker.most_steps())
    : create_pace(device.adapter.kind === 'software' ? 60 : 20);
  const run: Engine['run'] = async (steps) => {
    await engine.run(steps);
    await onlooker?.on_turn({
      ...{ chains, dimension, vectors: engine.vectors },
      draws: dimension * vector_slot.draw_position,
      positions: dimension * vector_slot.position,
      ...{ recorded: engine.recorded, capacity },
    });
  };
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
    const [row] = await engine.read([word(chain_word.iteration)]);
    return as_words(row as Float32Array<ArrayBuffer>).reduce((least, n) => Math.min(least, n));
  };

  /** Where the first chain stands when it has finished the transition under way, which no limit stops. */
  const fastest = async () => {
    const [iterations, phases] = (await engine.read([word(chain_word.iteration), word(chain_word.phase)])).map(
      as_words,
    );
    return (iterations as Uint32Array).reduce(
      (most, n, c) => Math.max(most, n + Number(phases?.[c] !== phase.waiting)),
      0,
    );
  };

  return {
    engine,
    get done() {
      return done;
    },
    async iterate(transition) {
      const { law, ...moves } = transition;
      if (law) engine.set_law(law);
      const known = known_steps(transition, done, done + 1);
      const submit = (ticks: number) => run({ ...moves, ticks, limit: done + 1, origin: 0, thinning: 1 });
      for (let left = known ?? usual_steps; left > 0; ) {
        const ticks = Math.min(left, pace.ticks());
        await submit(ticks);
        left -= ticks;
        if (left > 0) await pace.measure(ticks, device.finish());
      }
      const [draws, stats] = draw_rows(engine.sizes, done);
      let rows = await engine.read([draws, stats], looked_at);
      if (known === undefined) {
        // The chains seen may be through while others are not. Those that are wait, which costs little; asking costs a way to the device and back.
        for (let most = 2 * usual_steps; (await slowest()) < done + 1; most *= 2) {
          const more = Math.min(most, pace.ticks());
          await submit(more);
          const from = performance.now();
          rows = await engine.read([draws, stats], looked_at);
          pace.took(more, performance.now() - from);
        }
      }
      done += 1;
      const [positions, numbers] = rows as [Float32Array<ArrayBuffer>, Float32Array<ArrayBuffer>];
      const stat = (row: number) => numbers.subarray(row * looked_at.count, (row + 1) * looked_at.count);
      if (known === undefined)
        usual_steps = Math.max(
          1,
          stat(stat_row.steps).reduce((a, b) => Math.max(a, b)),
        );
      return {
        chains: looked_at.count,
        draws: positions,
        energy: stat(stat_row.energy),
        acceptance: stat(stat_row.acceptance),
        extra: stat(stat_row.extra),
        diverging: stat(stat_row.diverging),
      };
    },
    async record(transition, count, { thinning, take, on_reached, signal, on_place, from }) {
      const { law, ...moves } = transition;
      if (law) engine.set_law(law);
      if (from) engine.put(from.chains, key);
      const origin = from?.origin ?? done;
      const end = origin + count;
      const kept_per_block = take ? Math.min(capacity / 2, onlooker?.block ?? capacity) : moments_window;
      const per_block = kept_per_block * thinning;
      const exact = known_steps(transition, origin, origin) !== undefined;
      let known = { until: origin, steps: 0 };
      let room = from?.steps ?? 0; // steps submitted
      let arrived = 0; // when the last submit was done
      let blocks = 0; // that all chains have finished
      let before: Submitted | undefined;
      let slow = from ? await slowest() : origin;
      let step_estimate = law ? mean_length(law) : usual_steps;
      const reader = take ? create_reader(engine, kept_per_block, from?.taken ?? 0, take) : undefined;
      const keep = async (): Promise<KeptRecording> => {
        await reader?.finish();
        const taken = reader?.first ?? 0;
        const unread = { first: taken, count: reader ? 2 * kept_per_block : 0 };
        return { origin, steps: room, taken, chains: await engine.keep(unread) };
      };
      const submit = async (ticks: number, limit: number): Promise<Submitted> => {
        await run({ ...moves, ticks, limit, origin, thinning });
        room += ticks;
        const reached = slowest();
        // Where an earlier submit fails, nobody asks for this one.
        reached.catch(() => {});
        return { reached, ticks, at: performance.now() };
      };
      const arrive = async (one: Submitted) => {
        slow = await one.reached;
        on_reached?.(slow - origin);
        pace.took(one.ticks, performance.now() - Math.max(one.at, arrived));
        arrived = performance.now();
        if (slow > origin) step_estimate = Math.max(1, room / (slow - origin));
      };
      const read_finished = async () => {
        while (slow >= origin + (blocks + 1) * per_block) {
          blocks += 1;
          await reader?.read_until(blocks * kept_per_block);
        }
      };
      const steps_to = (limit: number) => Math.max(1, Math.ceil((limit - slow) * step_estimate));
      await read_finished();
      while (slow < end && !signal?.aborted) {
        await on_place?.(keep);
        const limit = Math.min(end, origin + (blocks + 2) * per_block);
        if (exact) {
          known = { until: limit, steps: known.steps + (known_steps(transition, known.until, limit) as number) };
        }
        const ticks = Math.min(exact ? known.steps - room : steps_to(limit), pace.ticks());
        const now = ticks > 0 ? await submit(ticks, limit) : undefined;
        if (!now && !before) throw new Error('chains take more steps than the host counted.');
        // One submit ahead, so that the device does not wait for the host.
        if (before) await arrive(before);
        before = now;
        await read_finished();
      }
      if (before) await arrive(before);
      if (!take && slow < end) {
        // Sums of chains that are not equally long cannot be compared.
        const limit = origin + Math.floor(((await fastest()) - origin) / thinning) * thinning;
        while (slow < limit) await arrive(await submit(Math.min(steps_to(limit), pace.ticks()), limit));
      }
      done = slow;
      const kept = Math.floor((slow - origin) / thinning);
      await reader?.read_until(kept);
      await reader?.finish();
      return kept;
    },
  };
}

/** Runs chains block by block, while nothing is adapted: one dispatch ahead of what the host knows, and draws are read while the next ones are made. */

import type { KeptChains } from './kept_chains.ts';
import { create_reader } from './reader.ts';
import type { Steps, Transition } from './steps.ts';
import { mean_length } from './trajectory.ts';

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

/** Draws of moments that the first chain may be ahead of the last, by half: all that an interruption has to wait for. */
const moments_window = 512;

interface Submitted {
  /** Where the last chain stands after it. */
  reached: Promise<number>;
  ticks: number;
  at: number;
}

interface Begun {
  /** Iterations that all chains have done. */
  done: number;
  /** Leapfrog steps of a transition whose law is not known, as warm-up had them. */
  usual: number;
}

/** Records `count` iterations. @returns how many draws of every chain were kept, and the iterations that all have done now */
export async function record_blocks(
  { engine, key, pace, block, run, known_steps, slowest, fastest }: Steps,
  { done, usual }: Begun,
  transition: Transition,
  count: number,
  { thinning, take, on_reached, signal, on_place, from }: RecordOptions,
): Promise<{ kept: number; done: number }> {
  const { capacity } = engine.sizes;
  const { law, ...moves } = transition;
  if (law) engine.set_law(law);
  if (from) engine.put(from.chains, key);
  const origin = from?.origin ?? done;
  const end = origin + count;
  const kept_per_block = take ? Math.min(capacity / 2, block ?? capacity) : moments_window;
  const per_block = kept_per_block * thinning;
  const exact = known_steps(transition, origin, origin) !== undefined;
  let known = { until: origin, steps: 0 };
  let room = from?.steps ?? 0; // steps submitted
  let arrived = 0; // when the last submit was done
  let blocks = 0; // that all chains have finished
  let before: Submitted | undefined;
  let slow = from ? await slowest() : origin;
  let step_estimate = law ? mean_length(law) : usual;
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
  const kept = Math.floor((slow - origin) / thinning);
  await reader?.read_until(kept);
  await reader?.finish();
  return { kept, done: slow };
}

/** Leapfrog steps of the chains, in dispatches: what iterations and blocks are made of. */

import type { Device } from '../gpu/device.ts';
import type { Words } from '../random/threefry.ts';
import type { Engine } from './engine.ts';
import type { Onlooker } from './onlooker.ts';
import { create_pace } from './pace.ts';
import { chain_word, phase, vector_slot } from './params.ts';
import { as_words, word } from './rows.ts';
import type { Machine } from './stepper.ts';
import { type Law, trajectory_length } from './trajectory.ts';

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

/** How many steps a dispatch takes follows from their measured time, so that it stays well below the watchdogs; chains are state machines, so results do not depend on it. */
export type Steps = ReturnType<typeof create_steps>;

export function create_steps(device: Device, engine: Engine, key: Words, onlooker?: Onlooker) {
  const { chains, capacity, dimension } = engine.sizes;
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
  /** Steps of all chains from iteration `first` to `last`, where the host can know. */
  const known_steps = ({ machine, law, shared_length = true, learning }: Transition, first: number, last: number) => {
    if (machine !== 'hmc' || law === undefined || learning) return undefined;
    if (!shared_length && law.kind !== 'cycle') return undefined;
    let steps = 0;
    for (let n = first; n < last; n++) steps += trajectory_length(law, key, n);
    return steps;
  };

  /** Where the last chain stands. */
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
    key,
    pace,
    /** Draws of every chain that are read together; absent: as many as there is room for. */
    block: onlooker?.block,
    run,
    known_steps,
    slowest,
    fastest,
  };
}

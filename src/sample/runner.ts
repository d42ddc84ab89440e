/** Runs chains iteration by iteration while something is adapted, and block by block when nothing is. */

import type { Device } from '../gpu/device.ts';
import type { Words } from '../random/threefry.ts';
import { type RecordOptions, record_blocks } from './blocks.ts';
import type { Engine } from './engine.ts';
import type { Onlooker } from './onlooker.ts';
import { stat_row } from './params.ts';
import { draw_rows } from './rows.ts';
import { seen_chains } from './seen_chains.ts';
import { create_steps, type Transition } from './steps.ts';

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

export interface Runner {
  readonly engine: Engine;
  /** Iterations that all chains have done. */
  readonly done: number;
  iterate(transition: Transition): Promise<Seen>;
  /** Records `count` iterations. Gives how many draws of every chain were kept. */
  record(transition: Transition, count: number, options: RecordOptions): Promise<number>;
}

export function create_runner(device: Device, engine: Engine, key: Words, onlooker?: Onlooker): Runner {
  const looked_at = seen_chains(engine.sizes.chains);
  const steps = create_steps(device, engine, key, onlooker);
  const { pace, run, known_steps, slowest } = steps;
  let done = 0;
  let usual_steps = 8; // of a transition whose length the host does not know

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
    async record(transition, count, options) {
      const recorded = await record_blocks(steps, { done, usual: usual_steps }, transition, count, options);
      done = recorded.done;
      return recorded.kept;
    },
  };
}

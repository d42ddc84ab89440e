/** The row of several timed SMC² runs that differ in their seed. */

import { duration } from '../format.ts';
import { summarise } from '../quartiles.ts';
import type { Row } from '../record.ts';
import type { Smc2Work, TimedRun } from './run.ts';

/** @param runs at least one, in the order they ran */
export function row_of(label: string, work: Smc2Work, runs: readonly TimedRun[], note: string): Row {
  const wall = summarise(runs.map((run) => run.ms));
  const count = summarise(runs.map((run) => run.particle_steps)).median;
  const [first] = runs as readonly [TimedRun];
  const which = runs.length === 1 ? 'one run' : `the first run took ${duration(first.ms)}`;
  return {
    label,
    sizes: {
      filters: work.thetas,
      particles: work.particles,
      steps: work.observations.length,
      moves: work.moves,
    },
    work: { count, unit: 'particle-steps' },
    wall,
    gpu_note: 'a run starts on a device of its own, compilation included',
    rate: count / (wall.median / 1000),
    peers: [],
    note: `${which}; ${note}`,
  };
}

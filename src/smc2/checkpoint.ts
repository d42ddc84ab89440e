/** Where a run stands at an iteration's end: all that the next ones depend on beside the options. Everything else on the device is written anew in each iteration. */

import type { Device } from '../gpu/device.ts';
import type { StateSpaceModel } from '../model/types.ts';
import { history_memory, population_rows } from './memory.ts';
import type { Iteration, PopulationView } from './options.ts';

export interface Smc2Checkpoint {
  /** Made so far: what the host decides follows from them (course.ts). */
  iterations: Iteration[];
  /** Relative variance of the evidence when lambda came to 1; 0 before. */
  evidence_variance: number;
  /** [row][theta], rows as in shaders/smc2/population.wgsl. */
  population: ArrayBuffer;
  /** [theta] */
  log_weights: ArrayBuffer;
  /** [move at lambda = 1][D + 3][theta], as the engine records them. */
  history: ArrayBuffer;
}

type Kept = Pick<Smc2Checkpoint, 'population' | 'log_weights' | 'history'>;

/** @param moves at lambda = 1 so far */
export async function read_run(
  device: Device,
  model: StateSpaceModel,
  { thetas, ...view }: PopulationView,
  history: GPUBuffer,
  moves: number,
): Promise<Kept> {
  const row = 4 * thetas;
  // All copies are submitted before the first of them is waited for: they are of one moment.
  const [population, log_weights, records] = await Promise.all([
    device.read(view.population, population_rows(model.scalars.length) * row),
    device.read(view.log_weights, row),
    device.read(history, moves === 0 ? 0 : history_memory(model, thetas, moves).bytes),
  ]);
  return { population, log_weights, history: records };
}

export function write_run({ gpu: { queue } }: Device, view: PopulationView, history: GPUBuffer, kept: Kept): void {
  queue.writeBuffer(view.population, 0, kept.population);
  queue.writeBuffer(view.log_weights, 0, kept.log_weights);
  queue.writeBuffer(history, 0, kept.history);
}

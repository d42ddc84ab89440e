/** One SMC² run as a benchmark takes it: from the prior, on a device of its own, until the posterior and its errors are on the host. */

import type { Device } from '../../src/gpu/device.ts';
import type { StateSpaceModel } from '../../src/model/types.ts';
import type { Smc2Options, Smc2Result } from '../../src/smc2/options.ts';
import { run_smc2 } from '../../src/smc2/smc2.ts';

export interface Smc2Work {
  model: StateSpaceModel;
  observations: readonly number[];
  thetas: number;
  particles: number;
  /** Moves at the full posterior. */
  moves: number;
  seed: number;
}

/** The defaults of `langevin smc2`: Langevin proposals by the fixed-ancestor gradient, accepted or rejected, each evaluation with noise of its own. */
function options_of({ model, observations, moves, ...work }: Smc2Work): Smc2Options {
  return {
    ...work,
    model,
    data: { [model.observation[0] as string]: observations },
    iterations: moves,
    proposal: 'langevin',
    correction: 'metropolis',
    l_kernel: 'forward',
    tempering: true,
    preconditioned: true,
    blend: 0,
    noise: 'fresh',
  };
}

export interface TimedRun {
  result: Smc2Result;
  /** Milliseconds, compilation included. */
  ms: number;
  /** Particle-steps of all evaluations. */
  particle_steps: number;
}

export async function time_smc2(device: Device, work: Smc2Work): Promise<TimedRun> {
  const started = performance.now();
  const result = await run_smc2(device, options_of(work));
  const ms = performance.now() - started;
  // The first population is evaluated once before the iterations.
  const evaluations = 1 + result.iterations.length;
  return { result, ms, particle_steps: evaluations * work.thetas * work.particles * work.observations.length };
}

/** The same on a fresh device. */
export async function time_cold(open_device: () => Promise<Device>, work: Smc2Work): Promise<TimedRun> {
  const device = await open_device();
  try {
    return await time_smc2(device, work);
  } finally {
    device.destroy();
  }
}

/** The largest Monte Carlo error of a posterior mean, in posterior sds. */
export const worst_error = ({ parameters }: Smc2Result): number =>
  Math.max(...Object.values(parameters).map(({ mcse, sd }) => mcse / sd));

/** A filter bank, and what runs forward from it, as phases of a dry run. */

import type { BankOptions } from '../filter/bank.ts';
import { bank_work, plan_bank } from '../filter/bank_plan.ts';
import { predict_memory, shared_noise_memory } from '../filter/memory.ts';
import type { BufferPlan } from '../gpu/buffer_plan.ts';
import type { Device } from '../gpu/device.ts';
import type { StateSpaceModel } from '../model/types.ts';
import type { Phase } from './dry_run.ts';

/** @param shared one buffer of noise for all filters @param beside what else takes memory at the same time */
export function bank_phase(
  device: Device,
  name: string,
  options: BankOptions,
  shared: boolean,
  beside: readonly BufferPlan[] = [],
): Phase {
  const plan = plan_bank(device, options);
  const { waves, dispatches, particle_steps, normals } = bank_work(plan, options, shared);
  const { model, shape, filters, particles, steps } = plan;
  return {
    name,
    memory: [...plan.memory, ...(shared ? [shared_noise_memory(model, steps, particles)] : []), ...beside],
    work: {
      shape,
      filters,
      particles,
      steps,
      waves,
      [shape === 'grid' ? 'dispatches' : 'dispatches, at least']: dispatches,
      'particle-steps': particle_steps,
      'random normals': normals,
    },
  };
}

/** One-step predictions from every step, then the forecast: each gives its memory back before the next. */
export function predict_phases(model: StateSpaceModel, steps: number, forecast: number, replicates: number): Phase[] {
  const phase = (name: string, starts: number, horizon: number): Phase => ({
    name,
    memory: predict_memory(model, starts, horizon, replicates),
    work: { 'state draws': starts * replicates, transitions: starts * horizon * replicates },
  });
  return [
    ...(steps > 0 ? [phase('predictions', steps, 1)] : []),
    ...(forecast > 0 ? [phase('forecast', 1, forecast)] : []),
  ];
}

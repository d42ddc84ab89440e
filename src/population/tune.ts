/** What warm-up finds: the metric and the step size, by which the budgets of staleness.ts are kept. Later they stand. */

import type { Device } from '../gpu/device.ts';
import type { Words } from '../random/threefry.ts';
import { threefry } from '../random/threefry.ts';
import { gradient_noise, largest_curvature } from './curvature.ts';
import { slot } from './params.ts';
import { create_particles } from './particles.ts';
import type { PopulationSpec } from './spec.ts';
import { largest_step, type Steepness } from './staleness.ts';
import type { Particles, ParticlesOptions } from './types.ts';

/** Points at which the curvature is measured. */
const most_points = 8;

/** Segments before which it is tuned: with fewer segments of warm-up some of them are the same. */
export const tuning_segments = (warm_up: number): number[] => [
  ...new Set([0, warm_up >> 2, warm_up >> 1, (3 * warm_up) >> 2, warm_up]),
];

/** From the middle of the warm-up on the squares of gradients are of where particles will be; its last quarter is left to MALA's step size, for which a new metric is another scale. */
export const learns_metric = (spec: PopulationSpec, segment: number): boolean =>
  spec.learn_metric && (segment === spec.warm_up >> 1 || segment === (3 * spec.warm_up) >> 2) && segment > 0;

export interface Steepnesses extends Steepness {
  /** ε by the budget. */
  allowed: number;
}

/** @param particles whose first are the points @param betas theirs, by particle */
export async function measure_steepness(
  device: Device,
  options: ParticlesOptions,
  {
    particles,
    betas,
    metric,
    spec,
  }: { particles: Particles; betas: ArrayLike<number>; metric: Float32Array; spec: PopulationSpec },
): Promise<Steepnesses> {
  const points = Math.min(most_points, particles.count);
  const all = await particles.read(slot.position);
  const start = new Float32Array(particles.dimension * points);
  for (let d = 0; d < particles.dimension; d++) {
    start.set(all.subarray(d * particles.count, d * particles.count + points), d * points);
  }
  const key: Words = threefry(options.key, [0, 1]);
  const probe = await create_particles(device, { ...options, particles: points, start, key, method: 'sgld' });
  try {
    probe.temper(Float32Array.from({ length: points }, (_, c) => betas[c] as number));
    const curvature = await largest_curvature(probe, metric, key);
    const measured = await gradient_noise(probe, metric, { batch: spec.batch });
    // Beside what friction α injects, α ε, the same noise weighs 1/α times as much.
    const noise = spec.method === 'sghmc' ? measured / spec.friction : measured;
    const steepness = { curvature, noise, delay: spec.delay };
    return { ...steepness, allowed: largest_step(steepness, spec.budget) };
  } finally {
    probe.destroy();
  }
}

/** MALA: towards the acceptance that is best for it (Roberts & Rosenthal 1998), by ever smaller corrections. */
export function adapted_step(step_size: number, acceptance: number, segment: number): number {
  return step_size * Math.exp((2 * (acceptance - 0.574)) / Math.sqrt(1 + segment));
}

/** MALA in the first half of its warm-up: now and then much shorter steps, by which particles come away from where the gradient is so steep that every proposal of the usual length is refused. */
export function part_of_step(spec: PopulationSpec, segment: number): number {
  const parts = [1, 1e-1, 1e-2, 1e-3];
  return spec.method === 'mala' && segment < spec.warm_up >> 1 ? (parts[(segment >> 1) % parts.length] as number) : 1;
}

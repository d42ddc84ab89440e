/** The learned drift where somebody asks for it: one step of the equation without noise, of length 1, less where it began. */

import type { Device } from '../../gpu/device.ts';
import type { LearnedSde } from './learned.ts';
import { learned_paths, whole_batches } from './paths.ts';

/** @param points [point][component] in the model's units @param clock time since the series began over the longest series. [point][component], in the model's units */
export async function drift_at(
  device: Device,
  learned: LearnedSde,
  points: readonly ArrayLike<number>[],
  clock = 0,
): Promise<Float64Array[]> {
  const { latent } = learned.model;
  const paths = whole_batches(points.length);
  const states = new Float32Array(latent * paths);
  points.forEach((point, n) => {
    for (let d = 0; d < latent; d++) states[d * paths + n] = point[d] as number;
  });
  const steps = [{ dt: 1, clock }];
  const { trajectory } = await learned_paths(device, learned, {
    states,
    steps,
    every: 1,
    diffusion: 'none',
    key: [0, 0],
  });
  const after = trajectory.subarray(latent * paths);
  return points.map((_, n) =>
    Float64Array.from(
      { length: latent },
      (__, d) => (after[d * paths + n] as number) - (states[d * paths + n] as number),
    ),
  );
}

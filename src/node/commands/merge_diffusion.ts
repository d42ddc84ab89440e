/** Method diffusion of `langevin merge`. */

import type { Points } from '../../diagnostics/points.ts';
import type { Device } from '../../gpu/device.ts';
import { diffusion_merge } from '../../merge/diffusion.ts';
import { equal_draws, type Learned, learned_facts } from '../../merge/learned.ts';
import type { MergeSpace } from '../../merge/shards/space.ts';
import { tilt_draws } from '../../merge/tilt_draws.ts';
import type { ShardDraws } from '../../merge/whiten.ts';
import type { Words } from '../../random/threefry.ts';
import type { MergeOptions } from './merge_options.ts';

/** Draws in the coordinates of the merge. */
export async function run_diffusion(
  device: Device,
  { learning, draws }: MergeOptions,
  { set, log_jacobian }: MergeSpace,
  key: Words,
  on_progress: (what: string, done: number, of: number) => void,
): Promise<{ points: Points; learned: Learned }> {
  const known = set.shards.map(
    ({ points, gradients, log_densities }): ShardDraws => ({
      draws: points,
      ...(gradients === undefined ? {} : { gradients: { ...points, values: gradients } }),
      ...(log_densities === undefined ? {} : { log_densities }),
    }),
  );
  const tilted = log_jacobian === undefined ? undefined : tilt_draws(known, log_jacobian, key);
  const merge = await diffusion_merge(device, tilted?.shards ?? known, {
    ...{ updates: learning.updates, seeds: learning.networks, draws, key, on_progress },
    ...(learning.units === undefined ? {} : { units: learning.units }),
  });
  const points = equal_draws(merge, key);
  return {
    points,
    learned: {
      ...learned_facts(merge, points),
      updates: learning.updates,
      ...(tilted === undefined ? {} : { tilt_ess: tilted.least_ess }),
    },
  };
}

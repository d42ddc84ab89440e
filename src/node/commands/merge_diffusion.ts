/** Method diffusion of `langevin merge`. */

import type { Points } from '../../diagnostics/points.ts';
import type { Device } from '../../gpu/device.ts';
import { diffusion_merge } from '../../merge/diffusion.ts';
import { draws_by_network, type Learned, learned_facts } from '../../merge/learned.ts';
import type { Particles } from '../../merge/rounds/correction.ts';
import type { MergeSpace } from '../../merge/shards/space.ts';
import { tilt_draws } from '../../merge/tilt_draws.ts';
import { draws_of, type ShardDraws } from '../../merge/whiten.ts';
import type { Words } from '../../random/threefry.ts';
import type { MergeOptions } from './merge_options.ts';

/** In the coordinates of the merge. */
export interface DiffusionRun {
  points: Points;
  /** [network] its own draws, where there are several. */
  by_network: Points[];
  learned: Learned;
  /** [draw] of what was learned, up to a constant. */
  log_density: Float64Array;
  /** The same draws, with their networks and what was learned there. */
  particles: Particles;
  /** Some of the particles on their way from noise to the product. */
  path: { time: number; points: Points }[];
}

export async function run_diffusion(
  device: Device,
  chosen: MergeOptions,
  { set, log_jacobian }: MergeSpace,
  key: Words,
  on_progress: (what: string, done: number, of: number) => void,
): Promise<DiffusionRun> {
  const known = set.shards.map(draws_of);
  const tilted = log_jacobian === undefined ? undefined : tilt_draws(known, log_jacobian, key);
  const run = await learn_shards(device, chosen, tilted?.shards ?? known, key, on_progress);
  if (tilted === undefined) return run;
  return { ...run, learned: { ...run.learned, tilt_ess: tilted.least_ess } };
}

/** The learned merge of shards that have the densities they should. */
export async function learn_shards(
  device: Device,
  { learning, draws }: MergeOptions,
  shards: readonly ShardDraws[],
  key: Words,
  on_progress: (what: string, done: number, of: number) => void,
): Promise<DiffusionRun> {
  const path: DiffusionRun['path'] = [];
  const merge = await diffusion_merge(device, shards, {
    ...{ updates: learning.updates, seeds: learning.networks, draws, key, on_progress },
    on_snapshot: (time, some) => void path.push({ time, points: some }),
    ...(learning.units === undefined ? {} : { units: learning.units }),
  });
  return {
    points: merge.draws,
    by_network: draws_by_network(merge),
    path,
    log_density: merge.energy,
    particles: merge,
    learned: { ...learned_facts(merge), updates: learning.updates },
  };
}

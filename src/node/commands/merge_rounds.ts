/** `langevin merge --rounds`: shards are asked where the merge lies. */
import type { Points } from '../../diagnostics/points.ts';
import type { Device } from '../../gpu/device.ts';
import { type Gaussian, gaussian_product, shard_moments } from '../../merge/baselines/shards.ts';
import { gaussian_in_rounds, networks_in_rounds, type RoundFacts } from '../../merge/rounds/merge_in_rounds.ts';
import type { MergeSpace } from '../../merge/shards/space.ts';
import { tilt_moments } from '../../merge/tilt.ts';
import type { Words } from '../../random/threefry.ts';
import { oracle_of, type ReachableShard } from '../load_oracles.ts';
import { type DiffusionRun, learn_shards } from './merge_diffusion.ts';
import type { MergeOptions } from './merge_options.ts';

/** In the coordinates of the merge. */
export interface RoundsRun {
  points: Points;
  /** [draw] of the posterior, up to a constant. */
  log_density: Float64Array;
  facts: RoundFacts;
  /** The last round's, of method diffusion. */
  learned?: DiffusionRun;
}

export async function run_rounds(
  device: Device,
  chosen: MergeOptions,
  space: MergeSpace,
  shards: readonly ReachableShard[],
  key: Words,
  on_progress: (what: string, done: number, of: number) => void,
): Promise<RoundsRun> {
  const oracles = shards.map((shard) => oracle_of(device, shard, space));
  const options = { rounds: chosen.rounds, draws: chosen.draws, key, on_round: on_progress };
  const start = first_guess(space);
  if (chosen.method === 'gradient-gaussian') return gaussian_in_rounds(oracles, start, options);
  const runs: DiffusionRun[] = [];
  const learn = async (...[of, own_key, draws]: Parameters<Parameters<typeof networks_in_rounds>[2]>) => {
    const run = await learn_shards(device, { ...chosen, draws }, of, own_key, on_progress);
    runs.push(run);
    return run.particles;
  };
  const found = await networks_in_rounds(oracles, start, learn, options);
  return { ...found, learned: runs.at(-1) as DiffusionRun };
}

/** The product of the shards' Gaussians. Where the Jacobian's power leaves it none, without that: the rounds mend it. */
function first_guess({ set, log_jacobian }: MergeSpace): Gaussian {
  const moments = shard_moments(set.shards.map(({ points }) => points));
  return gaussian_product((log_jacobian && tilt_moments(moments, log_jacobian)) ?? moments);
}

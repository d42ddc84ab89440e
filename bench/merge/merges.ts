/** The merges that a task is given to, one after the other. */

import type { Points } from '../../src/diagnostics/points.ts';
import type { Device } from '../../src/gpu/device.ts';
import { gaussian_product, shard_moments } from '../../src/merge/baselines/shards.ts';
import { diffusion_merge } from '../../src/merge/diffusion.ts';
import { draws_by_network, learned_facts } from '../../src/merge/learned.ts';
import { merge_by, merge_gradients } from '../../src/merge/methods.ts';
import { gaussian_in_rounds } from '../../src/merge/rounds/merge_in_rounds.ts';
import type { ShardOracle } from '../../src/merge/rounds/oracle.ts';
import type { MergeSpace } from '../../src/merge/shards/space.ts';
import { tilt_draws } from '../../src/merge/tilt_draws.ts';
import { judge } from '../../src/merge/verdict/judge.ts';
import { verdict } from '../../src/merge/verdict/words.ts';
import { draws_of } from '../../src/merge/whiten.ts';
import type { Words } from '../../src/random/threefry.ts';
import type { MergeSizes } from './sizes.ts';

export interface Merged {
  method: string;
  /** In the coordinates that people see. */
  points: Points;
  /** [network] its own draws, where several learned. */
  by_network: Points[];
  seconds: number;
  note?: string;
  /** Whether the verdict says that it lies where shards have no draws. */
  extrapolates?: boolean;
}

const key: Words = [5, 2406];

export function* quick_merges({ set, log_jacobian, back }: MergeSpace, draws: number): Generator<Merged> {
  const points = set.shards.map((shard) => shard.points);
  for (const method of ['consensus', 'gaussian', 'swiss', 'semiparametric'] as const) {
    const started = performance.now();
    const { points: merged } = merge_by(method, points, { draws, key }, log_jacobian);
    yield { method, points: back(merged), by_network: [], seconds: (performance.now() - started) / 1000 };
  }
  const started = performance.now();
  const { points: merged } = merge_gradients(set.shards.map(draws_of), { draws, key }, log_jacobian);
  const seconds = (performance.now() - started) / 1000;
  yield { method: 'gradient-gaussian', points: back(merged), by_network: [], seconds };
}

export async function learned_merge(
  device: Device,
  { set, log_jacobian, back }: MergeSpace,
  { draws, updates, networks }: MergeSizes,
  say: (line: string) => void,
): Promise<Merged> {
  const started = performance.now();
  const shards = set.shards.map(draws_of);
  const tilted = log_jacobian === undefined ? shards : tilt_draws(shards, log_jacobian, key).shards;
  let stage = '';
  const merge = await diffusion_merge(device, tilted, {
    ...{ updates, seeds: networks, draws, key },
    on_progress(what) {
      if (what !== stage) say(`${what}, after ${((performance.now() - started) / 1000).toFixed(0)} s`);
      stage = what;
    },
  });
  const seconds = (performance.now() - started) / 1000;
  const facts = learned_facts(merge);
  const weights = facts.weights_ess === undefined ? '' : `, weights leave ${(100 * facts.weights_ess).toFixed(0)} %`;
  const apart = facts.disagreement === undefined ? '' : `, networks ${facts.disagreement.toFixed(3)} sd apart`;
  const note = `${networks} networks of ${facts.units} units and ${updates} updates a shard; ${facts.levels} levels, acceptance ${facts.acceptance.toFixed(2)}${weights}${apart}`;
  return {
    ...{ method: 'diffusion', points: back(merge.draws), by_network: draws_by_network(merge).map(back) },
    ...{ seconds, note, extrapolates: verdict(judge(set, merge.draws), 'diffusion').extrapolates },
  };
}

export async function merge_in_rounds(
  oracles: readonly ShardOracle[],
  { set, back }: MergeSpace,
  { rounds, draws }: { rounds: number; draws: number },
): Promise<Merged> {
  const started = performance.now();
  const start = gaussian_product(shard_moments(set.shards.map(({ points }) => points)));
  const { points, facts } = await gaussian_in_rounds(oracles, start, { rounds, draws, key });
  const { k_hat, used } = facts.correction;
  return {
    ...{ method: `gradient-gaussian, ${rounds} rounds`, points: back(points), by_network: [] },
    seconds: (performance.now() - started) / 1000,
    note: `the mean moved ${facts.moved.map((sds) => sds.toFixed(3)).join(', ')} sd; k-hat ${k_hat.toFixed(2)}, ${used ? 'resampled' : 'not resampled'}`,
  };
}

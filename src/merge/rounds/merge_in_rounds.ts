/**
 * A merge of shards that can be asked: rounds of the Gaussian first, which cost next to nothing and bring the merge to where the posterior is; then, for the learned merge, rounds of networks; at the end the importance
 * weights against the posterior itself.
 */
import { type Points, points_between } from '../../diagnostics/points.ts';
import { site, type Words, words_at } from '../../random/threefry.ts';
import { gaussian_draws, gaussian_log_density } from '../baselines/gaussian.ts';
import type { Gaussian } from '../baselines/shards.ts';
import type { ShardDraws } from '../whiten.ts';
import {
  type Corrected,
  type Correction,
  correct_draws,
  correct_particles,
  type Particles,
  summed_log_densities,
} from './correction.ts';
import { gaussian_rounds } from './gaussian_rounds.ts';
import { asked_shards, widened } from './network_round.ts';
import { ask_all, type ShardOracle } from './oracle.ts';

export interface RoundOptions {
  rounds: number;
  /** Merged draws. */
  draws: number;
  key: Words;
  on_round?(what: string, round: number, of: number): void;
}

/** What is known of a merge in rounds. */
export interface RoundFacts {
  /** [round of the Gaussian] how far its mean moved, in sds. */
  moved: number[];
  /** Of networks. */
  networks: number;
  /** Points at which every shard was asked in a round, at least. */
  asked: number;
  /** Directions in which the last Gaussian's precision had to be held. */
  held: number;
  correction: Correction;
  /** Of draws of the last Gaussian, which the networks began with; there where the correction of theirs could not be used and this one could. */
  gaussian_correction?: Correction;
}

export interface RoundsMerge {
  points: Points;
  /** [draw] of the posterior, up to a constant, in the coordinates of the merge. */
  log_density: Float64Array;
  facts: RoundFacts;
}

/** At which every shard is asked: more tell little more, and cost in proportion. */
const MOST_ASKED = 10_000;
/** For every parameter, since a Gaussian has half the square of their number of unknowns. */
const LEAST_ASKED = 10;
/** A Gaussian that moves less than this, in sds, is where it will stay, as far as networks need it. */
const ENOUGH = 0.1;
const MOST_GAUSSIAN_ROUNDS = 10;

/** For networks, which learn from nothing else. */
const LEAST_LEARNED = 4000;

const asked_points = (draws: number, dimension: number) =>
  Math.min(MOST_ASKED, Math.max(draws, LEAST_ASKED * dimension));

/** Method gradient-gaussian. Throws UserError where shards have no density where the merge lies. */
export async function gaussian_in_rounds(
  oracles: readonly ShardOracle[],
  start: Gaussian,
  { rounds, draws, key, on_round }: RoundOptions,
): Promise<RoundsMerge> {
  const points = asked_points(draws, start.mean.length);
  const { merged, moved } = await gaussian_rounds(oracles, start, {
    ...{ rounds, points, key },
    on_round: (round) => on_round?.('round', round, rounds),
  });
  const { correction, ...found } = await corrected_gaussian(oracles, merged, draws, key);
  return { ...found, facts: { moved, networks: 0, asked: points, held: merged.held, correction } };
}

async function corrected_gaussian(
  oracles: readonly ShardOracle[],
  merged: Gaussian,
  draws: number,
  key: Words,
): Promise<Corrected> {
  const asked = await ask_all(oracles, gaussian_draws(merged, { draws, key }));
  const log_target = summed_log_densities(asked);
  const log_own = gaussian_log_density(merged, asked.points);
  return correct_draws(
    asked.points,
    log_target,
    log_target.map((l, i) => l - (log_own[i] as number)),
    key,
  );
}

/**
 * Method diffusion.
 *
 * @param learn the learned merge of such shards, in the coordinates of the merge, in at least so many draws
 */
export async function networks_in_rounds(
  oracles: readonly ShardOracle[],
  start: Gaussian,
  learn: (shards: ShardDraws[], key: Words, draws: number) => Promise<Particles>,
  { rounds, draws, key, on_round }: RoundOptions,
): Promise<RoundsMerge> {
  const asked = Math.max(LEAST_LEARNED, asked_points(draws, start.mean.length));
  const { merged, moved } = await gaussian_rounds(oracles, start, {
    ...{ rounds: MOST_GAUSSIAN_ROUNDS, enough: ENOUGH, points: asked, key },
    on_round: (round) => on_round?.('Gaussian round', round, MOST_GAUSSIAN_ROUNDS),
  });
  let current = first_points(start, merged, asked, key);
  let learned: Particles | undefined;
  for (let round = 0; round < rounds; round++) {
    on_round?.('round', round + 1, rounds);
    const own_key = words_at(key, site.weights, 1 + round, 0);
    const found = await ask_all(oracles, widened(points_between(current, 0, Math.min(asked, current.count))));
    // What is asked next needs no fewer points, however few draws are wanted in the end.
    learned = await learn(asked_shards(found), own_key, round === rounds - 1 ? draws : Math.max(draws, asked));
    current = learned.draws;
  }
  if (learned === undefined) throw new Error('networks_in_rounds: no rounds.');
  const facts = { moved, networks: rounds, asked, held: merged.held };
  const at_end = await ask_all(oracles, current);
  const { correction, ...found } = correct_particles(at_end, learned, key);
  if (correction.used) return { ...found, facts: { ...facts, correction } };
  // Whether the Gaussian would have done.
  const gaussian = (await corrected_gaussian(oracles, merged, draws, key)).correction;
  return { ...found, facts: { ...facts, correction, ...(gaussian.used ? { gaussian_correction: gaussian } : {}) } };
}

/**
 * Half of the Gaussian that the rounds came to and half of that they began with: where the posterior has several modes, the first sits in one of them, and the second, of the shards' own moments, spans them all.
 */
function first_points(start: Gaussian, merged: Gaussian, count: number, key: Words): Points {
  const half = Math.ceil(count / 2);
  const [a, b] = [merged, start].map((one, k) =>
    gaussian_draws(one, { draws: half, key: words_at(key, site.start, 1 + k, 0) }),
  );
  const dimension = start.mean.length;
  const values = new Float64Array(2 * half * dimension);
  // Pair by pair, since every other point is widened.
  for (let i = 0; i < 2 * half; i++) {
    const from = (Math.floor(i / 4) * 2 + (i % 2)) * dimension;
    values.set(((i % 4 < 2 ? a : b) as Points).values.subarray(from, from + dimension), i * dimension);
  }
  return { count: 2 * half, dimension, values };
}

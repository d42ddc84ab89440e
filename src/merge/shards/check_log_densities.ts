/**
 * Whether log densities and gradients are of the same density: between near draws a and b,
 *
 *     log p(b) − log p(a) = ½ (g_a + g_b)·(b − a) + O(|b − a|³)
 *
 * without error for a Gaussian at any distance. No chance is in it; what is left unexplained is the third order of the differences.
 */
import { type Points, points_between } from '../../diagnostics/points.ts';
import { UserError } from '../../model/user_error.ts';
import type { Shard } from './shard.ts';
import { white_shard } from './whitened_shard.ts';

/** Draws whose nearest neighbour is looked for, and draws among which. */
const PAIRS = { from: 300, among: 3000 };

/** The part of the squared differences that may stay unexplained. Densities with the wrong sign, order or coordinates leave about 1 or more. */
const MOST_UNEXPLAINED = 0.25;

/** Throws UserError naming the shard. Without gradients there is nothing to compare with. */
export function check_log_densities(shard: Shard): void {
  const { gradients, log_densities } = shard;
  if (gradients === undefined || log_densities === undefined) return;
  const unexplained = unexplained_share(shard, gradients, log_densities);
  if (!(unexplained > MOST_UNEXPLAINED)) return;
  throw new UserError(
    `The log densities and the gradients of ${shard.name} are not of one density: between neighbouring draws, differences of the one and slopes of the other disagree (${(100 * unexplained).toFixed(0)} % unexplained; allowed are ${100 * MOST_UNEXPLAINED} %).\n` +
      'Both must be of the same shard density, with respect to the numbers in the draws, row by row in their order.',
  );
}

/** NaN where the differences are below the resolution of the numbers. */
function unexplained_share(shard: Shard, gradients: Float64Array, log_densities: Float64Array): number {
  const white = white_shard(shard, gradients);
  const resolution = f32_resolution(log_densities);
  let [left, squares, pairs] = [0, 0, 0];
  for (const [a, b] of near_pairs(white.points)) {
    const difference = (log_densities[b] as number) - (log_densities[a] as number);
    let slope = 0;
    for (let j = 0; j < white.points.dimension; j++) {
      const [at_a, at_b] = [a * white.points.dimension + j, b * white.points.dimension + j];
      const gradient = (white.gradients.values[at_a] as number) + (white.gradients.values[at_b] as number);
      slope += 0.5 * gradient * ((white.points.values[at_b] as number) - (white.points.values[at_a] as number));
    }
    left += (difference - slope) ** 2;
    squares += (difference ** 2 + slope ** 2) / 2;
    pairs++;
  }
  return squares > 100 * pairs * resolution ** 2 ? left / squares : Number.NaN;
}

/** The spacing of f32 at the largest value: log densities are stored in f32 more often than not. */
function f32_resolution(values: Float64Array): number {
  const largest = values.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  return largest * 2 ** -23;
}

/** Evenly spread draws, each with its nearest neighbour among others; copies of a draw are no neighbours. */
function* near_pairs(points: Points): Generator<[number, number]> {
  const from = spread(points.count, PAIRS.from);
  const among = spread(points.count, PAIRS.among);
  for (const a of from) {
    const here = points_between(points, a, a + 1).values;
    let nearest = -1;
    let least = Number.POSITIVE_INFINITY;
    for (const b of among) {
      let distance = 0;
      for (let j = 0; j < here.length; j++) {
        distance += ((points.values[b * here.length + j] as number) - (here[j] as number)) ** 2;
      }
      if (distance > 0 && distance < least) [nearest, least] = [b, distance];
    }
    if (nearest >= 0) yield [a, nearest];
  }
}

const spread = (count: number, most: number) =>
  Array.from({ length: Math.min(count, most) }, (_, i) => Math.floor((i * count) / Math.min(count, most)));

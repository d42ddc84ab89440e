/**
 * A round of the learned merge: every shard is asked for its log density and gradient where the merge lies, and networks learn what a Gaussian fitted to those gradients misses.
 *
 * At t → 0 score and energy are functions of the place, which regression finds at whatever points it is given; at t = 1 the base is all there is. So both ends of the path are right, and the weights along it, which are
 * of differences of energies, count whatever lies between.
 */
import { symmetric_inverse, times_vector } from '../../diagnostics/linear_algebra.ts';
import { type Points, points_covariance, points_mean } from '../../diagnostics/points.ts';
import { fit_score, held_precision, type LinearScore, white_points } from '../baselines/gradient_regression.ts';
import type { Gaussian } from '../baselines/shards.ts';
import type { ShardDraws } from '../whiten.ts';
import type { Asked } from './oracle.ts';

/** Times the merge's spread, of every other point: so a merge that is somewhat off is still covered. */
const WIDENED = 1.5;

/** Every other point farther from the mean. */
export function widened(points: Points): Points {
  const { count, dimension, values } = points;
  const center = points_mean(points);
  const moved = values.map((x, at) => {
    const c = center[at % dimension] as number;
    return Math.floor(at / dimension) % 2 === 0 ? x : c + WIDENED * (x - c);
  });
  return { count, dimension, values: moved };
}

/** What networks of the shards learn from: the points that were asked, with the base of each shard. */
export function asked_shards({ points, answers }: Asked): ShardDraws[] {
  const white = white_points(points, 'The merge');
  const expected = points_covariance(points).map((c) => c * answers.length);
  return answers.map(({ gradients, log_densities }) => ({
    draws: points,
    gradients: { ...points, values: gradients },
    log_densities,
    base: base_of(fit_score(white, gradients), expected),
  }));
}

/** Least precision of a base, in coordinates where it is expected to be I: not more than twice as wide. */
const LEAST_BASE = 1 / 4;

/** @param expected covariance: that of the points times the number of shards */
function base_of({ center, slope, precision }: LinearScore, expected: Float64Array): Gaussian {
  const covariance = symmetric_inverse(held_precision(precision, expected, LEAST_BASE).precision, center.length);
  return { mean: times_vector(covariance, slope).map((x, j) => x + (center[j] as number)), covariance };
}

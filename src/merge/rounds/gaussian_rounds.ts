/**
 * Rounds of the gradient-regression Gaussian: draws of the current Gaussian, every shard's gradient there, the Gaussian that these give. Each is a step of natural-gradient variational inference, so the
 * rounds come to rest at the Gaussian q with the least KL(q, ∏ p_b), usually after three or four.
 */
import {
  lower_factor,
  lower_inverse,
  product,
  symmetric_inverse,
  times_vector,
  transposed,
} from '../../diagnostics/linear_algebra.ts';
import { map_points, type Points } from '../../diagnostics/points.ts';
import { normals_at } from '../../random/normals.ts';
import { site, type Words } from '../../random/threefry.ts';
import { fit_score, type GradientProduct, gradient_product, white_points } from '../baselines/gradient_regression.ts';
import type { Gaussian } from '../baselines/shards.ts';
import { ask_all, type ShardOracle } from './oracle.ts';

export interface GaussianRoundOptions {
  /** At most. */
  rounds: number;
  /** Stop after a round in which the mean moved less than this many sds; absent: make all rounds. */
  enough?: number;
  /** At which every shard is asked, in each round. */
  points: number;
  key: Words;
  on_round?(round: number, moved: number): void;
}

export interface GaussianRounds {
  merged: GradientProduct;
  /** [round] how far the shards wanted the mean to move, in sds of the Gaussian that they gave (a Mahalanobis distance). */
  moved: number[];
}

export async function gaussian_rounds(
  oracles: readonly ShardOracle[],
  start: Gaussian,
  { rounds, enough = 0, points, key, on_round }: GaussianRoundOptions,
): Promise<GaussianRounds> {
  let current: GradientProduct = { ...start, held: 0 };
  let found: Omit<GaussianRounds, 'moved'> | undefined;
  const moved: number[] = [];
  let share = 1;
  let before: Step | undefined;
  while (moved.length < rounds) {
    const asked = await ask_all(oracles, symmetric_points(current, points, key, moved.length));
    const white = white_points(asked.points, 'The merge');
    const scores = asked.answers.map(({ gradients }) => fit_score(white, gradients));
    const target = gradient_product(scores, current.covariance);
    const step = step_between(current, target);
    // A step back goes past its aim: where curvature falls as fast as the width grows, whole steps would go to and fro for ever.
    if (before && along(step, before) < 0) share = Math.max(LEAST_SHARE, share / 2);
    before = step;
    const distance = standardised_shift(current, target);
    current = share === 1 ? target : part_of_the_way(current, target, share);
    moved.push(distance);
    found = { merged: current };
    on_round?.(moved.length, distance);
    if (distance < enough) break;
  }
  if (found === undefined) throw new Error('gaussian_rounds: no rounds.');
  return { ...found, moved };
}

const LEAST_SHARE = 1 / 8;

/** From one Gaussian to another, in coordinates where the first is white: of its mean, and of its precision. */
interface Step {
  shift: Float64Array;
  precision: Float64Array;
}

function step_between({ mean, covariance }: Gaussian, to: Gaussian): Step {
  const size = mean.length;
  const factor = lower_factor(covariance, size);
  const seen = product(product(transposed(factor, size), symmetric_inverse(to.covariance, size), size), factor, size);
  return {
    shift: times_vector(
      lower_inverse(factor, size),
      to.mean.map((m, j) => m - (mean[j] as number)),
    ),
    precision: seen.map((p, at) => p - Number(at % (size + 1) === 0)),
  };
}

/** Inner product of two steps, as Fisher's information has it. */
function along(a: Step, b: Step): number {
  const dot = (x: Float64Array, y: Float64Array) => x.reduce((sum, v, i) => sum + v * (y[i] as number), 0);
  return dot(a.shift, b.shift) + dot(a.precision, b.precision) / 2;
}

/**
 * Pairs m ± L z: their mean is m exactly, and what is even in z (a skewed shard) does not disturb the fit of what is odd (its curvature), nor the other way round.
 */
function symmetric_points({ mean, covariance }: Gaussian, count: number, key: Words, round: number): Points {
  const dimension = mean.length;
  const pairs = Math.ceil(count / 2);
  const half = normals_at(key, site.propose, round, pairs * dimension);
  const values = new Float64Array(2 * half.length);
  values.set(half);
  values.set(
    half.map((z) => -z),
    half.length,
  );
  const matrix = lower_factor(covariance, dimension);
  return map_points(
    { count: 2 * pairs, dimension, values },
    { matrix, center: new Float64Array(dimension), shift: mean },
  );
}

function standardised_shift(from: Gaussian, { mean, covariance }: Gaussian): number {
  const inverse = lower_inverse(lower_factor(covariance, mean.length), mean.length);
  return Math.hypot(
    ...times_vector(
      inverse,
      mean.map((m, j) => m - (from.mean[j] as number)),
    ),
  );
}

/** Precisions mixed, and the mean moved by the share. */
function part_of_the_way(from: Gaussian, to: GradientProduct, share: number): GradientProduct {
  const size = from.mean.length;
  const [old, wanted] = [symmetric_inverse(from.covariance, size), symmetric_inverse(to.covariance, size)];
  return {
    mean: from.mean.map((m, j) => m + share * ((to.mean[j] as number) - m)),
    covariance: symmetric_inverse(
      old.map((p, at) => (1 - share) * p + share * (wanted[at] as number)),
      size,
    ),
    held: to.held,
  };
}

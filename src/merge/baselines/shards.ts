/** What every Gaussian merge needs of the shards: their means and precisions, and the product of their Gaussians. */
import { squared_pivots, symmetric_inverse, times_vector } from '../../diagnostics/linear_algebra.ts';
import { type Points, points_covariance, points_mean } from '../../diagnostics/points.ts';
import { UserError } from '../../model/user_error.ts';

export interface Gaussian {
  /** [dimension] */
  mean: Float64Array;
  /** [dimension][dimension] */
  covariance: Float64Array;
}

export interface ShardMoments extends Gaussian {
  /** Inverse of the covariance. */
  precision: Float64Array;
}

/**
 * The moments of every shard. Throws UserError for fewer than two shards, shards of different dimensions, numbers that are not finite,
 * and draws that do not span every coordinate; shards and columns are counted from 1.
 */
export function shard_moments(shards: readonly Points[]): ShardMoments[] {
  if (shards.length < 2) {
    throw new UserError(`A merge needs two shards or more; there ${shards.length === 1 ? 'is one' : 'are none'}.`);
  }
  const dimension = shards[0]?.dimension as number;
  return shards.map((points, s) => {
    check_shard(points, dimension, s);
    const mean = points_mean(points);
    const covariance = points_covariance(points, mean);
    check_span(covariance, dimension, s);
    return { mean, covariance, precision: symmetric_inverse(covariance, dimension) };
  });
}

/** N(m, V): V the inverse of the sum of precisions, m = V Σ precision · mean (Neiswanger, Wang and Xing 2014). */
export function gaussian_product(moments: readonly ShardMoments[]): Gaussian {
  const dimension = moments[0]?.mean.length as number;
  const precision = new Float64Array(dimension * dimension);
  const weighted = new Float64Array(dimension);
  for (const shard of moments) {
    shard.precision.forEach((p, i) => {
      precision[i] = (precision[i] as number) + p;
    });
    times_vector(shard.precision, shard.mean).forEach((x, j) => {
      weighted[j] = (weighted[j] as number) + x;
    });
  }
  const covariance = symmetric_inverse(precision, dimension);
  return { mean: times_vector(covariance, weighted), covariance };
}

function check_shard({ count, dimension, values }: Points, expected: number, s: number): void {
  if (dimension !== expected) {
    throw new UserError(
      `Shard ${s + 1} has ${dimension} columns, shard 1 has ${expected}.\nAll shards must hold the same parameters in the same order.`,
    );
  }
  if (count <= dimension) {
    throw new UserError(
      `Shard ${s + 1} has ${count} draws of ${dimension} parameters, too few for a covariance.\nGive at least ${dimension + 1}, better a hundred times as many.`,
    );
  }
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new UserError(
      `Shard ${s + 1}, draw ${Math.floor(bad / dimension) + 1}, column ${(bad % dimension) + 1}: ${values[bad]} is not a finite number.`,
    );
  }
}

/**
 * A squared pivot of the correlation matrix is the share of a coordinate's variance that the coordinates before it leave open. Where a
 * coordinate follows from others, float32 draws leave 1e-15 of it open.
 */
const LEAST_SHARE = 1e-10;

function check_span(covariance: Float64Array, dimension: number, s: number): void {
  const sd = Float64Array.from({ length: dimension }, (_, j) => Math.sqrt(covariance[j * (dimension + 1)] as number));
  const constant = sd.findIndex((x) => !(x > 0));
  if (constant >= 0) {
    throw new UserError(
      `Shard ${s + 1}: column ${constant + 1} is the same in every draw.\nLeave it out of all shards, or sample it.`,
    );
  }
  const correlation = covariance.map(
    (c, at) => c / ((sd[Math.floor(at / dimension)] as number) * (sd[at % dimension] as number)),
  );
  const dependent = squared_pivots(correlation, dimension).findIndex((share) => share < LEAST_SHARE);
  if (dependent >= 0) {
    throw new UserError(
      `Shard ${s + 1}: column ${dependent + 1} follows from the columns before it, so the draws have no density.\nLeave it out of all shards.`,
    );
  }
}

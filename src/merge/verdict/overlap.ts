/**
 * Where the merge lies as each shard sees it: in the coordinates in which the shard's draws have mean 0 and covariance I. A merge can only be
 * as right as the shards' densities are known where it lies, and a shard knows its density only near its draws.
 */
import { lower_factor, lower_inverse, times_vector } from '../../diagnostics/linear_algebra.ts';
import { map_points, type Points } from '../../diagnostics/points.ts';
import type { ShardMoments } from '../baselines/shards.ts';
import { effective_draws, type Shard } from '../shards/shard.ts';

export interface Overlap {
  /** |c|, c = Σ^{−1/2} (m − μ) with m the merge's mean: standard deviations between shard and merge. */
  distance: number;
  /** Root mean square distance of merged draws from the shard's mean; the shard's own are at √dimension. */
  radius: number;
  /** Effective draws of the shard that lie as far out as the merge's mean, in its direction. */
  beyond: number;
  /** Skewness of the shard's draws in that direction, and its standard error. */
  skewness: number;
  skewness_error: number;
}

/** @param merged draws @param mean of the merged draws */
export function overlap(
  shard: Shard,
  { mean: center, covariance }: ShardMoments,
  merged: Points,
  mean: Float64Array,
): Overlap {
  const dimension = mean.length;
  const whitening = lower_inverse(lower_factor(covariance, dimension), dimension);
  const offset = times_vector(
    whitening,
    mean.map((m, j) => m - (center[j] as number)),
  );
  const distance = Math.hypot(...offset);
  const seen = map_points(merged, { matrix: whitening, center, shift: new Float64Array(dimension) });
  const radius = Math.sqrt(seen.values.reduce((sum, x) => sum + x * x, 0) / seen.count);
  const along = project(
    shard.points,
    whitening,
    center,
    offset.map((c) => c / Math.max(distance, Number.MIN_VALUE)),
  );
  const worth = effective_draws(shard, along);
  const count = along.reduce((n, x) => n + Number(x >= distance), 0);
  return {
    distance,
    radius,
    beyond: (count / along.length) * worth,
    skewness: along.reduce((sum, x) => sum + x ** 3, 0) / along.length,
    skewness_error: Math.sqrt(6 / worth),
  };
}

/** [draw] u · whitening (x − center) */
function project(points: Points, whitening: Float64Array, center: Float64Array, u: Float64Array): Float64Array {
  const white = map_points(points, { matrix: whitening, center, shift: new Float64Array(u.length) });
  return Float64Array.from({ length: points.count }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < u.length; j++) sum += (white.values[i * u.length + j] as number) * (u[j] as number);
    return sum;
  });
}

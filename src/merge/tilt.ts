/**
 * What |J|^{−(S − 1)} does to the product of the shards (shards/space.ts): each shard b gets the factor |J|^{−(1 − 1/S)}.
 *
 * Kernel methods weigh every draw by it. For Gaussians its logarithm is taken to second order about the mean m of the corrected product, which is found by Newton's
 * method: with g and H the gradient and Hessian of log |J| at m, and r = 1 − 1/S,
 *
 *     P_b′ = P_b + r H,    P_b′ μ_b′ = P_b μ_b − r (g − H m)
 */
import {
  lower_factor,
  lower_inverse,
  product,
  squared_pivots,
  symmetric_inverse,
  times_vector,
} from '../diagnostics/linear_algebra.ts';
import { map_points, type Points } from '../diagnostics/points.ts';
import { gaussian_product, type ShardMoments } from './baselines/shards.ts';

type LogJacobian = (phi: Float64Array) => number;

/** [shard][draw] r log of the factor. */
export function tilt_weights(shards: readonly Points[], log_jacobian: LogJacobian): Float64Array[] {
  const power = 1 - 1 / shards.length;
  return shards.map(({ count, dimension, values }) =>
    Float64Array.from(
      { length: count },
      (_, i) => -power * log_jacobian(values.subarray(i * dimension, (i + 1) * dimension)),
    ),
  );
}

const MOST_STEPS = 50;

/** The corrected Gaussians; undefined where the expansion leaves one of them without a density. */
export function tilt_moments(moments: readonly ShardMoments[], log_jacobian: LogJacobian): ShardMoments[] | undefined {
  let at = gaussian_product(moments).mean;
  for (let step = 0; step < MOST_STEPS; step++) {
    const tilted = tilt_at(moments, log_jacobian, at);
    if (tilted === undefined) return undefined;
    const { mean, covariance } = gaussian_product(tilted);
    const size = mean.length;
    const moved = Math.max(
      ...mean.map((m, j) => Math.abs(m - (at[j] as number)) / Math.sqrt(covariance[j * (size + 1)] as number)),
    );
    at = mean;
    if (moved < 1e-9) return tilted;
  }
  return undefined;
}

function tilt_at(
  moments: readonly ShardMoments[],
  log_jacobian: LogJacobian,
  at: Float64Array,
): ShardMoments[] | undefined {
  const size = at.length;
  const power = 1 - 1 / moments.length;
  const { gradient, hessian } = derivatives(log_jacobian, at);
  const linear = times_vector(hessian, at).map((h, j) => power * ((gradient[j] as number) - h));
  const tilted: ShardMoments[] = [];
  for (const { mean, precision } of moments) {
    const own = precision.map((p, k) => p + power * (hessian[k] as number));
    if (!squared_pivots(own, size).every((pivot) => pivot > 0)) return undefined;
    const covariance = symmetric_inverse(own, size);
    const target = times_vector(precision, mean).map((x, j) => x - (linear[j] as number));
    tilted.push({ mean: times_vector(covariance, target), covariance, precision: own });
  }
  return tilted;
}

/** Balances rounding and truncation of second differences of functions of order 1: about 1e-8 of both. */
const STEP = 1e-4;

function derivatives(f: LogJacobian, at: Float64Array): { gradient: Float64Array; hessian: Float64Array } {
  const size = at.length;
  const moved = (...steps: [number, number][]) => {
    const point = at.slice();
    for (const [j, step] of steps) point[j] = (point[j] as number) + step;
    return f(point);
  };
  const gradient = at.map((_, j) => (moved([j, STEP]) - moved([j, -STEP])) / (2 * STEP));
  const hessian = new Float64Array(size * size);
  for (let j = 0; j < size; j++) {
    for (let k = 0; k <= j; k++) {
      const mixed =
        moved([j, STEP], [k, STEP]) -
        moved([j, STEP], [k, -STEP]) -
        moved([j, -STEP], [k, STEP]) +
        moved([j, -STEP], [k, -STEP]);
      hessian[j * size + k] = mixed / (4 * STEP * STEP);
      hessian[k * size + j] = mixed / (4 * STEP * STEP);
    }
  }
  return { gradient, hessian };
}

/** Every shard's draws, moved by an affine map from one mean and covariance to another. */
export function moved_shards(
  shards: readonly Points[],
  from: readonly ShardMoments[],
  to: readonly ShardMoments[],
): Points[] {
  return shards.map((shard, b) => {
    const [old, wanted] = [from[b] as ShardMoments, to[b] as ShardMoments];
    const size = shard.dimension;
    const matrix = product(
      lower_factor(wanted.covariance, size),
      lower_inverse(lower_factor(old.covariance, size), size),
      size,
    );
    return map_points(shard, { matrix, center: old.mean, shift: wanted.mean });
  });
}

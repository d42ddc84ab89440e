/**
 * The coordinates of the learned merge: every shard in its own white ones, where its network is trained, and all of them in those where the Gaussian product is white, where particles move.
 *
 *   shard   x = S (θ − μ),      S = Σ^−½ (symmetric)
 *   product θ = m + R u,        R = V^½, so that x = A u + c with A = S R, c = S (m − μ)
 *
 * arXiv 2406.11664; no Jacobian is needed, as all are constant.
 */

import { product, symmetric_inverse, symmetric_power, times_vector } from '../diagnostics/linear_algebra.ts';
import type { Points } from '../diagnostics/points.ts';
import { type Gaussian, gaussian_product, type ShardMoments, shard_moments } from './baselines/shards.ts';
import type { Shard } from './shards/shard.ts';
import type { TrainingSet } from './train.ts';

/** Draws of one shard with what its sampler knew of them, in one set of unconstrained coordinates for all shards. */
export interface ShardDraws {
  draws: Points;
  /** Of the log density at the draws. */
  gradients?: Points;
  /** Up to a constant. [draw] */
  log_densities?: Float64Array;
  /**
   * The Gaussian μ, Σ that the shard's network corrects, where it is not that of the draws: `draws` are then points at which the shard was asked, wherever they lie. The network sees the shard right at t → 0, where its
   * score and energy are functions of the place alone, and at t = 1, where the base is all there is; between them weights count what is not.
   */
  base?: Gaussian;
}

export const draws_of = ({ points, gradients, log_densities }: Shard): ShardDraws => ({
  draws: points,
  ...(gradients === undefined ? {} : { gradients: { ...points, values: gradients } }),
  ...(log_densities === undefined ? {} : { log_densities }),
});

export interface WhitenedShards {
  training: TrainingSet[];
  /** [shard][d][d + 1]: rows of A, c last. */
  maps: Float32Array<ArrayBuffer>;
  /** θ = center + root · u. */
  center: Float64Array;
  root: Float64Array;
}

/** Throws UserError as `shard_moments` does. */
export function whiten_shards(shards: readonly ShardDraws[]): WhitenedShards {
  const moments = shards.every(({ base }) => base)
    ? shards.map(base_moments)
    : shard_moments(shards.map(({ draws }) => draws));
  const { mean: center, covariance } = gaussian_product(moments);
  const dimension = center.length;
  const root = symmetric_power(covariance, dimension, 0.5);
  const maps = new Float32Array(shards.length * dimension * (dimension + 1));
  const training = shards.map((shard, b) => {
    const { mean, covariance: own } = moments[b] as ShardMoments;
    const whitening = symmetric_power(own, dimension, -0.5);
    const inner = product(whitening, root, dimension);
    const offset = times_vector(
      whitening,
      center.map((m, j) => m - (mean[j] as number)),
    );
    for (let i = 0; i < dimension; i++) {
      const row = (b * dimension + i) * (dimension + 1);
      maps.set(inner.subarray(i * dimension, (i + 1) * dimension), row);
      maps[row + dimension] = offset[i] as number;
    }
    return training_set(shard, mean, whitening, symmetric_power(own, dimension, 0.5));
  });
  return { training, maps, center, root };
}

function base_moments({ base }: ShardDraws): ShardMoments {
  const { mean, covariance } = base as Gaussian;
  return { mean, covariance, precision: symmetric_inverse(covariance, mean.length) };
}

/** Log densities less their mean: only differences are learned, and f32 keeps more of small numbers. */
function training_set(
  { draws, gradients, log_densities }: ShardDraws,
  mean: Float64Array,
  whitening: Float64Array,
  root: Float64Array,
): TrainingSet {
  const { count, dimension } = draws;
  const columns = 2 * dimension + 1;
  const rows = new Float32Array(count * columns);
  const level = log_densities ? log_densities.reduce((sum, value) => sum + value / count, 0) : 0;
  for (let i = 0; i < count; i++) {
    const row = (points: Points) => points.values.subarray(i * dimension, (i + 1) * dimension);
    rows.set(
      times_vector(
        whitening,
        row(draws).map((x, j) => x - (mean[j] as number)),
      ),
      i * columns,
    );
    if (gradients) rows.set(times_vector(root, row(gradients)), i * columns + dimension);
    if (log_densities) rows[i * columns + 2 * dimension] = (log_densities[i] as number) - level;
  }
  return { rows, has_gradients: gradients !== undefined };
}

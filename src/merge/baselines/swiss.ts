/** SwISS (Vyner, Nemeth and Sherlock 2023): every shard's draws are moved by an affine map onto the common mean and covariance. */
import { gram, lower_factor, lower_inverse, product, symmetric_power } from '../../diagnostics/linear_algebra.ts';
import { type AffineMap, map_points, type Points } from '../../diagnostics/points.ts';
import type { BaselineOptions } from './options.ts';
import { type Gaussian, gaussian_product, shard_moments } from './shards.ts';
import { shuffled_draws } from './shuffled.ts';

export interface SwissOptions extends BaselineOptions {
  /**
   * Whether shard b drew from prior × likelihood_b^M, which is as wide as the full posterior, as the authors have it; else from
   * prior^{1/M} × likelihood_b, as for every other merge here: the product form.
   */
  inflated: boolean;
}

/**
 * θ ↦ A_b (θ − μ_b) + m with A_b Σ_b A_bᵀ = V, pooled over shards. m and V are those of the product of Gaussians; of inflated shards V
 * has the mean of the precisions in place of their sum, so it is M times as large. Draws come from the shards in turn, each
 * shuffled; M·n of them are every draw once. Exact for Gaussian shards. Throws UserError as `shard_moments`.
 */
export function swiss(shards: readonly Points[], { draws, key, inflated }: SwissOptions): Points {
  const moments = shard_moments(shards);
  const { mean, covariance } = gaussian_product(moments);
  const common = { mean, covariance: inflated ? covariance.map((v) => v * shards.length) : covariance };
  const dimension = mean.length;
  const values = new Float64Array(draws * dimension);
  shards.forEach((shard, b) => {
    const moved = map_points(shard, onto(moments[b] as Gaussian, common)).values;
    const order = shuffled_draws(shard, b, key);
    for (let i = b, turn = 0; i < draws; i += shards.length, turn++) {
      const at = order(turn) * dimension;
      values.set(moved.subarray(at, at + dimension), i * dimension);
    }
  });
  return { count: draws, dimension, values };
}

/**
 * A = R (R⁻¹ Σ R⁻ᵀ)^{−1/2} R⁻¹ for any root R·Rᵀ = V: another root is R·Q with Q orthogonal, which cancels. The triangular one keeps
 * its digits where units of the coordinates differ widely.
 */
function onto(shard: Gaussian, { mean, covariance }: Gaussian): AffineMap {
  const size = mean.length;
  const root = lower_factor(covariance, size);
  const inverse = lower_inverse(root, size);
  const whitened = gram(product(inverse, lower_factor(shard.covariance, size), size), size);
  const turn = symmetric_power(whitened, size, -0.5);
  return { matrix: product(product(root, turn, size), inverse, size), center: shard.mean, shift: mean };
}

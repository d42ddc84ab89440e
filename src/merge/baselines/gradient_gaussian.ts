/** The gradient-regression Gaussian of the shards' own draws; gradient_regression.ts says what it is. */
import type { Points } from '../../diagnostics/points.ts';
import { UserError } from '../../model/user_error.ts';
import { log_jacobian_slope } from '../tilt_draws.ts';
import type { ShardDraws } from '../whiten.ts';
import { fit_score, type GradientProduct, gradient_product, is_proper, white_points } from './gradient_regression.ts';
import { gaussian_product, shard_moments } from './shards.ts';

/**
 * @param log_jacobian where every shard's density holds |J| once and should hold it to the power 1/S (shards/space.ts)
 *
 * Throws UserError for shards without gradients, and as `shard_moments`.
 */
export function gradient_gaussian(
  shards: readonly ShardDraws[],
  log_jacobian?: (phi: Float64Array) => number,
): GradientProduct {
  const without = shards.findIndex(({ gradients }) => gradients === undefined);
  if (without >= 0) {
    throw new UserError(
      `--method gradient-gaussian needs the gradient of every shard's log density at its draws, and shard ${without + 1}, as they were given, has none.\nGive --gradients FILE, sample with --keep-gradients, or use --method gaussian.`,
    );
  }
  const moments = shard_moments(shards.map(({ draws }) => draws));
  const power = 1 - 1 / shards.length;
  const scores = shards.map(({ draws, gradients }, b) => {
    const { count, dimension } = draws;
    const own = (gradients as Points).values.slice();
    for (let at = 0; log_jacobian && at < count * dimension; at += dimension) {
      log_jacobian_slope(log_jacobian, draws.values.slice(at, at + dimension)).forEach((slope, j) => {
        own[at + j] = (own[at + j] as number) - power * slope;
      });
    }
    return fit_score(white_points(draws, `Shard ${b + 1}, as they were given,`), own);
  });
  // Proper Gaussians have a product, wherever their draws are; only others need to be told how wide it may be.
  return scores.every(is_proper)
    ? gradient_product(scores)
    : gradient_product(scores, gaussian_product(moments).covariance);
}

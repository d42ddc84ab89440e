/**
 * Whether gradients belong to the draws they came with. For draws x of any density that vanishes at its ends, integration by parts gives
 *
 *     E[g] = 0,     E[(x − mean) gᵀ] = −I,     g = ∇ log density
 *
 * so that gradients with respect to other coordinates, of another density, with another sign or in another order show in averages over the draws. What
 * averages cannot see (a positive parameter with mean 1, gradients with respect to its logarithm) log densities show, where there are any.
 */

import { mean, variance } from '../../diagnostics/moments.ts';
import { normal_quantile } from '../../diagnostics/normal_quantile.ts';
import { column } from '../../diagnostics/points.ts';
import { UserError } from '../../model/user_error.ts';
import { effective_draws, type Shard } from './shard.ts';
import { white_shard } from './whitened_shard.ts';

/** Alarms per shard whose gradients are right, as far as averages are normal. */
export const FALSE_ALARMS = 1e-9;

/**
 * All d + d² averages, in whitened coordinates, each against its standard error; the error of a mean and of the diagonal by the effective draws of
 * their own series, of other entries by the fewest of the diagonal. Threshold: `FALSE_ALARMS` shared by all averages (Bonferroni), 6.5 standard errors
 * for one parameter, 8.2 for a hundred. Averages of few draws are skewed, and their errors rough; what that does is measured in the test.
 *
 * Throws UserError naming the shard.
 */
export function check_gradients(shard: Shard, shards: number): void {
  const { gradients } = shard;
  if (gradients === undefined) return;
  const { dimension } = shard.points;
  const white = white_shard(shard, gradients);
  const u = Array.from({ length: dimension }, (_, j) => column(white.points, j));
  const h = Array.from({ length: dimension }, (_, j) => column(white.gradients, j));
  const products = u.map((x, j) => times(x, h[j] as Float64Array));
  const worth = products.map((series) => effective_draws(shard, series));
  const least = Math.min(...worth, shard.points.count);
  let worst = 0;
  const test = (series: Float64Array, wanted: number, draws: number) => {
    const center = mean(series);
    const error = Math.sqrt(variance(series, center) / draws);
    worst = Math.max(worst, Math.abs(center - wanted) / (error > 0 ? error : Number.MIN_VALUE));
  };
  h.forEach((series) => {
    test(series, 0, effective_draws(shard, series));
  });
  u.forEach((x, j) => {
    h.forEach((y, k) => {
      if (j === k) test(products[j] as Float64Array, -1, worth[j] as number);
      else test(times(x, y), 0, least);
    });
  });
  const threshold = -normal_quantile(FALSE_ALARMS / (2 * dimension * (dimension + 1)));
  if (worst <= threshold) return;
  const found = products.reduce((sum, series) => sum + mean(series), 0) / dimension;
  throw new UserError(
    `The gradients do not belong to the draws of ${shard.name}: averages over them are ${worst.toFixed(0)} standard errors from what they must be (threshold ${threshold.toFixed(1)}); (draw − mean)·gradient per parameter averages ${found.toFixed(2)} and not −1${hint(found, shards)}.\n` +
      "Give the gradient of the shard's own log density (prior^(1/S) × its likelihood) with respect to the numbers in the draws, row by row in their order.",
  );
}

/** What the average looks like. */
function hint(found: number, shards: number): string {
  if (Math.abs(found) < 0.2) return ', as of rows in another order';
  if (Math.abs(found - 1) < 0.2) return ', as of gradients with the other sign';
  if (Math.abs(found / shards + 1) < 0.3) return `, as of gradients of all ${shards} shards' product`;
  return ', as of gradients with respect to other coordinates';
}

const times = (x: Float64Array, y: Float64Array) => x.map((value, i) => value * (y[i] as number));

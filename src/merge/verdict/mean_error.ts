/**
 * The Monte Carlo error that a merge's mean has from the shards' draws, which more merged draws cannot lower. By the influence of one draw x of shard b on
 * the mean of the product of Gaussians (the delta method): with δ = x − μ_b, P_b = Σ_b⁻¹,
 *
 *     ψ_b(x) = V P_b [ δ (1 − δ·a) + Σ_b a ],   a = P_b (μ_b − m)
 *
 * the variance of m is the sum over shards of var ψ_b divided by the effective draws of ψ_b.
 */
import { product, times_vector } from '../../diagnostics/linear_algebra.ts';
import { variance } from '../../diagnostics/moments.ts';
import { gaussian_product, type ShardMoments } from '../baselines/shards.ts';
import { effective_draws, type Shard } from '../shards/shard.ts';

/** [parameter] standard error. For methods that are not Gaussian it is the size to expect, not more. */
export function mean_error(shards: readonly Shard[], moments: readonly ShardMoments[]): Float64Array {
  const { mean, covariance } = gaussian_product(moments);
  const size = mean.length;
  const squared = new Float64Array(size);
  shards.forEach((shard, b) => {
    const { mean: center, precision } = moments[b] as ShardMoments;
    const map = product(covariance, precision, size);
    const a = times_vector(
      precision,
      center.map((x, j) => x - (mean[j] as number)),
    );
    const influence = influences(shard, center, map, a);
    influence.forEach((series, j) => {
      squared[j] = (squared[j] as number) + variance(series) / effective_draws(shard, series);
    });
  });
  return squared.map(Math.sqrt);
}

/** [parameter][draw] but for a constant. */
function influences({ points }: Shard, center: Float64Array, map: Float64Array, a: Float64Array): Float64Array[] {
  const { count, dimension, values } = points;
  const series = Array.from({ length: dimension }, () => new Float64Array(count));
  const deviation = new Float64Array(dimension);
  for (let i = 0; i < count; i++) {
    let along = 0;
    for (let j = 0; j < dimension; j++) {
      const d = (values[i * dimension + j] as number) - (center[j] as number);
      deviation[j] = d;
      along += d * (a[j] as number);
    }
    times_vector(map, deviation).forEach((x, j) => {
      (series[j] as Float64Array)[i] = x * (1 - along);
    });
  }
  return series;
}

/** Gaussians corrected by kernel estimates of what they miss: Neiswanger, Wang and Xing 2014, "semiparametric". */
import { lower_factor, lower_inverse, times_vector } from '../../diagnostics/linear_algebra.ts';
import { type Points, points_between } from '../../diagnostics/points.ts';
import { create_index_chain } from './index_chain.ts';
import { type KernelOptions, type KernelProduct, kernel_product } from './kernel_product.ts';
import { type ShardMoments, shard_moments } from './shards.ts';
import { whitened_shards } from './whitened.ts';

/**
 * The weight of the nonparametric product times N(ū; m, V + (h²/M) I) / ∏_b N(θ_b; μ_b, Σ_b), and the kernel times N(m, V). In the
 * whitened coordinates m = 0 and V = I / M, so with q = 1 + h² the first is N(ū; 0, (q/M) I) and the kernel is
 * N(ū/q, (h²/(M q)) I). Throws UserError as `shard_moments`.
 */
export function semiparametric(shards: readonly Points[], options: KernelOptions): KernelProduct {
  const moments = options.moments ?? shard_moments(shards);
  const whitened = whitened_shards(shards, moments);
  const count = shards.length;
  const extra = shards.map((shard, b) => {
    const weights = options.log_weights?.[b];
    const half = half_squares(shard, moments[b] as ShardMoments);
    return weights === undefined ? half : half.map((x, i) => x + (weights[i] as number));
  });
  const chain = create_index_chain(
    whitened.shards,
    options.key,
    extra,
    (length_squared, h) => (-count * length_squared) / (2 * (1 + h * h)),
  );
  const kernel = (h: number) => ({ scale: 1 / (1 + h * h), sd: h / Math.sqrt(count * (1 + h * h)) });
  return kernel_product(whitened, chain, kernel, options);
}

/** [draw] ½ (θ − μ)ᵀ Σ⁻¹ (θ − μ): −log of the shard's Gaussian, but for a constant. */
function half_squares(shard: Points, { mean, covariance }: ShardMoments): Float64Array {
  const whitening = lower_inverse(lower_factor(covariance, shard.dimension), shard.dimension);
  return Float64Array.from({ length: shard.count }, (_, i) => {
    const deviation = points_between(shard, i, i + 1).values.map((x, j) => x - (mean[j] as number));
    return times_vector(whitening, deviation).reduce((sum, z) => sum + z * z, 0) / 2;
  });
}

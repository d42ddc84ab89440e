/**
 * Pareto-smoothed importance weights and their shape k̂ (Vehtari, Simpson, Gelman, Yao and Gabry 2024, "Pareto smoothed importance sampling", JMLR 25(72)): the largest weights are replaced by what a
 * generalised Pareto distribution fitted to them expects of their order statistics, and its shape tells how many moments the weights have. Below 0.7 averages under the weights are practical.
 */

export interface SmoothedWeights {
  /** [draw] normalised: they sum to 1. */
  weights: Float64Array;
  /** Shape of the tail; −∞ where there is no tail, since all large weights are equal, and ∞ for fewer than `LEAST_TAIL` tail weights. */
  k_hat: number;
}

const LEAST_TAIL = 5;

/** The k̂ below which n weighted draws are of use, min(1 − 1/log₁₀ n, 0.7): fewer draws can carry less. */
export const largest_k_hat = (count: number) => Math.min(1 - 1 / Math.log10(Math.max(count, 2)), 0.7);

/**
 * @param log_weights up to a common constant; −∞ is a weight of 0
 * @param relative_efficiency effective draws per draw, of draws that are correlated
 */
export function smoothed_weights(log_weights: Float64Array, relative_efficiency = 1): SmoothedWeights {
  const count = log_weights.length;
  const top = log_weights.reduce((most, w) => Math.max(most, w), Number.NEGATIVE_INFINITY);
  if (!Number.isFinite(top)) throw new Error('smoothed_weights: no weight is finite and above 0.');
  const weights = log_weights.map((w) => Math.exp(w - top));
  const order = Uint32Array.from({ length: count }, (_, i) => i).sort(
    (a, b) => (weights[a] as number) - (weights[b] as number),
  );
  const size = Math.ceil(Math.min(count / 5, 3 * Math.sqrt(count / relative_efficiency)));
  let k_hat = Number.POSITIVE_INFINITY;
  if (size >= LEAST_TAIL) {
    const tail = order.subarray(count - size);
    const cutoff = weights[order[count - size - 1] as number] as number;
    const exceeding = Float64Array.from(tail, (i) => (weights[i] as number) - cutoff);
    if ((exceeding.at(-1) as number) <= Number.EPSILON) k_hat = Number.NEGATIVE_INFINITY;
    else {
      const { shape, scale } = fit_pareto(exceeding);
      k_hat = shape;
      // Beyond the largest weight that was seen nothing is known.
      tail.forEach((i, rank) => {
        weights[i] = Math.min(1, cutoff + pareto_quantile((rank + 0.5) / size, shape, scale));
      });
    }
  }
  const total = weights.reduce((sum, w) => sum + w, 0);
  return { weights: weights.map((w) => w / total), k_hat };
}

export interface Pareto {
  shape: number;
  scale: number;
}

const pareto_quantile = (p: number, shape: number, scale: number) =>
  Math.abs(shape) < 1e-12 ? -scale * Math.log1p(-p) : (scale * Math.expm1(-shape * Math.log1p(-p))) / shape;

/** Weight, in draws, of the prior guess ½ for the shape that Vehtari et al. add to the estimate. */
const PRIOR_DRAWS = 10;

/**
 * The generalised Pareto distribution of some exceedances by the nearly Bayesian estimate of Zhang and Stephens (2009), which is the posterior mean of θ = −shape/scale on a grid of its profile likelihood.
 *
 * @param sorted increasing, not below 0, the last above 0
 */
export function fit_pareto(sorted: Float64Array): Pareto {
  const count = sorted.length;
  const largest = sorted.at(-1) as number;
  const grid = 30 + Math.floor(Math.sqrt(count));
  // A quartile of 0 would put the grid at infinity: exceedances of 0 come of draws that share one weight.
  const quartile = Math.max(sorted[Math.floor(count / 4 + 0.5) - 1] as number, largest * Number.EPSILON);
  const theta = Float64Array.from(
    { length: grid },
    (_, j) => 1 / largest + (1 - Math.sqrt(grid / (j + 0.5))) / (3 * quartile),
  );
  const shape_at = (t: number) => sorted.reduce((sum, x) => sum + Math.log1p(-t * x), 0) / count;
  const profile = theta.map((t) => {
    const k = shape_at(t);
    return count * (Math.log(-t / k) - k - 1);
  });
  const top = Math.max(...profile);
  const likelihood = profile.map((l) => Math.exp(l - top));
  const total = likelihood.reduce((sum, l) => sum + l, 0);
  const mean = theta.reduce((sum, t, j) => sum + (t * (likelihood[j] as number)) / total, 0);
  const shape = shape_at(mean);
  return { shape: (count * shape + PRIOR_DRAWS * 0.5) / (count + PRIOR_DRAWS), scale: -shape / mean };
}

/** The generalised Pareto distribution: its fit to exceedances, quantiles and probabilities. */

export interface Pareto {
  shape: number;
  scale: number;
}

export const pareto_quantile = (p: number, shape: number, scale: number) =>
  Math.abs(shape) < 1e-12 ? -scale * Math.log1p(-p) : (scale * Math.expm1(-shape * Math.log1p(-p))) / shape;

/** Beyond the end of a distribution with an end it is 1. */
export const pareto_probability = (x: number, shape: number, scale: number) =>
  Math.abs(shape) < 1e-12
    ? -Math.expm1(-x / scale)
    : -Math.expm1(-Math.log(Math.max(0, 1 + (shape * x) / scale)) / shape);

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

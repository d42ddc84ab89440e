/** A logistic regression cut into shards, with their densities in float64 and draws by HMC: problems of the kind of row "logistic d = 100" of the reference page, at any size. */
import { lower_factor, symmetric_inverse, times_vector } from '../../../src/diagnostics/linear_algebra.ts';
import type { Points } from '../../../src/diagnostics/points.ts';
import type { ShardOracle } from '../../../src/merge/rounds/oracle.ts';
import { normals_at } from '../../../src/random/normals.ts';
import { uniform_at } from '../../../src/random/threefry.ts';

export interface Logistic {
  dimension: number;
  /** [row][dimension], an intercept first. */
  x: Float64Array;
  /** [row] 0 or 1. */
  y: Float64Array;
  /** Of the normal prior. */
  precision: number;
}

/** Standard normal covariates and coefficients. */
export function logistic_data(seed: number, rows: number, dimension: number, intercept: number): Logistic {
  const x = normals_at([seed, 1], 0, 0, rows * dimension);
  const beta = normals_at([seed, 2], 0, 0, dimension);
  beta[0] = intercept;
  const y = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    x[i * dimension] = 1;
    const eta = beta.reduce((sum, b, j) => sum + b * (x[i * dimension + j] as number), 0);
    y[i] = Number(uniform_at([seed, 3], 0, 0, i) < 1 / (1 + Math.exp(-eta)));
  }
  return { dimension, x, y, precision: 5 };
}

/** The rows of one of some shards, with the prior to the power 1 / shards. */
export function shard_of({ dimension, x, y, precision }: Logistic, shard: number, shards: number): Logistic {
  const rows = y.length / shards;
  const part = (values: Float64Array, width: number) => values.slice(shard * rows * width, (shard + 1) * rows * width);
  return { dimension, x: part(x, dimension), y: part(y, 1), precision: precision / shards };
}

/** Log density, and its gradient added to nothing: into `gradient`. */
export function logistic_density(
  { dimension, x, y, precision }: Logistic,
  beta: Float64Array,
  gradient: Float64Array,
): number {
  let value = 0;
  beta.forEach((b, j) => {
    value -= (precision * b * b) / 2;
    gradient[j] = -precision * b;
  });
  for (let i = 0, at = 0; i < y.length; i++, at += dimension) {
    let eta = 0;
    for (let j = 0; j < dimension; j++) eta += (x[at + j] as number) * (beta[j] as number);
    value += (y[i] as number) * eta - Math.max(eta, 0) - Math.log1p(Math.exp(-Math.abs(eta)));
    const rest = (y[i] as number) - 1 / (1 + Math.exp(-eta));
    for (let j = 0; j < dimension; j++) gradient[j] = (gradient[j] as number) + rest * (x[at + j] as number);
  }
  return value;
}

export const logistic_oracle =
  (of: Logistic): ShardOracle =>
  async ({ count, dimension, values }) => {
    const log_densities = new Float64Array(count);
    const gradients = new Float64Array(values.length);
    for (let i = 0; i < count; i++) {
      const [from, to] = [i * dimension, (i + 1) * dimension];
      log_densities[i] = logistic_density(of, values.subarray(from, to), gradients.subarray(from, to));
    }
    return { log_densities, gradients };
  };

const STEPS = 6;
const BURN = 100;

/** Draws by HMC with jittered steps, in coordinates where the curvature at the mode is I. */
export function logistic_draws(of: Logistic, draws: number, seed: number): Points {
  const { dimension } = of;
  const gradient = new Float64Array(dimension);
  const { mode, factor } = laplace(of);
  const place = (u: Float64Array) => times_vector(factor, u).map((x, j) => x + (mode[j] as number));
  const pulled = () =>
    gradient.map((_, j) => {
      let sum = 0;
      for (let i = j; i < dimension; i++) sum += (factor[i * dimension + j] as number) * (gradient[i] as number);
      return sum;
    });
  const at = (u: Float64Array) => {
    const value = logistic_density(of, place(u), gradient);
    return { u, value, slope: pulled() };
  };
  let here = at(new Float64Array(dimension));
  const values = new Float64Array(draws * dimension);
  for (let n = -BURN; n < draws; n++) {
    const step = 0.25 + 0.2 * uniform_at([seed, 8], 0, 0, n + BURN);
    let p = normals_at([seed, 9], 0, n + BURN, dimension);
    const before = here.value - p.reduce((sum, x) => sum + x * x, 0) / 2;
    let there = here;
    for (let s = 0; s < STEPS; s++) {
      p = p.map((x, j) => x + (step / 2) * (there.slope[j] as number));
      there = at(there.u.map((x, j) => x + step * (p[j] as number)));
      p = p.map((x, j) => x + (step / 2) * (there.slope[j] as number));
    }
    const after = there.value - p.reduce((sum, x) => sum + x * x, 0) / 2;
    if (Math.log(uniform_at([seed, 7], 0, 0, n + BURN)) < after - before) here = there;
    if (n >= 0) values.set(place(here.u), n * dimension);
  }
  return { count: draws, dimension, values };
}

/** The mode by Newton's method, and L with L·Lᵀ the inverse of the curvature there. */
function laplace(of: Logistic): { mode: Float64Array; factor: Float64Array } {
  const { dimension, x, y, precision } = of;
  let mode: Float64Array = new Float64Array(dimension);
  let covariance = new Float64Array(0);
  for (let n = 0; n < 30; n++) {
    const gradient = new Float64Array(dimension);
    logistic_density(of, mode, gradient);
    const curvature = new Float64Array(dimension * dimension);
    for (let j = 0; j < dimension; j++) curvature[j * (dimension + 1)] = precision;
    for (let at = 0; at < y.length * dimension; at += dimension) {
      const eta = mode.reduce((sum, b, j) => sum + b * (x[at + j] as number), 0);
      const weight = 1 / (2 + Math.exp(eta) + Math.exp(-eta));
      for (let j = 0; j < dimension; j++) {
        for (let k = 0; k < dimension; k++) {
          curvature[j * dimension + k] =
            (curvature[j * dimension + k] as number) + weight * ((x[at + j] as number) * (x[at + k] as number));
        }
      }
    }
    covariance = Float64Array.from(symmetric_inverse(curvature, dimension));
    const step = times_vector(covariance, gradient);
    const most = Math.min(1, 3 / Math.hypot(...step));
    mode = mode.map((b, j) => b + most * (step[j] as number));
  }
  return { mode, factor: lower_factor(covariance, dimension) };
}

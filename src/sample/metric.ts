/**
 * The metric: the factor F of the inverse mass matrix F·Fᵀ, estimated from draws of all chains together (shaders/sample/bindings.wgsl says how the kernels use it).
 */

import { UserError } from '../model/user_error.ts';

export type MetricKind = 'unit' | 'diagonal' | 'dense';

export interface Metric {
  kind: MetricKind;
  /** D standard deviations, or the D × D lower Cholesky factor, row by row. */
  factor: Float32Array<ArrayBuffer>;
}

/** A dense metric costs D² per leapfrog step. */
export const most_dense = 64;

export function unit_metric(kind: MetricKind, dimension: number): Metric {
  const dense = kind === 'dense';
  const factor = new Float32Array(dense ? dimension ** 2 : dimension);
  for (let d = 0; d < dimension; d++) factor[dense ? d * (dimension + 1) : d] = 1;
  return { kind, factor };
}

/** Mean and covariance, draw by draw (Welford 1962), in float64. */
export interface Moments {
  /** @param rows [D][chains] */
  add(rows: Float32Array, chains: number): void;
  readonly count: number;
  readonly mean: Float64Array;
  /** The metric of what was added, shrunk towards a small diagonal as in Stan; the unit metric when nothing was. */
  metric(): Metric;
}

export function create_moments(kind: MetricKind, dimension: number): Moments {
  const dense = kind === 'dense';
  const mean = new Float64Array(dimension);
  const before = new Float64Array(dimension);
  const sums = new Float64Array(dense ? dimension ** 2 : dimension);
  let count = 0;
  return {
    get count() {
      return count;
    },
    mean,
    add(rows, chains) {
      for (let c = 0; c < chains; c++) {
        count += 1;
        for (let d = 0; d < dimension; d++) {
          const x = rows[d * chains + c] as number;
          before[d] = x - (mean[d] as number);
          mean[d] = (mean[d] as number) + (before[d] as number) / count;
        }
        for (let d = 0; d < dimension; d++) {
          const after = (rows[d * chains + c] as number) - (mean[d] as number);
          if (!dense) sums[d] = (sums[d] as number) + (before[d] as number) * after;
          else
            for (let e = 0; e <= d; e++) {
              const at = d * dimension + e;
              sums[at] = (sums[at] as number) + (before[e] as number) * after;
            }
        }
      }
    },
    metric() {
      if (kind === 'unit' || count < 2) return unit_metric(kind, dimension);
      const keep = count / (count + 5);
      const small = (1e-3 * 5) / (count + 5);
      const covariance = sums.map((sum) => (keep * sum) / (count - 1));
      for (let d = 0; d < dimension; d++) {
        const at = dense ? d * (dimension + 1) : d;
        covariance[at] = (covariance[at] as number) + small;
      }
      const factor = dense ? cholesky(covariance, dimension) : covariance.map(Math.sqrt);
      return { kind, factor: Float32Array.from(factor) };
    },
  };
}

/** Lower factor of a symmetric matrix given by its lower triangle, row by row. */
export function cholesky(matrix: Float64Array, size: number): Float64Array {
  const factor = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = matrix[i * size + j] as number;
      for (let k = 0; k < j; k++) rest -= (factor[i * size + k] as number) * (factor[j * size + k] as number);
      if (i === j && !(rest > 0)) {
        throw new UserError(
          'The draws of warm-up do not span all parameters, so they give no dense metric.\nUse --metric diagonal, or a longer --warmup.',
        );
      }
      factor[i * size + j] = i === j ? Math.sqrt(rest) : rest / (factor[j * size + j] as number);
    }
  }
  return factor;
}

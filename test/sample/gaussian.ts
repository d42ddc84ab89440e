/** A centred Gaussian with a given covariance as a log-density model, exact draws from it, and the metric that fits it. */

import type { LogDensityModel } from '../../src/model/types.ts';
import { validate_model } from '../../src/model/validate.ts';
import type { Metric, MetricKind } from '../../src/sample/metric.ts';
import { cholesky, type Matrix, solve, times_vector, transpose } from '../reference/linear_algebra.ts';
import { draws, numbers } from '../smc2/population.ts';

export interface Gaussian {
  dimension: number;
  covariance: Matrix;
  /** As the shader has it, exact in f32. */
  precision: Matrix;
  model: LogDensityModel;
}

/** @param correlation of neighbours; r^|i − j| in general */
export function gaussian(sds: readonly number[], correlation: number): Gaussian {
  const covariance = sds.map((a, i) => sds.map((b, j) => a * b * correlation ** Math.abs(i - j)));
  const identity = sds.map((_, i) => sds.map((_, j) => Number(i === j)));
  const precision = transpose(identity.map((e) => solve(covariance, e))).map((row) => row.map(Math.fround));
  const terms = precision.flatMap((row, i) =>
    row.slice(0, i + 1).map((p, j) => `f32(${i === j ? p : 2 * p}) * theta.x[${i}] * theta.x[${j}]`),
  );
  const model = validate_model({
    kind: 'log-density',
    name: 'gaussian',
    parameters: { x: { size: sds.length, prior: { flat: true } } },
    wgsl: `fn log_density(theta: Theta) -> f32 { return -0.5 * (${terms.join(' + ')}); }`,
  }) as LogDensityModel;
  return { dimension: sds.length, covariance, precision, model };
}

/** Independent exact draws, [D][chains]. */
export function gaussian_draws({ covariance, dimension }: Gaussian, chains: number, seed: number) {
  const factor = cholesky(covariance);
  const random = draws(seed);
  const x = new Float32Array(dimension * chains);
  for (let c = 0; c < chains; c++) {
    const normals = numbers(dimension, () => random.normal());
    times_vector(factor, normals).forEach((value, d) => {
      x[d * chains + c] = value;
    });
  }
  return x;
}

/** The metric of that kind which the covariance asks for. */
export function metric_of({ covariance, dimension }: Gaussian, kind: MetricKind): Metric {
  const factor = cholesky(covariance);
  const values: Record<MetricKind, number[]> = {
    unit: numbers(dimension, () => 1),
    diagonal: covariance.map((row, d) => Math.sqrt(row[d] as number)),
    dense: factor.flat(),
  };
  return { kind, factor: Float32Array.from(values[kind]) };
}

/** One chain's column of [D][chains]. */
export const column = (rows: ArrayLike<number>, chains: number, c: number): number[] =>
  numbers(rows.length / chains, (d) => rows[d * chains + c] as number);

/**
 * Estimates from all iterations at lambda = 1, not only the last: iteration k counts with c_k = ESS_k / Σ ESS (Nguyen, Septier, Peters &
 * Delignon 2015; arXiv 2004.12838 §2.2). The Monte Carlo error comes from the families of the first population (src/diagnostics/families.ts), which sees
 * the dependence between iterations, between clones, and the noise of the likelihood estimates.
 */

import { effective_families, type FamilyRecord, family_estimate } from '../diagnostics/families.ts';
import { effective_sample_size, weighted_quantiles } from '../diagnostics/weighted.ts';
import { constrain } from '../model/transform.ts';
import type { StateSpaceModel } from '../model/types.ts';

/** The population after one move at lambda = 1. */
export interface PosteriorRecord {
  /** Constrained, [D][M]. */
  theta: Float32Array[];
  /** Normalised, [M]. */
  weights: Float64Array;
  families: Uint32Array;
  log_likelihood: Float32Array;
}

export interface ParameterEstimate {
  mean: number;
  sd: number;
  mcse: number;
  q05: number;
  q50: number;
  q95: number;
  ess: number;
}

export interface Recycled {
  parameters: Record<string, ParameterEstimate>;
  /** c_k of each record. */
  coefficients: number[];
  /** Independent families that the errors rest on. */
  families: number;
}

/** Takes apart what the engine recorded: per record phi [D][M], log-weights, families, log-likelihoods. */
export function read_records(
  words: Float32Array,
  count: number,
  thetas: number,
  model: StateSpaceModel,
): PosteriorRecord[] {
  const dimension = model.scalars.length;
  return Array.from({ length: count }, (_, k) => {
    const row = (i: number) => {
      const at = (k * (dimension + 3) + i) * thetas;
      return words.slice(at, at + thetas);
    };
    return {
      theta: model.scalars.map(({ prior }, i) => row(i).map((phi) => constrain(prior, phi))),
      weights: normalised(row(dimension)),
      families: Uint32Array.from(row(dimension + 1)),
      log_likelihood: row(dimension + 2),
    };
  });
}

/** exp of log-weights, divided by their sum, in float64. */
export function normalised(log_weights: ArrayLike<number>): Float64Array {
  const weights = Float64Array.from(log_weights, (x) => Math.exp(Math.max(x, -700)));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / sum);
}

export function recycle(records: readonly PosteriorRecord[], model: StateSpaceModel): Recycled {
  const ess = records.map((r) => effective_sample_size(r.weights));
  const total = ess.reduce((a, b) => a + b, 0);
  const coefficients = ess.map((e) => e / total);
  const families: FamilyRecord[] = records.map((r, k) => ({
    weights: r.weights,
    families: r.families,
    coefficient: coefficients[k] as number,
  }));
  const weights = recycled_weights(records, coefficients);
  const parameters = Object.fromEntries(
    model.scalars.map(({ name }, i) => {
      const values = records.map((r) => r.theta[i] as Float32Array);
      const [q05, q50, q95] = weighted_quantiles({ values: concatenated(values), weights }, [0.05, 0.5, 0.95]);
      return [name, { ...family_estimate(families, values), q05, q50, q95 } as ParameterEstimate];
    }),
  );
  return { parameters, coefficients, families: effective_families(families) };
}

/** Weights of all records' particles, one after another; they sum to 1. */
export function recycled_weights(records: readonly PosteriorRecord[], coefficients: readonly number[]): Float64Array {
  return concatenated(records.map((r, k) => r.weights.map((w) => w * (coefficients[k] as number))));
}

export function concatenated(parts: readonly ArrayLike<number>[]): Float64Array {
  const whole = new Float64Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

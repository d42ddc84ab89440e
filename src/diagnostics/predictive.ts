/**
 * How good predictions are whose distribution is a mixture over posterior draws of normals, p(y) = Σ_s w_s N(y; m_s, v_s²): log score, error of the mean, coverage of intervals.
 *
 * Intervals are the central ones of the mixture itself, without simulation: y lies in that of probability c where (1 − c)/2 ≤ P(Y ≤ y) ≤ (1 + c)/2 (Gneiting, Balabdaoui & Raftery 2007).
 */

import { normal_tails } from '../model/prior_families.ts';

/** What the mixture says of one observation, in the observation's units. */
export interface Predicted {
  observed: number;
  /** log p(y) */
  log_density: number;
  mean: number;
  sd: number;
  /** P(Y ≤ y), uniform over observations where predictions are calibrated. */
  below: number;
}

export interface PredictiveScores {
  /** Mean of −log p(y), and its standard error over the observations. */
  nll: number;
  nll_se: number;
  /** Of the predictive means. */
  rmse: number;
  /** By level, the part of the observations in the central interval. */
  coverage: number[];
  /** Expected calibration error: mean over the levels 0.05, 0.10 … 0.95 of |part inside the central interval − level| (Kuleshov, Fenner & Ermon 2018, there of quantiles). */
  ece: number;
}

export const coverage_levels = [0.5, 0.9, 0.95] as const;
const ece_levels = Array.from({ length: 19 }, (_, i) => (i + 1) / 20);

/** @param means [draw] @param sds [draw] @param weights [draw], sum 1 */
export function predicted(
  observed: number,
  means: ArrayLike<number>,
  sds: ArrayLike<number>,
  weights: ArrayLike<number>,
): Predicted {
  const draws = means.length;
  const at = (list: ArrayLike<number>, s: number) => list[s] as number;
  const terms = new Float64Array(draws);
  let largest = Number.NEGATIVE_INFINITY;
  let [mean, below] = [0, 0];
  for (let s = 0; s < draws; s++) {
    const z = (observed - at(means, s)) / at(sds, s);
    terms[s] = Math.log(at(weights, s)) - 0.5 * z * z - Math.log(at(sds, s)) - 0.5 * Math.log(2 * Math.PI);
    largest = Math.max(largest, terms[s] as number);
    mean += at(weights, s) * at(means, s);
    below += at(weights, s) * normal_tails(z).below;
  }
  // Around the mean, so that large means do not cancel.
  let [sum, variance] = [0, 0];
  for (let s = 0; s < draws; s++) {
    sum += Math.exp((terms[s] as number) - largest);
    variance += at(weights, s) * (at(sds, s) ** 2 + (at(means, s) - mean) ** 2);
  }
  return { observed, log_density: largest + Math.log(sum), mean, sd: Math.sqrt(variance), below };
}

export function predictive_scores(rows: readonly Predicted[]): PredictiveScores {
  const mean_of = (f: (row: Predicted) => number) => rows.reduce((sum, row) => sum + f(row) / rows.length, 0);
  const inside = (level: number) => mean_of(({ below }) => Number(Math.abs(below - 0.5) <= level / 2));
  const nll = mean_of(({ log_density }) => -log_density);
  const spread = mean_of(({ log_density }) => (-log_density - nll) ** 2);
  return {
    nll,
    nll_se: Math.sqrt(spread / (rows.length - 1)),
    rmse: Math.sqrt(mean_of(({ observed, mean }) => (observed - mean) ** 2)),
    coverage: coverage_levels.map(inside),
    ece: ece_levels.reduce((sum, level) => sum + Math.abs(inside(level) - level) / ece_levels.length, 0),
  };
}

/** How far predictions are from others of the same observations: root mean square of (mean − mean') / sd', and the geometric mean of sd / sd'. */
export function apart(
  rows: readonly Predicted[],
  others: readonly Predicted[],
): { mean_apart: number; sd_ratio: number } {
  let [squares, logs] = [0, 0];
  rows.forEach(({ mean, sd }, n) => {
    const other = others[n] as Predicted;
    squares += ((mean - other.mean) / other.sd) ** 2;
    logs += Math.log(sd / other.sd);
  });
  return { mean_apart: Math.sqrt(squares / rows.length), sd_ratio: Math.exp(logs / rows.length) };
}

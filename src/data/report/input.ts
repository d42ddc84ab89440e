/**
 * What a report is made from: plain numbers, no device and no file. Every array is finite or NaN; NaN draws a gap.
 * Only `summary` and `data` are needed; a section whose data are absent is left out.
 */
import type { Summary } from '../summary.ts';

/** Quantiles at one time, and the mean where it is known better than from them. */
export interface Band {
  t: number;
  mean?: number;
  q05: number;
  q25: number;
  q50: number;
  q75: number;
  q95: number;
}

export interface Point {
  t: number;
  y: number;
}

/** A component of the state over time. */
export interface StateSeries {
  name: string;
  unit?: string;
  /** Filtered: given the data up to t (and, after SMC², averaged over the posterior). t = 0, 1, …, rows. */
  bands: readonly Band[];
  /** Beyond the last row. */
  forecast?: readonly Band[];
}

/** A column of the data over time. */
export interface ObservationSeries {
  name: string;
  unit?: string;
  /** Missing cells left out or NaN. */
  observed: readonly Point[];
  /** One-step predictive: given the data up to t − 1. */
  predicted: readonly Band[];
  /** Beyond the last row. */
  forecast?: readonly Band[];
}

/** A parameter's draws, in constrained space, and its prior density. */
export interface Marginal {
  /** As in summary.parameters. */
  name: string;
  unit?: string;
  /** [draw] */
  values: ArrayLike<number>;
  /** Density at x, x increasing; truncated and normalised as the prior is. Absent: improper, nothing drawn. */
  prior_density?: { x: ArrayLike<number>; y: ArrayLike<number> };
  /** The posterior's exact density, where one is known. */
  exact_density?: { x: number[]; y: number[] };
  /** Values after transitions that diverged, to be marked among the pairs; as many in every marginal. */
  divergent?: ArrayLike<number>;
}

export interface Posterior {
  /** In the order of the model. All `values` have the same length. */
  marginals: readonly Marginal[];
  /** [draw], non-negative; absent: equal. */
  weights?: ArrayLike<number>;
}

/** How the particle filter fared at one row of the data. */
export interface FilterStep {
  t: number;
  /** log p(y_t | y_1…t−1). */
  log_likelihood: number;
  /** Effective sample size of the weights at t, before resampling, in particles. */
  ess: number;
}

export interface ReportInput {
  /** Table, evidence, gradient, adapter, seed, command; `summary.smc2.iterations` draws the health of the population. */
  summary: Summary;
  /** The data file as the user named it. */
  data: string;
  /** Axis label of time, e.g. `day`; default `t`. */
  time?: string;
  posterior?: Posterior;
  states?: readonly StateSeries[];
  observations?: readonly ObservationSeries[];
  /** Per row of the data, for a filter run. `particles` is the size of one filter. */
  steps?: { particles: number; steps: readonly FilterStep[] };
}

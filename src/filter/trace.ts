/**
 * Filters with a trace: what a person wants to see of the states. Increments, ESS, mean states and state draws per step, and from the draws one-step predictions and a
 * forecast. Used at one parameter value with many filters (`langevin filter`) and over posterior draws (`langevin smc2`).
 */

import type { Device } from '../gpu/device.ts';
import { type BankOptions, create_filter_bank, result_row } from './bank.ts';
import { type Predictions, predict } from './predict.ts';

export interface TraceOptions extends Omit<BankOptions, 'trace' | 'filters'> {
  /** Constrained parameters, [D][filters]. */
  theta: Float32Array<ArrayBuffer>;
  /** [filters] pairs. */
  keys: Uint32Array<ArrayBuffer>;
  filters: number;
  /** State draws per filter and step. */
  draws: number;
  /** Steps to forecast beyond the last row. */
  forecast: number;
  /** Columns to predict in whole numbers. */
  counts: readonly string[];
}

export interface FilterTrace {
  steps: number;
  filters: number;
  log_likelihood: Float32Array;
  /** The step at which each filter died; 0: it did not. */
  died: Uint32Array;
  /** NaN or infinite numbers met. */
  faults: number;
  /** [D][filters], when gradients were asked for. */
  gradient: Float32Array[];
  /** log p(y_t | y_1…t−1) by filter, t = 1…T. */
  increments(t: number): Float32Array;
  ess(t: number): Float32Array;
  /** Filtered means of state component i at t = 0…T, by filter. */
  mean(t: number, i: number): Float32Array;
  /** Draws of state component i from the filtering distributions at t = 0…T, of all filters. */
  state_draws(t: number, i: number): Float32Array;
  /** Predictions of row t = 1…T from the rows before it: start t − 1, horizon 1. */
  one_step: Predictions;
  /** Beyond the last row; absent when no step was asked for. */
  forecast?: Predictions;
}

export async function trace_filters(device: Device, options: TraceOptions): Promise<FilterTrace> {
  const { model, filters, draws, theta, keys } = options;
  const bank = await create_filter_bank(device, { ...options, trace: { draws } });
  const { queue } = device.gpu;
  queue.writeBuffer(bank.theta, 0, theta);
  queue.writeBuffer(bank.keys, 0, keys);
  await bank.evaluate(filters);
  const { steps, trace_rows, tangents } = bank;
  const results = await device.read(bank.results, (result_row.score + tangents) * filters * 4);
  const trace = new Float32Array(await device.read(bank.trace as GPUBuffer, (steps + 1) * trace_rows * filters * 4));
  bank.destroy();

  const size = model.state_size;
  const result = (row: number) => new Float32Array(results, row * filters * 4, filters);
  const row_at = (t: number, row: number) => {
    const at = (t * trace_rows + row) * filters;
    return trace.subarray(at, at + filters);
  };
  // Replicate r = filter · draws + draw, as predict.wgsl counts.
  const state_draws = (t: number, i: number) => {
    const all = new Float32Array(filters * draws);
    for (let d = 0; d < draws; d++) {
      const row = row_at(t, 2 + size * (1 + d) + i);
      for (let f = 0; f < filters; f++) all[f * draws + d] = row[f] as number;
    }
    return all;
  };
  const starts_from = (first: number, count: number) => {
    const states = new Float32Array(count * size * filters * draws);
    for (let s = 0; s < count; s++) {
      for (let i = 0; i < size; i++) states.set(state_draws(first + s, i), (s * size + i) * filters * draws);
    }
    return { states, count, first };
  };
  const forward = { model, counts: options.counts, theta, keys, filters, draws };
  return {
    steps,
    filters,
    log_likelihood: result(result_row.log_likelihood),
    died: new Uint32Array(results, result_row.died * filters * 4, filters),
    faults: new Uint32Array(results, result_row.faults * filters * 4, filters).reduce((a, b) => a + b, 0),
    gradient: Array.from({ length: tangents }, (_, i) => result(result_row.score + i)),
    increments: (t) => row_at(t, 0),
    ess: (t) => row_at(t, 1),
    mean: (t, i) => row_at(t, 2 + i),
    state_draws,
    one_step: await predict(device, { ...forward, starts: starts_from(0, steps), horizon: 1 }),
    ...(options.forecast > 0
      ? { forecast: await predict(device, { ...forward, starts: starts_from(steps, 1), horizon: options.forecast }) }
      : {}),
  };
}

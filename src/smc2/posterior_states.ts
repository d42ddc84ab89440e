/** Filtered states, one-step predictions and forecasts under the posterior: one filter per posterior draw, run again with a trace. */

import { resample_indices } from '../diagnostics/weighted.ts';
import type { Proposal, Shape } from '../filter/bank.ts';
import type { Columns } from '../filter/observations.ts';
import { type FilterTrace, trace_filters } from '../filter/trace.ts';
import type { Device } from '../gpu/device.ts';
import type { StateSpaceModel } from '../model/types.ts';
import { site, uniform_at, words_at } from '../random/threefry.ts';
import { concatenated, type PosteriorRecord, recycled_weights } from './recycle.ts';

export interface PosteriorStatesOptions {
  model: StateSpaceModel;
  data: Columns;
  counts: readonly string[];
  particles: number;
  /** Posterior draws to run. */
  filters: number;
  forecast: number;
  seed: number;
  filter_proposal?: Proposal;
  shape?: Shape;
}

/** Second key word of this stage's random numbers. */
const states_run = 4;

/** Equally weighted draws of theta, [D][count], from all records. */
export function posterior_draws(
  records: readonly PosteriorRecord[],
  coefficients: readonly number[],
  count: number,
  seed: number,
): Float32Array[] {
  const weights = recycled_weights(records, coefficients);
  const indices = resample_indices(weights, count, uniform_at([seed, states_run], site.resample_theta, 0, 0));
  const dimension = records[0]?.theta.length ?? 0;
  return Array.from({ length: dimension }, (_, i) => {
    const all = concatenated(records.map((r) => r.theta[i] as Float32Array));
    return Float32Array.from(indices, (j) => all[j] as number);
  });
}

export async function posterior_states(
  device: Device,
  options: PosteriorStatesOptions,
  records: readonly PosteriorRecord[],
  coefficients: readonly number[],
): Promise<FilterTrace> {
  const { filters, seed } = options;
  const draws = posterior_draws(records, coefficients, filters, seed);
  const keys = new Uint32Array(2 * filters);
  for (let f = 0; f < filters; f++) keys.set(words_at([seed, states_run], site.filter_key, 0, f), 2 * f);
  const theta = new Float32Array(draws.length * filters);
  draws.forEach((row, i) => {
    theta.set(row, i * filters);
  });
  return trace_filters(device, {
    model: options.model,
    data: options.data,
    particles: options.particles,
    filters,
    gradient: false,
    ...(options.filter_proposal ? { proposal: options.filter_proposal } : {}),
    ...(options.shape ? { shape: options.shape } : {}),
    theta,
    keys,
    draws: 1,
    forecast: options.forecast,
    counts: options.counts,
  });
}

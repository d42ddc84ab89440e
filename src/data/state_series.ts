/** From a filter's trace to what a report shows: bands of states and observations over time, and the fit step by step. */

import { log_mean_exp } from '../diagnostics/log_mean_exp.ts';
import { weighted_mean } from '../diagnostics/weighted.ts';
import type { Columns } from '../filter/observations.ts';
import type { FilterTrace } from '../filter/trace.ts';
import type { StateSpaceModel } from '../model/types.ts';
import { band_at } from './bands.ts';
import type { FilterStep, ObservationSeries, StateSeries } from './report/input.ts';

/** Names of the flattened state: `s`, or `x[0]`, `x[1]`… */
export function state_names(model: StateSpaceModel): string[] {
  return model.state.flatMap(({ name, size }) =>
    size === 0 ? [name] : Array.from({ length: size }, (_, i) => `${name}[${i}]`),
  );
}

const range = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => first + i);

export function state_series(model: StateSpaceModel, trace: FilterTrace): StateSeries[] {
  const { steps, forecast } = trace;
  return state_names(model).map((name, i) => ({
    name,
    // The mean over all particles of all filters has less noise than the mean of the few states drawn.
    bands: range(0, steps).map((t) => ({
      ...band_at(t, trace.state_draws(t, i)),
      mean: weighted_mean({ values: trace.mean(t, i).filter((_, f) => trace.died[f] === 0) }),
    })),
    ...(forecast
      ? { forecast: range(1, forecast.horizon).map((h) => band_at(steps + h, forecast.state(0, h, i))) }
      : {}),
  }));
}

export function observation_series(model: StateSpaceModel, data: Columns, trace: FilterTrace): ObservationSeries[] {
  const { steps, forecast, one_step } = trace;
  return model.observation.map((name, c) => ({
    name,
    observed: range(1, steps).map((t) => ({ t, y: data[name]?.[t - 1] ?? Number.NaN })),
    predicted: range(1, steps).map((t) => band_at(t, one_step.observation(t - 1, 1, c))),
    ...(forecast
      ? { forecast: range(1, forecast.horizon).map((h) => band_at(steps + h, forecast.observation(0, h, c))) }
      : {}),
  }));
}

/** Per row: the filters' common estimate of log p(y_t | y_1…t−1), and their mean effective sample size. */
export function filter_steps(trace: FilterTrace): FilterStep[] {
  return range(1, trace.steps).map((t) => {
    const ess = trace.ess(t);
    return {
      t,
      log_likelihood: log_mean_exp(trace.increments(t)).value,
      ess: ess.reduce((a, b) => a + b, 0) / ess.length,
    };
  });
}

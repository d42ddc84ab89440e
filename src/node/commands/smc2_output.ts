/** The files that `langevin smc2` writes: summary, draws, the ArviZ file, states and the report. */

import { type Draws, write_draws } from '../../data/draws.ts';
import { write_posterior } from '../../data/netcdf.ts';
import { prior_curve } from '../../data/prior_curve.ts';
import { write_report } from '../../data/report.ts';
import { observation_series, state_series } from '../../data/state_series.ts';
import { type Summary, write_summary } from '../../data/summary.ts';
import type { FilterTrace } from '../../filter/trace.ts';
import type { StateSpaceModel } from '../../model/types.ts';
import type { Smc2Options, Smc2Result } from '../../smc2/options.ts';
import { posterior_draws } from '../../smc2/posterior_states.ts';
import { concatenated, recycled_weights } from '../../smc2/recycle.ts';
import type { LoadedData } from '../load_data.ts';
import { series_csv } from '../series_csv.ts';
import { version } from '../version.ts';

interface FilesInput {
  summary: Summary;
  settings: Smc2Options;
  result: Smc2Result;
  trace: FilterTrace;
  data: LoadedData;
}

export async function smc2_files({
  summary,
  settings,
  result,
  trace,
  data,
}: FilesInput): Promise<Record<string, string | Uint8Array>> {
  const { model, thetas, seed } = settings;
  const { records, coefficients } = result;
  const weights = recycled_weights(records, coefficients);
  const values = model.scalars.map((_, i) => concatenated(records.map((r) => r.theta[i] as Float32Array)));
  const states = state_series(model, trace);
  const observations = observation_series(model, data.columns, trace);
  return {
    'summary.json': write_summary(summary),
    'draws.csv': write_draws({ ...as_draws(model, values), weights }),
    'posterior.nc': await posterior_file(
      { summary, settings, result, trace, data },
      posterior_draws(records, coefficients, thetas, seed),
    ),
    'states.csv': series_csv(states, observations),
    'report.html': write_report({
      summary,
      data: data.name,
      posterior: {
        marginals: model.scalars.map(({ name, prior }, i) => ({
          name,
          values: values[i] as Float64Array,
          ...prior_curve(prior, values[i] as Float64Array),
        })),
        weights,
      },
      states,
      observations,
    }),
  };
}

function as_draws(model: StateSpaceModel, values: readonly ArrayLike<number>[]): Draws {
  const count = values[0]?.length ?? 0;
  const rows = new Float64Array(count * values.length);
  values.forEach((column, i) => {
    for (let d = 0; d < count; d++) rows[d * values.length + i] = column[d] as number;
  });
  return { names: model.scalars.map((s) => s.name), chains: 1, draws: count, values: rows };
}

/** Equally weighted draws, so that plain readers may use them, and what was observed and predicted. */
function posterior_file(
  { summary, settings, trace, data }: FilesInput,
  draws: readonly Float32Array[],
): Promise<Uint8Array> {
  const { model } = settings;
  const { steps, filters, one_step, forecast } = trace;
  const times = (count: number, first: number) => Float64Array.from({ length: count }, (_, i) => first + i);
  const columns = (count: number, at: (t: number, c: number) => Float32Array) =>
    Object.fromEntries(
      model.observation.map((name, c) => {
        const values = new Float32Array(filters * count);
        for (let t = 0; t < count; t++)
          at(t, c).forEach((y, f) => {
            values[f * count + t] = y;
          });
        return [name, values];
      }),
    );
  return write_posterior({
    posterior: as_draws(model, draws),
    observed_data: {
      times: times(steps, 1),
      values: Object.fromEntries(model.observation.map((name) => [name, data.columns[name] as Float64Array])),
    },
    posterior_predictive: {
      chains: 1,
      draws: filters,
      times: times(steps, 1),
      values: columns(steps, (t, c) => one_step.observation(t, 1, c)),
    },
    ...(forecast
      ? {
          predictions: {
            chains: 1,
            draws: filters,
            times: times(forecast.horizon, steps + 1),
            values: columns(forecast.horizon, (h, c) => forecast.observation(0, h + 1, c)),
          },
        }
      : {}),
    created_at: new Date().toISOString(),
    version,
    attributes: {
      model: model.name,
      adapter: summary.adapter.name,
      seed: summary.seed,
      sampling_time: summary.seconds.total,
      command: summary.command.join(' '),
    },
  });
}

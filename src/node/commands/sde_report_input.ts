/** What the report of `langevin sde` draws. */

import type { Frame } from '../../data/report/frames.ts';
import type { SdeReport } from '../../data/sde_report.ts';
import type { SdeBlock } from '../../data/sde_summary.ts';
import type { Summary } from '../../data/summary.ts';
import type { Band, Bands } from '../../sde/learned/bands.ts';
import { units_of_components } from '../../sde/learned/estimates.ts';
import type { Series } from '../../sde/series.ts';
import type { SdeInputs } from './sde_inputs.ts';
import type { SdeResult } from './sde_result.ts';
import { estimates_table, forecast_table, sde_facts, sde_sizes } from './sde_text.ts';

/** Series that the report draws. */
const most_series = 4;
const most_channels = 8;

export function sde_report_of(inputs: SdeInputs, result: SdeResult, summary: Summary & { sde: SdeBlock }): SdeReport {
  const { file, kept, later, example, source } = inputs;
  const { sde } = summary;
  const observed = file.channels.length;
  const points = (s: number, c: number) =>
    [kept[s], later[s]].flatMap((one) =>
      one === undefined
        ? []
        : Array.from(one.times, (t, n) => ({ t, y: one.values[n * observed + c] as number })).filter(
            ({ y }) => !Number.isNaN(y),
          ),
    );
  return {
    summary,
    data: source?.path ?? `simulated: ${example?.known.what}`,
    sizes: sde_sizes(sde),
    facts: sde_facts(sde),
    estimates: estimates_table(sde),
    ...(sde.forecast === undefined ? {} : { forecast: forecast_table(sde.forecast) }),
    ...(sde.test === undefined ? {} : { test: forecast_table(sde.test.scores) }),
    time: file.time,
    series: result.series.slice(0, most_series).map(({ bands, forecast }, s) => ({
      name: kept.length > 1 ? (file.names[s] as string) : '',
      channels: file.channels.slice(0, most_channels).map((name, c) => ({
        ...{ name, observed: points(s, c), predicted: bands.signals[c] as Band[] },
        ...(forecast === undefined ? {} : { forecast: forecast.signals[c] as Band[] }),
      })),
      states: bands.states.map((of_time) => of_time.map(({ mean }) => mean)),
    })),
    ...(result.field === undefined ? {} : { field: field_of(inputs, result) }),
    ...(inputs.config.frame === undefined
      ? {}
      : { film: { ...inputs.config.frame, frames: frames_of(inputs, result) } }),
  };
}

/** Frames of a film that the report shows, of the posterior and of the forecast. */
const most_frames = 8;

function frames_of({ kept, later, file }: SdeInputs, { series }: SdeResult): Frame[] {
  const observed = file.channels.length;
  const [of_series] = series;
  const part = (bands: Bands | undefined, data: Series | undefined, is_forecast: boolean): Frame[] => {
    const count = bands?.signals[0]?.length ?? 0;
    const shown = Math.min(count, most_frames / 2);
    return Array.from({ length: shown }, (_, i) => {
      const n = Math.floor(((i + 0.5) * count) / shown);
      const own = data?.values.subarray(n * observed, (n + 1) * observed);
      return {
        name: String(Number((bands?.signals[0]?.[n]?.t ?? Number.NaN).toPrecision(4))),
        is_forecast,
        predicted: Float64Array.from(bands?.signals ?? [], (of_time) => of_time[n]?.mean ?? 0),
        ...(own === undefined || own.length === 0 ? {} : { observed: own }),
      };
    });
  };
  return [...part(of_series?.bands, kept[0], false), ...part(of_series?.forecast, later[0], true)];
}

/** In the data's units. */
function field_of(inputs: SdeInputs, { field, learned }: SdeResult): NonNullable<SdeReport['field']> {
  const { points, drift } = field as NonNullable<SdeResult['field']>;
  const { mean, sd } = units_of_components(learned);
  const places = points.map((point) => point.map((v, d) => (mean[d] as number) + (sd[d] as number) * v));
  const known = inputs.example?.known.drift;
  return {
    points: places,
    drift: drift.map((f) => Array.from(f, (v, d) => (v * (sd[d] as number)) / learned.units.time)),
    ...(known === undefined || learned.model.decoder !== 'identity' ? {} : { truth: places.map((z) => known(z)) }),
  };
}

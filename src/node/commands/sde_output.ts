/** What `langevin sde` writes. */

import type { Frame } from '../../data/report/frames.ts';
import { type SdeReport, write_sde_report } from '../../data/sde_report.ts';
import type { SdeBlock } from '../../data/sde_summary.ts';
import { type Summary, write_summary } from '../../data/summary.ts';
import type { SdeConfig } from '../../sde/config.ts';
import type { Band, Bands } from '../../sde/learned/bands.ts';
import type { Series } from '../../sde/series.ts';
import type { SdeSettings } from '../../sde/settings.ts';
import { pack_state } from '../../sde/state.ts';
import type { FileContent } from '../output.ts';
import { checkpoint_files } from '../sde_checkpoint.ts';
import { version } from '../version.ts';
import type { SdeInputs } from './sde_inputs.ts';
import type { SdeResult } from './sde_result.ts';
import { component_names } from './sde_summary.ts';
import { estimates_table, forecast_table, sde_facts, sde_sizes } from './sde_text.ts';

export async function sde_files(
  inputs: SdeInputs,
  result: SdeResult,
  summary: Summary & { sde: SdeBlock },
): Promise<Record<string, FileContent>> {
  const { fit } = result;
  const { source, example, file, hold_out } = inputs;
  const state = await fit.trainer.read_state();
  const model = {
    ...{
      langevin: version,
      config: resolved(inputs, fit.settings),
      seed: inputs.seed,
      fingerprint: inputs.fingerprint,
    },
    ...{ steps: state.steps, training_seconds: summary.sde.training_seconds, curve: result.curve },
    hold_out,
    ...(example === undefined ? {} : { example: example.known.name }),
    ...(source === undefined ? {} : { data: { ...source, time: file.time, channels: file.channels } }),
  };
  return {
    'summary.json': write_summary(summary),
    'states.csv': states_csv(inputs, result),
    ...(example === undefined ? {} : { 'example.csv': example_csv(inputs) }),
    ...checkpoint_files(model, pack_state(fit.layout, state)),
    'report.html': write_sde_report(report_of(inputs, result, summary)),
  };
}

/** A training that goes on has the warm-up and the ramp that it began with, however many steps are added. */
function resolved({ config }: SdeInputs, { ramp, schedule }: SdeSettings): SdeConfig {
  return { ...config, training: { ...config.training, ramp, warm_up: schedule.warm_up } };
}

const columns = ['mean', 'sd', 'q05', 'q25', 'q50', 'q75', 'q95'] as const;

/** Channels beyond which a signal has its mean alone. */
const few_channels = 64;
const columns_of_signals = (channels: number) => (channels > few_channels ? columns.slice(0, 1) : columns);

/** A row per time of an observation, then of the forecast: states, and what they mean for the channels without the noise of an observation. */
function* states_csv(inputs: SdeInputs, result: SdeResult): Generator<string> {
  const { channels, time } = inputs.file;
  const signals = columns_of_signals(channels.length);
  const names = [
    ...component_names(inputs, result).flatMap((name) => columns.map((column) => `state.${name}.${column}`)),
    ...channels.flatMap((name) => signals.map((column) => `signal.${name}.${column}`)),
  ];
  yield `series,${time},kind,${names.join(',')}\n`;
  for (const [s, { bands, forecast }] of result.series.entries()) {
    const label = csv_cell(inputs.file.labels[s] as string);
    yield rows_of(bands, label, 'posterior');
    if (forecast) yield rows_of(forecast, label, 'forecast');
  }
}

const csv_cell = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

function rows_of({ states, signals }: Bands, series: string, kind: string): string {
  const of_signals = columns_of_signals(signals.length);
  const lines = (states[0] ?? []).map(({ t }, n) => {
    const cells = [
      ...states.flatMap((bands) => columns.map((column) => cell(bands[n]?.[column]))),
      ...signals.flatMap((bands) => of_signals.map((column) => cell(bands[n]?.[column]))),
    ];
    return `${series},${cell(t, 10)},${kind},${cells.join(',')}\n`;
  });
  return lines.join('');
}

const cell = (x: number | undefined, digits = 7) =>
  x === undefined || !Number.isFinite(x) ? '' : String(Number(x.toPrecision(digits)));

/** Of an example: what it was learned from and what was withheld, for a run with --data. */
function* example_csv({ file }: SdeInputs): Generator<string> {
  yield `${[file.time, ...file.channels].join(',')}\n`;
  for (const { times, values } of file.series) {
    for (const [n, t] of times.entries()) {
      const own = values.subarray(n * file.channels.length, (n + 1) * file.channels.length);
      yield `${[cell(t, 10), ...Array.from(own, (y) => (Number.isNaN(y) ? '' : String(y)))].join(',')}\n`;
    }
  }
}

/** Series that the report draws. */
const most_series = 4;
const most_channels = 8;

function report_of(inputs: SdeInputs, result: SdeResult, summary: Summary & { sde: SdeBlock }): SdeReport {
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
        name: cell(bands?.signals[0]?.[n]?.t, 4),
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
  const { model, units } = learned;
  const is_identity = model.decoder === 'identity';
  const mean = (d: number) => (is_identity ? (units.mean[d] ?? 0) : 0);
  const sd = (d: number) => (is_identity ? (units.sd[d] ?? 1) : 1);
  const places = points.map((point) => point.map((v, d) => mean(d) + sd(d) * v));
  const known = inputs.example?.known.drift;
  return {
    points: places,
    drift: drift.map((f) => Array.from(f, (v, d) => (v * sd(d)) / units.time)),
    ...(known === undefined || !is_identity ? {} : { truth: places.map((z) => known(z)) }),
  };
}

/** What `langevin sde` writes. */

import { write_sde_report } from '../../data/sde_report.ts';
import type { SdeBlock } from '../../data/sde_summary.ts';
import { type Summary, write_summary } from '../../data/summary.ts';
import type { SdeConfig } from '../../sde/config.ts';
import type { Bands } from '../../sde/learned/bands.ts';
import type { SdeSettings } from '../../sde/settings.ts';
import { pack_state } from '../../sde/state.ts';
import type { FileContent } from '../output.ts';
import { checkpoint_files } from '../sde_checkpoint.ts';
import { version } from '../version.ts';
import type { SdeInputs } from './sde_inputs.ts';
import { sde_report_of } from './sde_report_input.ts';
import type { SdeResult } from './sde_result.ts';
import { component_names } from './sde_summary.ts';

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
    'report.html': write_sde_report(sde_report_of(inputs, result, summary)),
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

/** Fits a latent SDE to series: units, tables, parameters to start from, training in dispatches of a bearable length, and the bound at the end. */

import type { Device } from '../gpu/device.ts';
import { UserError } from '../model/user_error.ts';
import { tiling_for } from '../network/tiles.ts';
import { site, type Words, words_at } from '../random/threefry.ts';
import { check_series } from './check_series.ts';
import { check_values } from './check_values.ts';
import type { SdeConfig } from './config.ts';
import { check_own_drift, drift_units, type OwnDriftUnits } from './own_drift.ts';
import { batch, is_own, type SdeLayout, type SdeModel, sde_layout } from './problem.ts';
import { type Series, type Tables, tabulate } from './series.ts';
import { is_real, type SdeSettings, settings_of, table_options_of } from './settings.ts';
import { known_in_units, start_net } from './start.ts';
import { first_state, type TrainingState, unpack_state } from './state.ts';
import { create_sde_trainer, type SdeTrainer, type Terms } from './trainer.ts';
import { to_units, type Units, units_of } from './units.ts';

export interface FitOptions {
  config: SdeConfig;
  names: { series: readonly string[]; channels: readonly string[] };
  key: Words;
  /** Where an earlier training of the same data and settings stopped (pack_state). */
  resumed?: { steps: number; numbers: Float32Array };
  /** Ends the training after the steps under way. */
  signal?: AbortSignal;
  /** The kernels are compiled. */
  on_start?(steps: number, of: number): void;
  on_progress?(done: number, of: number, terms: readonly Terms[]): void;
}

export interface SdeFit {
  settings: SdeSettings;
  units: Units;
  /** In the model's units. */
  series: Series[];
  layout: SdeLayout;
  tables: Tables;
  trainer: SdeTrainer;
  /** [net][step] of this training; likelihoods are densities in the data's units, here and in `bound`. */
  curve: Terms[][];
  steps: number;
  /** [pass][net] estimates over all data, of the last parameters. */
  bound: Terms[][];
}

/** Over all data, at the end. */
const passes = 8;

/** Milliseconds of a dispatch: long enough to cost nothing between them, short enough for the driver of a screen and for progress. */
const wanted_ms = 400;

/** What follows from data and settings, before any device. */
export interface Plan {
  settings: SdeSettings;
  units: Units;
  /** In the model's units. */
  series: Series[];
  /** Of a person's own drift. */
  drift_units: OwnDriftUnits | undefined;
}

/** Throws UserError for series that cannot be learned from, and for settings that contradict them. */
export function plan_fit(raw: readonly Series[], { config, names }: Pick<FitOptions, 'config' | 'names'>): Plan {
  check_series(raw, names.series, names.channels.length);
  const units = units_of(raw, names.channels, is_real(config.likelihood ?? 'gaussian'));
  const series = to_units(raw, units);
  const settings = settings_of(config, raw, units);
  const { model } = settings;
  check_values(raw, names, model.likelihood);
  if (!is_own(model.drift)) return { settings, units, series, drift_units: undefined };
  const longest = Math.max(...raw.map(({ times }) => (times.at(-1) as number) - (times[0] as number)));
  refuse_other_order(model.drift.states, names.channels, model.decoder);
  const own_units = drift_units(units, model.latent, model.decoder === 'identity', longest);
  check_own_drift(model.drift, own_units);
  return { settings, units, series, drift_units: own_units };
}

/** The caller destroys `trainer`. Throws UserError as plan_fit does, and for a training that diverges. */
export async function fit_sde(device: Device, raw: readonly Series[], options: FitOptions): Promise<SdeFit> {
  const { key, signal, on_progress } = options;
  const { settings, units, series, drift_units: own_units } = plan_fit(raw, options);
  const { model, estimator, schedule } = settings;
  const tables = tabulate(series, table_options_of(settings));
  const layout = sde_layout(tiling_for(device, batch / 4), model, tables.encoder_inputs);
  const start =
    options.resumed === undefined
      ? fresh_state(layout, settings, units, key)
      : resumed_state(layout, settings, options.resumed);
  const trainer = await create_sde_trainer(device, {
    ...{ model, estimator, layout, tables, schedule, start, key },
    ...{ ramp: settings.ramp, diffusion: settings.diffusion },
    ...(own_units === undefined ? {} : { units: own_units }),
  });
  const curve = Array.from({ length: estimator.nets }, (): Terms[] => []);
  const shift = log_unit(series, units) / tables.numbers;
  const in_data_units = (terms: Terms): Terms => ({ ...terms, likelihood: terms.likelihood - shift });
  let steps = start.steps;
  options.on_start?.(steps, schedule.steps);
  for (let chunk = 1; steps < schedule.steps && !signal?.aborted; ) {
    const now = Math.min(chunk, schedule.steps - steps);
    const started = performance.now();
    const terms = (await trainer.run(now)).map((own) => own.map(in_data_units));
    chunk = Math.max(1, Math.min(2 * chunk, Math.round((now * wanted_ms) / (performance.now() - started))));
    steps += now;
    refuse_divergence(terms, steps);
    terms.forEach((own, net) => {
      curve[net]?.push(...own);
    });
    on_progress?.(
      steps,
      schedule.steps,
      terms.map((own) => own.at(-1) as Terms),
    );
  }
  const bound = (await trainer.evaluate(passes)).map((pass) => pass.map(in_data_units));
  return { settings, units, series, layout, tables, trainer, curve, steps, bound };
}

/** Channel c is state c: names that say otherwise are a mistake. */
function refuse_other_order(
  states: readonly string[],
  channels: readonly string[],
  decoder: SdeModel['decoder'],
): void {
  if (decoder !== 'identity') return;
  const wrong = channels.findIndex((name, c) => states.includes(name) && states[c] !== name);
  if (wrong < 0) return;
  throw new UserError(
    `Channel ${wrong + 1} is ${channels[wrong]}, and state ${wrong + 1} of the drift is ${states[wrong]}: channels are states in the same order.\nName them so: --channels ${states.filter((name) => channels.includes(name)).join(',')}.`,
  );
}

/** Sum over the values observed of the log of their unit. */
function log_unit(series: readonly Series[], { sd }: Units): number {
  let sum = 0;
  for (const { values } of series) {
    values.forEach((y, i) => {
      if (!Number.isNaN(y)) sum += Math.log(sd[i % sd.length] as number);
    });
  }
  return sum;
}

function resumed_state(
  layout: SdeLayout,
  { estimator, schedule }: SdeSettings,
  { steps, numbers }: NonNullable<FitOptions['resumed']>,
): TrainingState {
  if (numbers.length !== 4 * estimator.nets * layout.parameters)
    throw new UserError(
      'The training was begun on an adapter of another kind, which lays networks out in another way.\nGo on with it there (--adapter), or train again.',
    );
  if (steps > schedule.steps)
    throw new UserError(
      `The training has made ${steps} steps already, and ${schedule.steps} are asked for.\nGive more --steps to go on.`,
    );
  return unpack_state(layout, numbers, steps);
}

function fresh_state(
  layout: SdeLayout,
  { model, estimator, known }: SdeSettings,
  units: Units,
  key: Words,
): TrainingState {
  const weights = new Float32Array(estimator.nets * layout.numbers);
  const own = known_in_units(known, units, model.decoder === 'identity');
  for (let net = 0; net < estimator.nets; net++) {
    weights.set(start_net(layout, model, words_at(key, site.weights, 0, 0), net, own), net * layout.numbers);
  }
  return first_state(layout, weights);
}

function refuse_divergence(terms: readonly Terms[][], done: number): void {
  if (terms.flat().every((one) => Object.values(one).every(Number.isFinite))) return;
  throw new UserError(
    `The training diverged within ${done} steps: its bound is no number.\nUse a smaller training.learning_rate, or a longer training.warm_up.`,
  );
}

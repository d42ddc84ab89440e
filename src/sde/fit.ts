/** Fits a latent SDE to series: units, tables, parameters to start from, training in dispatches of a bearable length, and the bound at the end. */

import type { Device } from '../gpu/device.ts';
import { UserError } from '../model/user_error.ts';
import { tiling_for } from '../network/tiles.ts';
import { site, type Words, words_at } from '../random/threefry.ts';
import { check_series } from './check_series.ts';
import { check_values } from './check_values.ts';
import type { SdeConfig } from './config.ts';
import type { Training } from './onlooker.ts';
import { check_own_drift, drift_units, type OwnDriftUnits } from './own_drift.ts';
import { batch, is_own, type SdeLayout, type SdeModel, sde_layout } from './problem.ts';
import { type Series, tabulate } from './series.ts';
import { is_real, type SdeSettings, settings_of, table_options_of } from './settings.ts';
import { known_in_units, start_net } from './start.ts';
import { first_state, type TrainingState, unpack_state } from './state.ts';
import { create_sde_trainer, type Terms } from './trainer.ts';
import { type TrainOptions, train } from './training.ts';
import { to_units, type Units, units_of } from './units.ts';

export interface FitOptions extends TrainOptions {
  config: SdeConfig;
  names: { series: readonly string[]; channels: readonly string[] };
  key: Words;
  /** Where an earlier training of the same data and settings stopped (pack_state). */
  resumed?: { steps: number; numbers: Float32Array };
}

export interface SdeFit extends Training {
  /** [pass][net] estimates over all data, of the last parameters. */
  bound: Terms[][];
}

/** Over all data, at the end. */
const passes = 8;

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
  const { key } = options;
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
  const training = { settings, units, series, layout, tables, trainer, curve, steps: start.steps };
  try {
    await train(training, options, in_data_units);
    const bound: Terms[][] = [];
    for (let pass = 0; pass < passes; pass++) {
      bound.push(...(await trainer.evaluate(1, pass)).map((own) => own.map(in_data_units)));
      await options.onlooker?.on_turn(training);
    }
    return { ...training, bound };
  } catch (error) {
    trainer.destroy();
    throw error;
  }
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

/** Fits a latent SDE to series: units, tables, parameters to start from, training in dispatches of a bearable length, and the bound at the end. */

import type { Device } from '../gpu/device.ts';
import { UserError } from '../model/user_error.ts';
import { tiling_for } from '../network/tiles.ts';
import { site, type Words, words_at } from '../random/threefry.ts';
import { check_series } from './check_series.ts';
import { drift_units } from './own_drift.ts';
import { batch, type Estimator, is_own, type SdeLayout, type SdeModel, sde_layout } from './problem.ts';
import type { Schedule } from './run_params.ts';
import { type Series, type Tables, tabulate } from './series.ts';
import { type KnownNumbers, known_in_units, start_net } from './start.ts';
import { create_sde_trainer, type SdeTrainer, type Terms } from './trainer.ts';
import { to_units, type Units, units_of } from './units.ts';

export interface FitOptions {
  model: SdeModel;
  estimator: Estimator;
  schedule: Schedule;
  /** Steps in which the weight of the divergences rises to 1. */
  ramp: number;
  /** Observations from one node to the next, and those that the encoder sees around a node. */
  every: number;
  sees: number;
  /** Prior of log D, in the model's units. */
  diffusion: { mean: number; sd: number };
  /** What the model does not learn. */
  known?: KnownNumbers;
  names: { series: readonly string[]; channels: readonly string[] };
  key: Words;
  on_progress?(done: number, of: number, terms: readonly Terms[]): void;
}

export interface SdeFit {
  units: Units;
  layout: SdeLayout;
  tables: Tables;
  trainer: SdeTrainer;
  /** [net][step] */
  curve: Terms[][];
  /** [pass][net] estimates over all data, of the last parameters. */
  bound: Terms[][];
}

/** Over all data, at the end. */
const passes = 8;

/** Milliseconds of a dispatch: long enough to cost nothing between them, short enough for the driver of a screen and for progress. */
const wanted_ms = 400;

/** The caller destroys `trainer`. Throws UserError for series that cannot be learned from. */
export async function fit_sde(device: Device, raw: readonly Series[], options: FitOptions): Promise<SdeFit> {
  const { model, estimator, schedule, names, key, on_progress } = options;
  const { latent, observed, likelihood } = model;
  check_series(raw, names.series, observed);
  const units = units_of(raw, names.channels, likelihood === 'gaussian' || likelihood === 'student_t');
  const series = to_units(raw, units);
  const is_identity = model.decoder === 'identity';
  const { every, sees } = options;
  const tables = tabulate(series, { latent, observed, every, sees, nodes: estimator.nodes, is_identity });
  const layout = sde_layout(tiling_for(device, batch / 4), model, tables.encoder_inputs);
  const known = known_in_units(options.known ?? {}, units);
  const start = new Float32Array(estimator.nets * layout.numbers);
  for (let net = 0; net < estimator.nets; net++) {
    start.set(start_net(layout, model, words_at(key, site.weights, 0, 0), net, known), net * layout.numbers);
  }
  const longest = Math.max(...raw.map(({ times }) => (times.at(-1) as number) - (times[0] as number)));
  const trainer = await create_sde_trainer(device, {
    ...{ model, estimator, layout, tables, schedule, start, key },
    ...{ ramp: options.ramp, diffusion: options.diffusion },
    ...(is_own(model.drift) ? { units: drift_units(units, latent, is_identity, longest) } : {}),
  });
  const curve = Array.from({ length: estimator.nets }, (): Terms[] => []);
  let chunk = 1;
  for (let done = 0; done < schedule.steps; ) {
    const now = Math.min(chunk, schedule.steps - done);
    const started = performance.now();
    const terms = await trainer.run(now);
    chunk = Math.max(1, Math.min(2 * chunk, Math.round((now * wanted_ms) / (performance.now() - started))));
    done += now;
    refuse_divergence(terms, done);
    terms.forEach((own, net) => {
      curve[net]?.push(...own);
    });
    on_progress?.(
      done,
      schedule.steps,
      terms.map((own) => own.at(-1) as Terms),
    );
  }
  return { units, layout, tables, trainer, curve, bound: await trainer.evaluate(passes) };
}

function refuse_divergence(terms: readonly Terms[][], done: number): void {
  if (terms.flat().every((one) => Object.values(one).every(Number.isFinite))) return;
  throw new UserError(
    `The training diverged within ${done} steps: its bound is no number.\nUse a smaller learning rate, or a longer warm-up.`,
  );
}

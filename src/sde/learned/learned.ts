/** A latent SDE that was learned: one network's numbers with what they mean. */

import type { Training } from '../onlooker.ts';
import { drift_units, type OwnDriftUnits } from '../own_drift.ts';
import { create_posterior, type Posterior } from '../posterior.ts';
import { type Estimator, is_own, type SdeLayout, type SdeModel } from '../problem.ts';
import type { Series, SeriesOptions, Tables } from '../series.ts';
import { table_options_of } from '../settings.ts';
import type { Units } from '../units.ts';
import { scale_of, type TableScale } from '../view.ts';

export interface LearnedSde {
  model: SdeModel;
  estimator: Estimator;
  layout: SdeLayout;
  tables: Tables;
  units: Units;
  /** In the model's units. */
  series: readonly Series[];
  /** Of this network: parameters and transposes (src/network/mlp.ts). */
  weights: Float32Array<ArrayBuffer>;
  posterior: Posterior;
  /** Where the drift is a person's own. */
  drift_units?: OwnDriftUnits;
  /** Of the longest series that was learned from, in the model's time. */
  longest: number;
  /** How its tables were made. */
  table_options: SeriesOptions;
  scale: TableScale;
}

/** All networks of a fit, or of a training that goes on. */
export async function learned_networks(fit: Training): Promise<LearnedSde[]> {
  const { settings, layout, tables, units, series, trainer } = fit;
  const { model, estimator } = settings;
  const all = await trainer.read_weights();
  const encoded = await trainer.encode();
  const is_identity = model.decoder === 'identity';
  const table_options = table_options_of(settings);
  const scale = scale_of(series, settings.sees);
  const { longest } = scale;
  return encoded.map((own, net) => ({
    ...{ model, estimator, layout, tables, units, series, longest, table_options, scale },
    weights: all.slice(net * layout.numbers, (net + 1) * layout.numbers),
    posterior: create_posterior(model, tables, own),
    ...(is_own(model.drift)
      ? { drift_units: drift_units(units, model.latent, is_identity, longest * units.time) }
      : {}),
  }));
}

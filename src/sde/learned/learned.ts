/** A latent SDE that was learned: one network's numbers with what they mean. */

import type { SdeFit } from '../fit.ts';
import { drift_units, type OwnDriftUnits } from '../own_drift.ts';
import { create_posterior, type Posterior } from '../posterior.ts';
import { type Estimator, is_own, type SdeLayout, type SdeModel } from '../problem.ts';
import type { Series, Tables } from '../series.ts';
import type { Units } from '../units.ts';

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
  /** Of the longest series, in the model's time. */
  longest: number;
}

/** All networks of a fit. */
export async function learned_networks(fit: SdeFit): Promise<LearnedSde[]> {
  const { settings, layout, tables, units, series, trainer } = fit;
  const { model, estimator } = settings;
  const all = await trainer.read_weights();
  const encoded = await trainer.encode();
  const longest = Math.max(...series.map(({ times }) => (times.at(-1) as number) - (times[0] as number)));
  const is_identity = model.decoder === 'identity';
  return encoded.map((own, net) => ({
    ...{ model, estimator, layout, tables, units, series, longest },
    weights: all.slice(net * layout.numbers, (net + 1) * layout.numbers),
    posterior: create_posterior(model, tables, own),
    ...(is_own(model.drift)
      ? { drift_units: drift_units(units, model.latent, is_identity, longest * units.time) }
      : {}),
  }));
}

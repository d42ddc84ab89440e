/** Quantiles over time of a learned SDE's states and of what they mean for the channels, in the data's units. */

import { quantile } from '../../diagnostics/quantiles.ts';
import { normals_at } from '../../random/normals.ts';
import { site, type Words } from '../../random/threefry.ts';
import { units_of_components } from './estimates.ts';
import type { LearnedSde } from './learned.ts';
import { signal_of } from './signal.ts';

/** At one time, which is the data's. */
export interface Band {
  t: number;
  mean: number;
  sd: number;
  q05: number;
  q25: number;
  q50: number;
  q75: number;
  q95: number;
}

export interface Bands {
  /** [component][time] */
  states: Band[][];
  /** [channel][time] of the signal, without the noise of an observation. */
  signals: Band[][];
}

/** Draws behind the bands of a signal that a network makes of the state: fewer where there are many channels. */
const draws_of = (channels: number) => (channels > 64 ? 64 : 400);

/** The 5 % and 25 % quantiles of a standard normal. */
const [z05, z25] = [-1.6448536269514722, -0.6744897501960817];

/** Of q. @param times in the model's units, within the series */
export function posterior_bands(learned: LearnedSde, series: number, times: readonly number[], key: Words): Bands {
  const { model, posterior, units } = learned;
  const own = units_of_components(learned);
  const is_channel =
    model.decoder === 'identity' && (model.likelihood === 'gaussian' || model.likelihood === 'student_t');
  const bands = empty(model.latent, model.observed);
  for (const [n, time] of times.entries()) {
    const { mean, log_variance } = posterior.at(series, time);
    const sd = Float64Array.from(log_variance, (l) => Math.exp(0.5 * l));
    const t = time * units.time;
    for (let d = 0; d < model.latent; d++) {
      bands.states[d]?.push(
        normal_band(
          t,
          (own.mean[d] as number) + (own.sd[d] as number) * (mean[d] as number),
          (own.sd[d] as number) * (sd[d] as number),
        ),
      );
    }
    if (is_channel) continue;
    const draws = draws_of(model.observed);
    const eps = normals_at(key, site.state_draw, n, draws * model.latent);
    const signals = Array.from({ length: draws }, (_, k) =>
      signal_of(
        learned,
        mean.map((m, d) => m + (sd[d] as number) * (eps[k * model.latent + d] as number)),
      ),
    );
    for (let c = 0; c < model.observed; c++) {
      bands.signals[c]?.push(
        sampled_band(
          t,
          Float64Array.from(signals, (signal) => signal[c] as number),
        ),
      );
    }
  }
  return is_channel ? { ...bands, signals: bands.states.slice(0, model.observed) } : bands;
}

/** Of paths: the states stored from `first` on at `times`. @param trajectory [stored][component][path] @param times in the model's units */
export function path_bands(learned: LearnedSde, trajectory: Float32Array, times: readonly number[], first = 0): Bands {
  const { model, units } = learned;
  const { latent } = model;
  const own = units_of_components(learned);
  const bands = empty(latent, model.observed);
  for (const [n, time] of times.entries()) {
    const t = time * units.time;
    const values = components_at(trajectory, latent, times.length + first, n + first);
    values.forEach((of_paths, d) => {
      bands.states[d]?.push(
        sampled_band(
          t,
          of_paths.map((z) => (own.mean[d] as number) + (own.sd[d] as number) * z),
        ),
      );
    });
    signals_of(learned, values).forEach((of_paths, c) => {
      bands.signals[c]?.push(sampled_band(t, of_paths));
    });
  }
  return bands;
}

/** [component][path] of one stored time. */
export function components_at(trajectory: Float32Array, latent: number, stored: number, n: number): Float64Array[] {
  const paths = trajectory.length / (latent * stored);
  return Array.from({ length: latent }, (_, d) =>
    Float64Array.from(trajectory.subarray((n * latent + d) * paths, (n * latent + d + 1) * paths)),
  );
}

/** [channel][path] @param values [component][path] */
export function signals_of(learned: LearnedSde, values: readonly Float64Array[]): Float64Array[] {
  const { observed } = learned.model;
  const paths = values[0]?.length ?? 0;
  const all = Array.from({ length: observed }, () => new Float64Array(paths));
  for (let k = 0; k < paths; k++) {
    const signal = signal_of(
      learned,
      values.map((of_paths) => of_paths[k] as number),
    );
    for (let c = 0; c < observed; c++) (all[c] as Float64Array)[k] = signal[c] as number;
  }
  return all;
}

function empty(latent: number, observed: number): Bands {
  const of = (count: number) => Array.from({ length: count }, (): Band[] => []);
  return { states: of(latent), signals: of(observed) };
}

const normal_band = (t: number, mean: number, sd: number): Band => ({
  ...{ t, mean, sd, q05: mean + z05 * sd, q25: mean + z25 * sd },
  ...{ q50: mean, q75: mean - z25 * sd, q95: mean - z05 * sd },
});

function sampled_band(t: number, values: Float64Array): Band {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const sd = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1));
  const sorted = values.toSorted();
  const q = (p: number) => quantile(sorted, p);
  return { t, mean, sd, q05: q(0.05), q25: q(0.25), q50: q(0.5), q75: q(0.75), q95: q(0.95) };
}

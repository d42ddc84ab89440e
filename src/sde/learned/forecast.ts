/** Forecasts: paths of the learned SDE from what q says of the end of a series, and how good they were where observations were withheld. */

import type { Device } from '../../gpu/device.ts';
import { normals_at } from '../../random/normals.ts';
import { site, uniform_at, type Words } from '../../random/threefry.ts';
import type { Series } from '../series.ts';
import { type Bands, components_at, path_bands, signals_of } from './bands.ts';
import { estimates_of } from './estimates.ts';
import type { LearnedSde } from './learned.ts';
import { draw_states, learned_paths, steps_between } from './paths.ts';

export interface Forecast {
  /** At every time asked for. */
  bands: Bands;
  /** [time][channel][path] of the signal. */
  signals: Float64Array[][];
}

export interface ForecastOptions {
  series: number;
  /** In the model's units, increasing, beyond the end of the series. */
  times: readonly number[];
  /** In whole batches of 32. */
  paths: number;
  /** Longest of Euler's steps (step_length). */
  step: number;
  key: Words;
}

export async function forecast(
  device: Device,
  learned: LearnedSde,
  { series, times, paths, step, key }: ForecastOptions,
): Promise<Forecast> {
  const [begin, end] = learned.posterior.range(series);
  const states = draw_states(learned, series, end, paths, key);
  const { steps, every } = steps_between(learned, [end, ...times], step, begin);
  const { trajectory, stored } = await learned_paths(device, learned, {
    states,
    steps,
    every,
    diffusion: 'drawn',
    key,
  });
  const signals = times.map((_, n) =>
    signals_of(learned, components_at(trajectory, learned.model.latent, stored, n + 1)),
  );
  return { bands: path_bands(learned, trajectory, times, 1), signals };
}

/** How forecasts agree with what was observed later; of one channel, in the data's units. */
export interface ForecastScore {
  observations: number;
  /** Of the mean over the paths. */
  rmse: number;
  /** Of the mean of all that was learned from: what no model is needed for. */
  rmse_of_mean: number;
  /** Part of the observations within the 90 % band, noise counted. */
  covered: number;
  /** Continuous ranked probability score (Gneiting and Raftery 2007, eq. 20), mean over observations. */
  crps: number;
}

export interface Withheld {
  series: number;
  /** In the data's units. */
  later: Series;
  forecast: Forecast;
}

/** [channel]; of normal and Student's t observations. @param means [channel] of what was learned from */
export function score_forecasts(
  learned: LearnedSde,
  all: readonly Withheld[],
  means: ArrayLike<number>,
  key: Words,
): ForecastScore[] {
  const { observed } = learned.model;
  const { noise } = estimates_of(learned);
  return Array.from({ length: observed }, (_, c) => {
    const sums = { observations: 0, square: 0, square_of_mean: 0, covered: 0, crps: 0 };
    for (const { series, later, forecast } of all) {
      for (const [n, signals] of forecast.signals.entries()) {
        const y = later.values[n * observed + c] as number;
        if (Number.isNaN(y)) continue;
        const signal = signals[c] as Float64Array;
        const eps = noise_draws(learned, key, (series * forecast.signals.length + n) % 2 ** 20, signal.length);
        const drawn = signal.map((s, k) => s + (noise[c] ?? 0) * (eps[k] as number)).sort();
        const mean = signal.reduce((sum, s) => sum + s, 0) / signal.length;
        sums.observations++;
        sums.square += (y - mean) ** 2;
        sums.square_of_mean += (y - (means[c] as number)) ** 2;
        const at = (p: number) => drawn[Math.floor(p * drawn.length)] as number;
        sums.covered += Number(y >= at(0.05) && y <= at(0.95));
        sums.crps += crps(drawn, y);
      }
    }
    const { observations } = sums;
    return {
      observations,
      rmse: Math.sqrt(sums.square / observations),
      rmse_of_mean: Math.sqrt(sums.square_of_mean / observations),
      covered: sums.covered / observations,
      crps: sums.crps / observations,
    };
  });
}

/** Noise of an observation in units of its sd, of its scale for Student's t (four degrees of freedom, as shaders/sde/likelihood.wgsl has it). */
function noise_draws({ model }: LearnedSde, key: Words, step: number, count: number): Float64Array {
  const normals = normals_at(key, site.observation, step, count);
  if (model.likelihood !== 'student_t') return normals;
  // χ² of four degrees of freedom is −2 log of a product of two uniforms.
  const uniform = (n: number) => uniform_at(key, site.propose, step, n);
  return normals.map((z, k) => z / Math.sqrt(-0.5 * Math.log(uniform(2 * k) * uniform(2 * k + 1))));
}

/** E|X − y| − ½ E|X − X′| over increasing draws. */
function crps(sorted: Float64Array, y: number): number {
  const n = sorted.length;
  let [to_value, apart] = [0, 0];
  sorted.forEach((x, i) => {
    to_value += Math.abs(x - y);
    apart += (2 * i + 1 - n) * x;
  });
  return to_value / n - apart / n ** 2;
}

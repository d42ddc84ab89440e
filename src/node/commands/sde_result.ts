/** What a trained latent SDE tells: bands, forecasts, importance weights, and how it agrees with what is known. */

import { range_of } from '../../data/report/svg.ts';
import type { Device } from '../../gpu/device.ts';
import { UserError } from '../../model/user_error.ts';
import type { Words } from '../../random/threefry.ts';
import type { SdeFit } from '../../sde/fit.ts';
import { type Bands, posterior_bands } from '../../sde/learned/bands.ts';
import { type Bounds, bounds_of } from '../../sde/learned/bounds.ts';
import { type CurvePoint, curve_points } from '../../sde/learned/curve.ts';
import { drift_at } from '../../sde/learned/drift_at.ts';
import { type Estimates, estimates_of } from '../../sde/learned/estimates.ts';
import { type ForecastScore, forecast, score_forecasts, type Withheld } from '../../sde/learned/forecast.ts';
import { evidence_gap, type Gap } from '../../sde/learned/importance.ts';
import { infer } from '../../sde/learned/infer.ts';
import { type LearnedSde, learned_networks } from '../../sde/learned/learned.ts';
import { whole_batches } from '../../sde/learned/paths.ts';
import { step_length } from '../../sde/learned/step_length.ts';
import { compare_with_truth, type TruthScores } from '../../sde/learned/truth.ts';
import type { SdeInputs } from './sde_inputs.ts';
import type { SdeAsked } from './sde_options.ts';

/** Of one series. */
export interface SeriesResult {
  /** At the times of the observations. */
  bands: Bands;
  /** At the times that were withheld, then beyond the end; in the model's units. */
  forecast?: Bands;
}

export interface SdeResult extends Bounds {
  fit: SdeFit;
  learned: LearnedSde;
  /** [network] */
  estimates: Estimates[];
  /** [network] */
  curve: CurvePoint[][];
  series: SeriesResult[];
  scores: ForecastScore[] | undefined;
  /** The same of series that were not learned from. */
  test_scores: ForecastScore[] | undefined;
  /** What could not be made, and why: a training is not lost for it. */
  failures: string[];
  /** Absent where q is too stiff for it. */
  gap: Gap | undefined;
  truth: TruthScores | undefined;
  /** Of a state in the plane: where, and the drift there, in the model's units. */
  field: { points: number[][]; drift: Float64Array[] } | undefined;
}

/** Stops of a forecast beyond the data. */
const forecast_stops = 100;

export async function sde_result(
  device: Device,
  fit: SdeFit,
  inputs: SdeInputs,
  asked: SdeAsked,
  say: (line: string) => void,
): Promise<SdeResult> {
  const networks = await learned_networks(fit);
  const { units, settings } = fit;
  const { nets } = settings.estimator;
  const found = bounds_of(fit);
  const { shown } = found;
  const learned = networks[shown] as LearnedSde;
  const key: Words = [inputs.seed, 2];
  const step = await step_length(device, learned);
  say('bands of the posterior');
  const series: SeriesResult[] = inputs.kept.map((_, s) => ({
    bands: posterior_bands(learned, s, Array.from(fit.series[s]?.times ?? []), key),
  }));
  const withheld: Withheld[] = [];
  const failures: string[] = [];
  for (const [s, later] of inputs.later.entries()) {
    const stops = stops_after(inputs, s, asked.forecast).map((t) => t / units.time);
    if (stops.length === 0) continue;
    say(`forecast of series ${s + 1} of ${inputs.later.length}`);
    const options = { series: s, times: stops, paths: whole_batches(asked.paths), step, key };
    const made = await attempt(() => forecast(device, learned, options), failures);
    if (made === undefined) break;
    series[s] = { ...(series[s] as SeriesResult), forecast: made.bands };
    if (later.times.length > 0) {
      withheld.push({ series: s, later, forecast: { ...made, signals: made.signals.slice(0, later.times.length) } });
    }
  }
  const means = channel_means(inputs);
  const test_options = { paths: asked.paths, step, key };
  const test_scores = await attempt(() => score_test(device, learned, inputs, means, test_options, say), failures);
  say('importance weights of the posterior');
  const gap = await evidence_gap(device, learned, 0, { paths: asked.paths, step, key });
  const { example } = inputs;
  const truth = example && (await compare_with_truth(device, learned, example.known, example.simulated));
  return {
    ...{ fit, ...found, learned, gap, truth, series, test_scores, failures },
    estimates: networks.map(estimates_of),
    curve: Array.from({ length: nets }, (_, net) =>
      curve_points(inputs.resumed?.model.curve[net] ?? [], fit.curve[net] ?? [], settings.schedule.steps),
    ),
    scores: withheld.length === 0 ? undefined : score_forecasts(learned, withheld, means, key),
    field: settings.model.latent === 2 ? await drift_field(device, learned) : undefined,
  };
}

/** Undefined where a person's wish cannot be met. */
async function attempt<T>(make: () => Promise<T>, failures: string[]): Promise<T | undefined> {
  try {
    return await make();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    failures.push(error.message.replaceAll('\n', ' '));
    return undefined;
  }
}

async function score_test(
  device: Device,
  learned: LearnedSde,
  { test }: SdeInputs,
  means: readonly number[],
  { paths, step, key }: { paths: number; step: number; key: Words },
  say: (line: string) => void,
): Promise<ForecastScore[] | undefined> {
  if (test === undefined) return undefined;
  const seen = await infer(device, learned, test.given, test.names);
  const made: Withheld[] = [];
  for (const [s, later] of test.later.entries()) {
    say(`forecast of test series ${s + 1} of ${test.later.length}`);
    const times = Array.from(later.times, (t) => t / learned.units.time);
    const options = { series: s, times, paths: whole_batches(paths), step, key };
    made.push({ series: s, later, forecast: await forecast(device, seen, options) });
  }
  return score_forecasts(learned, made, means, key);
}

/** [channel] of what was learned from. */
function channel_means({ kept, file }: SdeInputs): number[] {
  const { length } = file.channels;
  return file.channels.map((_, c) => {
    const values = kept.flatMap((one) => Array.from(one.times, (__, n) => one.values[n * length + c] as number));
    return mean_of(values.filter((y) => !Number.isNaN(y)));
  });
}

/** In the data's time. */
function stops_after({ kept, later }: SdeInputs, s: number, span: number): number[] {
  const withheld = Array.from(later[s]?.times ?? []);
  const end = withheld.at(-1) ?? (kept[s]?.times.at(-1) as number);
  const beyond = span === 0 ? 0 : forecast_stops;
  return [...withheld, ...Array.from({ length: beyond }, (_, i) => end + (span * (i + 1)) / forecast_stops)];
}

/** Arrows across the range of the states. */
const arrows = 17;

async function drift_field(device: Device, learned: LearnedSde): Promise<SdeResult['field']> {
  const ranges = [0, 1].map((d) => {
    const means = learned.series.flatMap(({ times }, s) =>
      Array.from(times, (time) => learned.posterior.at(s, time).mean[d] as number),
    );
    return range_of(means);
  });
  const at = (d: number, i: number) => {
    const [low, high] = ranges[d] as readonly [number, number];
    return low + ((i + 0.5) / arrows) * (high - low);
  };
  const points = Array.from({ length: arrows ** 2 }, (_, n) => [at(0, n % arrows), at(1, Math.floor(n / arrows))]);
  return { points, drift: await drift_at(device, learned, points) };
}

const mean_of = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;

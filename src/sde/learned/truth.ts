/** What was learned against what is true of a simulated example; components are channels. */

import type { Device } from '../../gpu/device.ts';
import type { SdeExample, Simulated } from '../examples/example.ts';
import { step_of } from '../examples/simulate.ts';
import { posterior_bands } from './bands.ts';
import { drift_at } from './drift_at.ts';
import { units_of_components } from './estimates.ts';
import type { LearnedSde } from './learned.ts';
import { learned_paths, whole_batches } from './paths.ts';

export interface TruthScores {
  /** Root mean square of the drift's error over that of the drift, components over their sd, on true states. */
  drift_error?: number;
  /** Part of the true states within the 90 % bands of q. */
  covered: number;
  /** Root mean square error of q's mean, components over their sd. */
  state_error: number;
  /** Of an example without noise of the state: mean time, in the data's units, until the learned drift's solution is 0.4 of the root mean square distance of states from their mean away from the true one. */
  prediction_time?: number;
}

/** States that are compared. */
const most_points = 1000;

/** @param predicts whether predictions are made, which takes long on a software adapter */
export async function compare_with_truth(
  device: Device,
  learned: LearnedSde,
  { drift, truth }: SdeExample,
  simulated: Simulated,
  predicts = true,
): Promise<TruthScores | undefined> {
  const { states, series } = simulated;
  const components = (states?.length ?? 0) / series.times.length;
  if (states === undefined || learned.model.decoder !== 'identity' || learned.model.latent !== components)
    return undefined;
  const count = learned.series[0]?.times.length ?? 0;
  const stride = Math.ceil(count / most_points);
  const points = Array.from({ length: Math.floor(count / stride) }, (_, i) => i * stride);
  const scores = score_states(learned, states, points);
  if (drift === undefined) return scores;
  const drift_error = await score_drift(device, learned, drift, states, points);
  if (truth?.diffusion !== undefined || !predicts) return { ...scores, drift_error };
  const prediction_time = await score_predictions(device, learned, drift, states.slice(-learned.model.latent));
  return { ...scores, drift_error, prediction_time };
}

function score_states(
  learned: LearnedSde,
  states: Float64Array,
  points: readonly number[],
): Pick<TruthScores, 'covered' | 'state_error'> {
  const { latent } = learned.model;
  const { sd } = units_of_components(learned);
  const times = points.map((p) => learned.series[0]?.times[p] as number);
  const { states: bands } = posterior_bands(learned, 0, times, [0, 0]);
  let [covered, square] = [0, 0];
  for (const [n, p] of points.entries()) {
    for (let d = 0; d < latent; d++) {
      const band = bands[d]?.[n];
      if (band === undefined) continue;
      const z = states[p * latent + d] as number;
      covered += Number(z >= band.q05 && z <= band.q95);
      square += ((z - band.mean) / (sd[d] as number)) ** 2;
    }
  }
  const numbers = points.length * latent;
  return { covered: covered / numbers, state_error: Math.sqrt(square / numbers) };
}

async function score_drift(
  device: Device,
  learned: LearnedSde,
  drift: (z: ArrayLike<number>) => number[],
  states: Float64Array,
  points: readonly number[],
): Promise<number> {
  const { latent } = learned.model;
  const { mean, sd } = units_of_components(learned);
  const at = points.map((p) => Array.from(states.subarray(p * latent, (p + 1) * latent)));
  const found = await drift_at(
    device,
    learned,
    at.map((z) => z.map((v, d) => (v - (mean[d] as number)) / (sd[d] as number))),
  );
  let [error, size] = [0, 0];
  for (const [n, z] of at.entries()) {
    for (const [d, f] of drift(z).entries()) {
      const exact = (f * learned.units.time) / (sd[d] as number);
      error += ((found[n]?.[d] as number) - exact) ** 2;
      size += exact ** 2;
    }
  }
  return Math.sqrt(error / size);
}

/** Predictions, and how long each goes on, in the data's time. */
const predictions = { count: 128, apart: 1, longest: 8, spacing: 0.02, most_error: 0.4 };

/** From states of a true solution that goes on after the data. @param last state of the data */
async function score_predictions(
  device: Device,
  learned: LearnedSde,
  drift: (z: ArrayLike<number>) => number[],
  last: Float64Array,
): Promise<number> {
  const { latent } = learned.model;
  const { mean, sd } = units_of_components(learned);
  const { count, apart, longest, spacing, most_error } = predictions;
  const total = Math.round((count * apart + longest) / spacing);
  const truth: number[][] = [];
  let z = Array.from(last);
  for (let n = 0; n <= total; n++) {
    truth.push(z.map((v, d) => (v - (mean[d] as number)) / (sd[d] as number)));
    for (let k = 0; k < 20; k++) z = step_of(drift, z, spacing / 20);
  }
  const paths = whole_batches(count);
  const between = Math.round(apart / spacing);
  const states = new Float32Array(latent * paths);
  for (let k = 0; k < count; k++) {
    for (let d = 0; d < latent; d++) states[d * paths + k] = truth[k * between]?.[d] as number;
  }
  // Euler's steps of a two-thousandth of a unit err by less than the drifts that are learned.
  const every = Math.ceil(spacing / 5e-4);
  const stops = Math.round(longest / spacing);
  const dt = spacing / learned.units.time / every;
  const steps = Array.from({ length: stops * every }, () => ({ dt, clock: 0 }));
  const { trajectory } = await learned_paths(device, learned, { states, steps, every, diffusion: 'none', key: [0, 0] });
  let sum = 0;
  for (let k = 0; k < count; k++) {
    let stop = 0;
    const error = () => {
      const exact = truth[k * between + stop] as number[];
      const square = exact.reduce(
        (all, v, d) => all + (v - (trajectory[(stop * latent + d) * paths + k] as number)) ** 2,
        0,
      );
      return Math.sqrt(square / latent);
    };
    while (stop < stops && error() < most_error) stop++;
    sum += stop * spacing;
  }
  return sum / count;
}

/**
 * How good q is: importance weights on the space of paths. With paths of q, u = (drift of q − f)/√D and the log weight Σ log p(yₖ | zₖ) + log p(z₀)/q(z₀) − ∫ u dW − ½ ∫ |u|² dt, the mean of the weights is the evidence and the mean of their logs is the bound, so that their difference is what q loses; the shape k̂ of the largest weights tells whether the mean can be trusted. D is at its median.
 */

import { log_mean_exp } from '../../diagnostics/log_mean_exp.ts';
import { smoothed_weights } from '../../diagnostics/pareto.ts';
import type { Device } from '../../gpu/device.ts';
import { evaluate_mlp } from '../../network/mlp_on_host.ts';
import type { Words } from '../../random/threefry.ts';
import type { Posterior } from '../posterior.ts';
import type { Series } from '../series.ts';
import { components_at } from './bands.ts';
import type { LearnedSde } from './learned.ts';
import { log_density } from './log_density.ts';
import { draw_states, learned_paths, steps_between, whole_batches } from './paths.ts';

export interface Gap {
  /** Counted from the beginning of the series, that the weights are about. */
  observations: number;
  /** Of those observations, in the data's units, and its standard error. */
  log_evidence: number;
  se: number;
  /** Mean of the log weights: the bound. */
  bound: number;
  k_hat: number;
  ess: number;
}

/** Observations of a stretch. */
const stretches = [12, 25, 50, 100];

/** Largest k̂ of weights that are of use. */
export const most_k_hat = 0.7;

/**
 * On the longest stretch at the beginning of a series whose weights have a mean that can be trusted; on the shortest where none has. q knows what comes after the stretch and the evidence does not, which is part of the gap: a few tenths of a nat.
 * Undefined where q's paths pull together too fast for Euler's steps.
 */
export async function evidence_gap(
  device: Device,
  learned: LearnedSde,
  series: number,
  options: GapOptions,
): Promise<Gap | undefined> {
  const { times, values } = learned.series[series] as Series;
  const { observed } = learned.model;
  let gap: Gap | undefined;
  for (const count of new Set(stretches.map((length) => Math.min(length, times.length)))) {
    const stretch = { times: times.slice(0, count), values: values.slice(0, count * observed) };
    const next = await gap_of(device, { ...learned, series: [stretch], posterior: only(learned, series) }, options);
    if (next === undefined || (gap !== undefined && next.k_hat > most_k_hat)) break;
    gap = next;
    if (gap.k_hat > most_k_hat) break;
  }
  return gap;
}

/** One series as if it were the first. */
const only = ({ posterior }: LearnedSde, series: number): Posterior => ({
  range: () => posterior.range(series),
  at: (_, time) => posterior.at(series, time),
});

export interface GapOptions {
  paths: number;
  /** Longest of Euler's steps (step_length). */
  step: number;
  key: Words;
}

/** Of q's pull, as a part of 1 that Euler's step may take of it. */
const most_pull = 0.25;

/** Steps that a stretch may take. */
const most_steps = 40_000;

/** Nats by which halving the steps may move the evidence, beside chance: where it is more, extrapolating them is a guess. */
const most_moved = 2;

/** Euler's steps err in proportion to their length: twice what half of them tell less what they tell is free of that (Talay and Tubaro 1990). */
async function gap_of(device: Device, seen: LearnedSde, options: GapOptions): Promise<Gap | undefined> {
  const { times } = seen.series[0] as Series;
  const step = Math.min(options.step, most_pull / fastest_pull(seen));
  // There are as many steps between any two observations as between those that are farthest apart.
  const longest_gap = times.reduce((most, t, n) => Math.max(most, t - (times[n - 1] ?? t)), 0);
  if (((times.length - 1) * longest_gap) / step > most_steps) return undefined;
  const coarse = await path_weights(device, seen, { ...options, step });
  const fine = await path_weights(device, seen, { ...options, step: step / 2 });
  const [of_coarse, of_fine] = [log_mean_exp(coarse), log_mean_exp(fine)];
  const mean = (weights: Float64Array) => weights.reduce((sum, w) => sum + w, 0) / weights.length;
  const se = Math.hypot(2 * of_fine.se, of_coarse.se);
  if (!(Math.abs(of_fine.value - of_coarse.value) < most_moved + 5 * se)) return undefined;
  const { k_hat, weights: smoothed } = smoothed_weights(fine);
  return {
    ...{ observations: times.length, k_hat, se },
    log_evidence: 2 * of_fine.value - of_coarse.value,
    bound: 2 * mean(fine) - mean(coarse),
    ess: 1 / smoothed.reduce((sum, w) => sum + w * w, 0),
  };
}

/** Largest rate ½ |D/S − l′| at which q pulls a component to its mean, over nodes and what lies between. */
function fastest_pull({ model, layout, weights, posterior, series }: LearnedSde): number {
  const { times } = series[0] as Series;
  const { latent, diffusion_knots: knots } = model;
  const most = Array.from({ length: latent }, (_, d) => {
    const logs = Array.from(
      { length: knots },
      (__, k) => weights[layout.parts.drift.free_first + k * latent + d] as number,
    );
    return Math.exp(Math.max(...logs));
  });
  let fastest = 0;
  for (const [n, begin] of times.subarray(0, -1).entries()) {
    const end = times[n + 1] as number;
    for (const part of [0, 0.25, 0.5, 0.75, 0.999]) {
      const { log_variance, log_variance_slope } = posterior.at(0, begin + part * (end - begin));
      most.forEach((big, d) => {
        const pull = 0.5 * Math.abs(big * Math.exp(-(log_variance[d] as number)) - (log_variance_slope[d] as number));
        fastest = Math.max(fastest, pull);
      });
    }
  }
  return fastest;
}

/** [path] log weights. */
async function path_weights(
  device: Device,
  learned: LearnedSde,
  { paths, step, key }: GapOptions,
): Promise<Float64Array> {
  const { model, posterior, units } = learned;
  const { latent, observed } = model;
  const { times, values } = learned.series[0] as Series;
  const count = times.length;
  const own = Array.from(times);
  const begin = own[0] as number;
  const made = whole_batches(paths);
  const states = draw_states(learned, 0, begin, made, key);
  const { steps, every, times: at } = steps_between(learned, own, step, begin);
  const guided = steps.map((one, n) => ({ ...one, moments: posterior.at(0, at[n] as number) }));
  const { trajectory, stored, log_weights } = await learned_paths(device, learned, {
    ...{ states, every, key, steps: guided },
    diffusion: 'median',
  });
  const weights = Float64Array.from(log_weights);
  const first = posterior.at(0, begin);
  const { free_first } = learned.layout.parts.encoder;
  const number = (at: number) => learned.weights[at] as number;
  for (let k = 0; k < made; k++) {
    for (let d = 0; d < latent; d++) {
      const z = states[d * made + k] as number;
      const [mean, log_variance] = [number(free_first + d), number(free_first + latent + d)];
      const own_variance = first.log_variance[d] as number;
      weights[k] =
        (weights[k] as number) +
        log_normal(z, mean, log_variance) -
        log_normal(z, first.mean[d] as number, own_variance);
    }
  }
  const noise = (c: number) => number(learned.layout.parts.decoder.free_first + c);
  for (let n = 0; n < count; n++) {
    const here = components_at(trajectory, latent, stored, n);
    for (let k = 0; k < made; k++) {
      const predicted = evaluate_mlp(
        learned.layout.parts.decoder,
        learned.weights,
        here.map((of_paths) => of_paths[k] as number),
      );
      for (let c = 0; c < observed; c++) {
        const y = values[n * observed + c] as number;
        if (Number.isNaN(y)) continue;
        weights[k] =
          (weights[k] as number) +
          log_density(model.likelihood, predicted[c] as number, y, noise(c)) -
          Math.log(units.sd[c] as number);
      }
    }
  }
  return weights;
}

const log_normal = (x: number, mean: number, log_variance: number) =>
  -0.5 * (Math.log(2 * Math.PI) + log_variance + (x - mean) ** 2 * Math.exp(-log_variance));

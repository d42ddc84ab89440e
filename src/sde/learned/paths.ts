/** Paths of a learned SDE on the GPU, in the model's units. */

import type { Device } from '../../gpu/device.ts';
import { UserError } from '../../model/user_error.ts';
import { normals_at } from '../../random/normals.ts';
import { site, type Words } from '../../random/threefry.ts';
import { batch } from '../problem.ts';
import { type Rollout, type RolloutStep, roll_out } from '../rollout.ts';
import type { LearnedSde } from './learned.ts';

export interface PathsOptions {
  /** [component][path]; paths in whole batches of 32. */
  states: Float32Array<ArrayBuffer>;
  steps: readonly RolloutStep[];
  /** Steps from one stored state to the next. */
  every: number;
  /** `drawn` anew for every path from q, its `median`, or `none`: an ordinary differential equation. */
  diffusion: 'drawn' | 'median' | 'none';
  key: Words;
}

export async function learned_paths(device: Device, learned: LearnedSde, options: PathsOptions): Promise<Rollout> {
  const { model, estimator, layout, tables, drift_units } = learned;
  const weights = device.upload('langevin.sde.paths.weights', with_diffusion(learned, options.diffusion));
  try {
    return await roll_out(device, {
      ...{ model, estimator, layout, most_observations: tables.most_observations, weights, net: 0 },
      ...options,
      ...(drift_units === undefined ? {} : { units: drift_units }),
    });
  } finally {
    device.buffers.give(weights);
  }
}

/** Log of a D, or of a standard deviation, that is none. */
const none = -80;

function with_diffusion(
  { model, layout, weights }: LearnedSde,
  how: PathsOptions['diffusion'],
): Float32Array<ArrayBuffer> {
  const count = model.diffusion_knots * model.latent;
  const first = layout.parts.drift.free_first;
  const own = weights.slice();
  if (how === 'none') own.fill(none, first, first + count);
  if (how !== 'drawn') own.fill(none, first + count, first + 2 * count);
  return own;
}

/** Of a rollout: a minute and more on a software adapter. */
const most_steps = 500_000;

export const whole_batches = (count: number) => batch * Math.ceil(count / batch);

/** Independent draws from q at a time: [component][path]. */
export function draw_states(
  { model, posterior }: LearnedSde,
  series: number,
  time: number,
  paths: number,
  key: Words,
): Float32Array<ArrayBuffer> {
  const { mean, log_variance } = posterior.at(series, time);
  const normals = normals_at(key, site.start, series, model.latent * paths);
  return Float32Array.from(normals, (eps, i) => {
    const d = Math.floor(i / paths);
    return (mean[d] as number) + Math.exp(0.5 * (log_variance[d] as number)) * eps;
  });
}

export interface Steps {
  steps: RolloutStep[];
  /** [step] when it begins. */
  times: number[];
  /** Steps from one of the times asked for to the next. */
  every: number;
}

/** Steps from each time to the next, as many between any two. @param longest_step in the model's time @param origin where the series begins */
export function steps_between(
  { longest }: LearnedSde,
  stops: readonly number[],
  longest_step: number,
  origin: number,
): Steps {
  const gaps = stops.slice(1).map((t, i) => t - (stops[i] as number));
  const longest_gap = gaps.reduce((most, gap) => Math.max(most, gap), 0);
  const every = Math.max(1, Math.ceil(longest_gap / longest_step));
  if (every * gaps.length > most_steps) {
    throw new UserError(
      `Paths over so long a time would take ${every * gaps.length} of Euler's steps, and at most ${most_steps} are made.\nAsk for a shorter --forecast.`,
    );
  }
  const lengths = gaps.flatMap((gap) => new Array<number>(every).fill(gap / every));
  const times = gaps.flatMap((gap, i) =>
    Array.from({ length: every }, (_, n) => (stops[i] as number) + (gap * n) / every),
  );
  return { every, times, steps: lengths.map((dt, n) => ({ dt, clock: ((times[n] as number) - origin) / longest })) };
}

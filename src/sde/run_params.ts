/** The uniform blocks of a run. Must match `Run` in shaders/sde/run.wgsl and `Schedule` in shaders/network/optimize.wgsl. */

import type { Words } from '../random/threefry.ts';

export interface RunParams {
  key: Words;
  window_count: number;
  /** First window of a sweep over all; absent: windows at random. */
  sweep?: number;
  /** Steps in which the weight of the divergences rises to 1. */
  ramp: number;
  scale: number;
  prior_scale: number;
  /** Prior of log D. */
  diffusion_mean: number;
  diffusion_sd: number;
}

export const run_bytes = 48;

export function pack_run(p: RunParams): ArrayBuffer {
  const buffer = new ArrayBuffer(run_bytes);
  new Uint32Array(buffer).set([...p.key, p.window_count, Number(p.sweep !== undefined), p.sweep ?? 0, p.ramp]);
  new Float32Array(buffer, 24).set([p.scale, p.prior_scale, p.diffusion_mean, p.diffusion_sd]);
  return buffer;
}

/** Steps between two readings of the curve at the most. */
export const curve_length = 256;

export interface Schedule {
  steps: number;
  /** Steps in which the learning rate rises. */
  warm_up: number;
  learning_rate: number;
  /** At the end, as a fraction: it falls as a cosine. */
  last_rate: number;
  /** Norm of the gradient beyond which it is cut. */
  most_slope: number;
  /** What the average of the parameters keeps of itself in a step. */
  average: number;
}

export const schedule_bytes = 32;

export function pack_schedule(s: Schedule): ArrayBuffer {
  const buffer = new ArrayBuffer(schedule_bytes);
  new Uint32Array(buffer).set([s.steps, s.warm_up]);
  new Float32Array(buffer, 8).set([s.learning_rate, s.last_rate, s.most_slope, s.average]);
  new Uint32Array(buffer, 24).set([curve_length]);
  return buffer;
}

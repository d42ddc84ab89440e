/** Paths of a learned SDE by Euler and Maruyama's scheme, prior or posterior, all at once (shaders/sde/rollout.wgsl). */

import type { Device } from '../gpu/device.ts';
import { network_overrides } from '../network/modules.ts';
import type { Words } from '../random/threefry.ts';
import { drift_options } from './kernels.ts';
import type { SdeSizes } from './modules.ts';
import type { Moments } from './posterior.ts';
import { batch } from './problem.ts';

export interface RolloutStep {
  dt: number;
  /** Time since the series began, over the longest series. */
  clock: number;
  /** Of q at the beginning of the step, at all steps; absent: paths of the prior. */
  moments?: Moments;
}

export interface RolloutOptions extends SdeSizes {
  /** [net][number] */
  weights: GPUBuffer;
  net: number;
  /** [component][path] where paths begin. */
  states: Float32Array<ArrayBuffer>;
  steps: readonly RolloutStep[];
  /** Steps from one stored state to the next. */
  every: number;
  key: Words;
}

export interface Rollout {
  /** [stored][component][path], the states before steps 0, every, 2 · every …, and then after the last. */
  trajectory: Float32Array;
  stored: number;
  /** [path] log of the prior's density of the path over q's; 0 for paths of the prior. */
  log_weights: Float32Array;
}

const params_bytes = 32;
/** Of all paths in a dispatch, for the driver of a screen. */
const wanted_ms = 400;

/** Paths are rounded up to whole batches by the caller. */
export async function roll_out(device: Device, options: RolloutOptions): Promise<Rollout> {
  const { model, states, steps, every } = options;
  const of_posterior = steps[0]?.moments !== undefined;
  const { latent } = model;
  const paths = states.length / latent;
  if (paths % batch !== 0) throw new Error(`${paths} paths are no whole batches`);
  const { options: kernel_options, rows } = drift_options(options, 'sde/rollout');
  const kernel = await device.kernel({ ...kernel_options, overrides: network_overrides(device) });
  const groups = paths / batch;
  const stored = Math.ceil(steps.length / every);
  const upload = (role: string, data: Float32Array<ArrayBuffer>) => device.upload(`langevin.sde.rollout.${role}`, data);
  const own = {
    rollout: device.buffers.take(
      'langevin.sde.rollout.params',
      params_bytes,
      GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    ),
    work: upload('work', new Float32Array(groups * rows * batch)),
    states: upload('states', states),
    log_weights: upload('log_weights', new Float32Array(paths)),
    schedule: upload('schedule', pack_steps(steps)),
    trajectory: upload('trajectory', new Float32Array(stored * latent * paths)),
  };
  try {
    const group = kernel.bind({ ...own, weights: options.weights });
    let chunk = 1;
    for (let done = 0; done < steps.length; ) {
      const now = Math.min(chunk, steps.length - done);
      const params = new ArrayBuffer(params_bytes);
      const flags = [options.net, done, now, every, paths / 4, Number(of_posterior)];
      new Uint32Array(params).set([...options.key, ...flags]);
      device.gpu.queue.writeBuffer(own.rollout, 0, params);
      const started = performance.now();
      device.submit('langevin.sde.rollout', (pass) => kernel.dispatch(pass, group, groups));
      await device.finish();
      chunk = Math.max(1, Math.min(4 * chunk, Math.round((now * wanted_ms) / (performance.now() - started))));
      done += now;
    }
    const trajectory = new Float32Array((stored + 1) * latent * paths);
    trajectory.set(new Float32Array(await device.read(own.trajectory, 4 * stored * latent * paths)));
    trajectory.set(new Float32Array(await device.read(own.states, 4 * latent * paths)), stored * latent * paths);
    return {
      trajectory,
      stored: stored + 1,
      log_weights: new Float32Array(await device.read(own.log_weights, 4 * paths)),
    };
  } finally {
    for (const buffer of Object.values(own)) device.buffers.give(buffer);
  }
}

function pack_steps(steps: readonly RolloutStep[]): Float32Array<ArrayBuffer> {
  return Float32Array.from(
    steps.flatMap(({ dt, clock, moments: m }) => [
      ...[dt, clock],
      ...(m === undefined
        ? []
        : [m.mean, m.mean_slope, m.log_variance, m.log_variance_slope, m.rotation].flatMap((part) => Array.from(part))),
    ]),
  );
}

/** Runs one kernel of SMC² by itself, on buffers that the test fills, the way src/smc2/engine.ts drives it. */

import type { Device } from '../../src/gpu/device.ts';
import { prior_module } from '../../src/model/prior_wgsl.ts';
import type { StateSpaceModel } from '../../src/model/types.ts';
import { type IterationParams, pack_iteration, params_bytes } from '../../src/smc2/params.ts';

export interface Setting {
  model: StateSpaceModel;
  thetas: number;
  /** Invocations of the one-workgroup kernels; a power of two. */
  width?: number;
  langevin?: boolean;
  metropolis?: boolean;
  gaussian?: boolean;
  preconditioned?: boolean;
  shared?: boolean;
  params?: Partial<IterationParams>;
}

type Words = Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

const per_particle = ['constrain', 'collect', 'gather', 'propose', 'reweigh'];

export const default_params = (thetas: number): IterationParams => ({
  thetas,
  iteration: 3,
  tempering: false,
  lambda: 1,
  step: 0.5,
  drift_limit: 2,
  keep_ess: 0.5,
  resample_below: 0.5,
  key: [17, 1],
});

/** Every buffer as it stands after one dispatch, under the name of its binding. */
export async function run_stage(
  device: Device,
  name: string,
  setting: Setting,
  contents: Readonly<Record<string, Words>>,
): Promise<Record<string, ArrayBuffer>> {
  const { model, thetas, langevin = false, metropolis = false, gaussian = false, shared = false } = setting;
  const kernel = await device.kernel({
    kernel: `smc2/${name}`,
    modules: { smc2_sizes: `const dimension = ${model.scalars.length}u;`, model_prior: prior_module(model) },
    conditions: {
      langevin,
      metropolis,
      gaussian,
      shared,
      preconditioned: setting.preconditioned ?? true,
      gradient: langevin,
    },
    overrides: { width: setting.width ?? 16, particle_count: 1 },
  });
  const params = device.buffers.take(
    'langevin.test.params',
    params_bytes,
    GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
  );
  device.gpu.queue.writeBuffer(params, 0, pack_iteration({ ...default_params(thetas), ...setting.params }));
  const buffers = Object.fromEntries(
    Object.entries(contents).map(([role, words]) => [role, device.upload(`langevin.test.${role}`, words)]),
  );
  const group = kernel.bind({ params, ...buffers });
  const workgroups = per_particle.includes(name) ? Math.ceil(thetas / 64) : 1;
  device.submit(`langevin.test.${name}`, (pass) => kernel.dispatch(pass, group, workgroups));
  const results: Record<string, ArrayBuffer> = {};
  for (const [role, buffer] of Object.entries(buffers)) {
    results[role] = await device.read(buffer, contents[role]?.byteLength ?? 0);
  }
  for (const buffer of [params, ...Object.values(buffers)]) device.buffers.give(buffer);
  return results;
}

/** The same, where every buffer that matters holds floats. */
export async function run_floats(
  device: Device,
  name: string,
  setting: Setting,
  contents: Readonly<Record<string, Words>>,
): Promise<Record<string, Float32Array>> {
  const results = await run_stage(device, name, setting, contents);
  return Object.fromEntries(Object.entries(results).map(([role, words]) => [role, new Float32Array(words)]));
}

/** One buffer of standard normals for every filter of a bank: common random numbers across parameters (shaders/filter/shared_noise.wgsl). */

import type { Device } from '../gpu/device.ts';
import type { StateSpaceModel } from '../model/types.ts';
import { shared_noise_memory } from './memory.ts';
import { model_modules } from './model_modules.ts';
import { type Columns, row_count } from './observations.ts';

/** [T + 1][particles][noise]; the caller gives it back to the device's pool. */
export async function create_shared_noise(
  device: Device,
  model: StateSpaceModel,
  data: Columns,
  particles: number,
  key: readonly [number, number],
): Promise<GPUBuffer> {
  const steps = row_count(model, data);
  const rows = (steps + 1) * particles;
  const kernel = await device.kernel({
    kernel: 'filter/shared_noise',
    modules: model_modules(model, 0),
    conditions: { shared: false, gradient: false, trace: false, guided: false },
    overrides: { particle_count: particles },
  });
  const normals = device.buffers.take(
    'langevin.filter.shared_noise',
    shared_noise_memory(model, steps, particles).bytes,
  );
  const params = device.upload(
    'langevin.filter.noise_params',
    Uint32Array.of(...key, steps, 0),
    GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
  );
  const group = kernel.bind({ noise_params: params, normals });
  device.submit('langevin.filter.shared_noise', (pass) => kernel.dispatch(pass, group, Math.ceil(rows / 64)));
  device.buffers.give(params);
  return normals;
}

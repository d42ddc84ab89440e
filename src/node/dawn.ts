/**
 * Opens a device through Dawn (`webgpu` on npm), in the environment that the launcher prepared.
 *
 * The instance, the adapter and the device are kept for the life of the process: letting them be collected early races with native
 * callbacks at shutdown (node-webgpu #18). A program that used them ends with `close_and_exit`.
 */

import { adapter_kind } from '../gpu/adapter_kind.mjs';
import { type AdapterDescription, type Device, open_device } from '../gpu/device.ts';
import { GpuError } from '../gpu/gpu_error.ts';
import { UserError } from '../model/user_error.ts';
import { create_pace } from './paced_wait.ts';
import { read_shader_files } from './shader_files.ts';

const kept: unknown[] = [];

export async function request_device(on_failure?: (error: GpuError) => void): Promise<Device> {
  const missing = process.env.LANGEVIN_ADAPTER_MISSING;
  if (missing) {
    const { wanted, seen } = JSON.parse(missing) as { wanted: string; seen: string[] };
    const there = seen.length > 0 ? `There is: ${seen.join(', ')}.` : 'None was found.';
    throw new UserError(`No adapter matches "${wanted}". ${there}\n"langevin devices" lists them with their limits.`);
  }
  const name = process.env.LANGEVIN_ADAPTER_NAME;
  const { create, globals } = await import('webgpu');
  Object.assign(globalThis, globals);
  // Timestamps are quantised to 65.5 µs unless this is off. Robustness checks cost the workgroup shape about a seventh of its speed on a software adapter (npm run bench --
  // filter, with and without); our kernels guard their own indices and autodiff clamps those of the model.
  const toggles = ['disable-dawn-features=timestamp_quantization'];
  if (name && adapter_kind(name) === 'software') toggles.push('enable-dawn-features=disable_robustness');
  if (name) toggles.push(`adapter=${name}`);
  const gpu = create(toggles);
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new GpuError('Dawn found no adapter. "langevin devices" says what there is.');
  const description = describe_adapter(adapter, name);
  const pace = description.kind === 'software' ? create_pace() : undefined;
  const device = await open_device({
    adapter,
    description,
    shaders: read_shader_files(),
    ...(pace ? { on_wait: pace.wait } : {}),
    ...(on_failure ? { on_failure } : {}),
  });
  // What is pending when the device goes may stay so for good.
  if (pace) device.gpu.lost.then(pace.stop);
  kept.push(gpu, adapter, device);
  return device;
}

export function describe_adapter(adapter: GPUAdapter, name?: string): AdapterDescription {
  const { vendor, architecture, device, description } = adapter.info;
  const label = name || device || description || `${vendor} ${architecture}`;
  return { kind: adapter_kind(`${label} ${architecture}`), name: label, vendor, architecture, driver: description };
}

/** Destroys the device, lets what was printed reach its reader, and ends the process: Dawn would keep it alive otherwise. */
export async function close_and_exit(device: Device | undefined, code: number): Promise<never> {
  device?.destroy();
  await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write('', done))));
  process.exit(code);
}

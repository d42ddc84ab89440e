/**
 * The device: kernels compiled once, buffers pooled, every error fatal.
 *
 * WebGPU reports out-of-memory, validation errors and loss to handlers, not to the call that caused them. Here they are kept and thrown
 * by the next thing that is awaited, with the name of the stage that was running, so that nothing after a failure is ever read as a result.
 */

import { type BufferPool, create_buffer_pool } from './buffers.ts';
import { GpuError } from './gpu_error.ts';
import { compile_kernel, type Kernel } from './kernel.ts';
import { type LinkOptions, link_shader } from './link.ts';
import type { ShaderTable } from './shader_table.ts';
import { create_pass_timer, type GpuTime, type PassTimer } from './timing.ts';

export interface AdapterDescription {
  kind: 'hardware' | 'software';
  name: string;
  vendor: string;
  architecture: string;
  /** Driver and version as the implementation words it. */
  driver: string;
}

export interface KernelOptions extends LinkOptions {
  overrides?: Readonly<Record<string, number>>;
}

export interface CopyRegion {
  source: GPUBuffer;
  source_offset?: number;
  target: GPUBuffer;
  target_offset?: number;
  bytes: number;
}

export interface Device {
  readonly gpu: GPUDevice;
  readonly adapter: AdapterDescription;
  readonly buffers: BufferPool;
  /** Links and compiles a kernel, or returns it from the cache: same text and overrides, same pipeline. */
  kernel(options: KernelOptions): Promise<Kernel>;
  /** A buffer filled with data. */
  upload(label: string, data: Uint32Array<ArrayBuffer> | Float32Array<ArrayBuffer>, usage?: number): GPUBuffer;
  /** Records one compute pass and submits it. `stage` names it in errors. */
  submit(stage: string, record: (pass: GPUComputePassEncoder) => void): void;
  /** Copies between buffers, in the order of submission. */
  copy(regions: readonly CopyRegion[]): void;
  /** Copies the first `bytes` of a buffer back to the host. */
  read(buffer: GPUBuffer, bytes: number, offset?: number): Promise<ArrayBuffer>;
  /** Waits until all submitted work is done. Throws GpuError if anything failed. */
  finish(): Promise<void>;
  /** Runs `body` and gives the GPU time of the passes it submitted; undefined where the adapter has no timestamps. One at a time. */
  time_gpu(body: () => Promise<void>): Promise<GpuTime | undefined>;
  destroy(): void;
}

export interface OpenOptions {
  adapter: GPUAdapter;
  description: AdapterDescription;
  shaders: ShaderTable;
  /** Told of every promise of the GPU's that is waited for, where waiting costs something (src/node/paced_wait.ts). */
  on_wait?: (pending: Promise<unknown>) => void;
  /** Told at once when something fails outside any call of ours, e.g. to end the process. */
  on_failure?: (error: GpuError) => void;
}

const wanted_limits = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
] as const;

export async function open_device(options: OpenOptions): Promise<Device> {
  const { adapter, description, shaders } = options;
  const requiredLimits = Object.fromEntries(wanted_limits.map((name) => [name, adapter.limits[name]]));
  const requiredFeatures = (['timestamp-query', 'subgroups'] as const).filter((name) => adapter.features.has(name));
  const gpu = await adapter.requestDevice({ label: 'langevin', requiredLimits, requiredFeatures });

  let stage = 'opening the device';
  let failure: GpuError | undefined;
  let destroyed = false;
  const fail = (what: string) => {
    if (failure || destroyed) return;
    failure = new GpuError(`${stage}: ${what}`);
    options.on_failure?.(failure);
  };
  gpu.addEventListener('uncapturederror', (event) => {
    event.preventDefault();
    const kind = event.error instanceof GPUOutOfMemoryError ? 'the adapter ran out of memory. ' : '';
    fail(`${kind}${event.error.message}`);
  });
  gpu.lost.then((info) => {
    if (info.reason !== 'destroyed') fail(`the device was lost. ${info.message}`);
  });
  const check = () => {
    if (failure) throw failure;
  };

  const waited = <T>(pending: Promise<T>): Promise<T> => {
    options.on_wait?.(pending);
    return pending;
  };

  const kernels = new Map<string, Promise<Kernel>>();
  let timer: PassTimer | undefined;
  const buffers = create_buffer_pool(gpu);

  return {
    gpu,
    adapter: description,
    buffers,
    async kernel({ overrides = {}, ...link }) {
      const wgsl = await link_shader(shaders, link);
      const key = `${JSON.stringify(Object.entries(overrides).sort())}\n${wgsl}`;
      let kernel = kernels.get(key);
      if (!kernel) {
        kernel = waited(
          compile_kernel(gpu, { label: `langevin.${link.kernel.replaceAll('/', '.')}`, wgsl, overrides }),
        );
        kernels.set(key, kernel);
      }
      return kernel;
    },
    upload(label, data, usage) {
      const buffer = buffers.take(label, data.byteLength, usage);
      gpu.queue.writeBuffer(buffer, 0, data);
      return buffer;
    },
    submit(name, record) {
      check();
      stage = name;
      const encoder = gpu.createCommandEncoder({ label: name });
      const pass = encoder.beginComputePass({ label: name, ...timer?.next() });
      record(pass);
      pass.end();
      gpu.queue.submit([encoder.finish()]);
    },
    copy(regions) {
      check();
      const encoder = gpu.createCommandEncoder({ label: 'langevin.gpu.copy' });
      for (const r of regions) {
        encoder.copyBufferToBuffer(r.source, r.source_offset ?? 0, r.target, r.target_offset ?? 0, r.bytes);
      }
      gpu.queue.submit([encoder.finish()]);
    },
    async read(buffer, bytes, offset = 0) {
      check();
      const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
      const staging = buffers.take('langevin.gpu.read_back', bytes, usage);
      const encoder = gpu.createCommandEncoder({ label: 'langevin.gpu.read_back' });
      encoder.copyBufferToBuffer(buffer, offset, staging, 0, bytes);
      gpu.queue.submit([encoder.finish()]);
      await waited(staging.mapAsync(GPUMapMode.READ, 0, bytes)).catch((error: unknown) => {
        fail(error instanceof Error ? error.message : String(error));
      });
      check();
      const copy = staging.getMappedRange(0, bytes).slice(0);
      staging.unmap();
      buffers.give(staging);
      return copy;
    },
    async finish() {
      await waited(gpu.queue.onSubmittedWorkDone());
      check();
    },
    async time_gpu(body) {
      if (timer) throw new Error('time_gpu is under way already.');
      if (!gpu.features.has('timestamp-query')) {
        await body();
        return undefined;
      }
      const own = create_pass_timer(gpu);
      timer = own;
      try {
        await body();
        timer = undefined;
        return await own.end().catch((error: unknown) => {
          fail(error instanceof Error ? error.message : String(error));
          throw failure ?? error;
        });
      } finally {
        timer = undefined;
        own.destroy();
      }
    },
    destroy() {
      destroyed = true;
      buffers.destroy();
      gpu.destroy();
    },
  };
}

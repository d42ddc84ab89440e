/**
 * Buffers with names, counted in bytes, and pooled: a released buffer serves the next request of its size class and usage.
 *
 * `GPUBufferUsage.STORAGE | COPY_SRC | COPY_DST` unless told otherwise. Contents of a pooled buffer are whatever was there.
 */

import { GpuError } from './gpu_error.ts';

export interface BufferPool {
  /** Makes or reuses a buffer of at least `bytes`. Throws GpuError with the limit when it is too large. */
  take(label: string, bytes: number, usage?: number): GPUBuffer;
  /** Bytes that `take` hands out for a request: its size class. Throws GpuError with the limit when it is too large. */
  size_of(label: string, bytes: number): number;
  /** Gives a buffer back to the pool. */
  give(buffer: GPUBuffer): void;
  /** Bytes in buffers now handed out. */
  readonly in_use: number;
  /** Bytes in all buffers that exist on the device. */
  readonly allocated: number;
  destroy(): void;
}

/** The next of 1, 1.25, 1.5, 1.75 times a power of two: at most a fifth is wasted, and few classes exist. */
function size_class(bytes: number): number {
  const size = Math.max(256, bytes);
  const power = 2 ** Math.floor(Math.log2(size));
  return Math.ceil((size / power) * 4) * (power / 4);
}

export function create_buffer_pool(device: GPUDevice): BufferPool {
  const free = new Map<string, GPUBuffer[]>();
  const all = new Set<GPUBuffer>();
  let in_use = 0;
  let allocated = 0;
  const usual = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const key = (size: number, usage: number) => `${size}:${usage}`;
  const limit = Math.min(device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize);
  const size_of = (label: string, bytes: number) => {
    if (bytes > limit)
      throw new GpuError(`${label} needs a buffer of ${bytes} bytes; this adapter's limit is ${limit}.`);
    return Math.min(size_class(bytes), limit);
  };
  return {
    size_of,
    take(label, bytes, usage = usual) {
      const size = size_of(label, bytes);
      in_use += size;
      const pooled = free.get(key(size, usage))?.pop();
      if (pooled) {
        pooled.label = label;
        return pooled;
      }
      const buffer = device.createBuffer({ label, size, usage });
      all.add(buffer);
      allocated += size;
      return buffer;
    },
    give(buffer) {
      in_use -= buffer.size;
      const list = free.get(key(buffer.size, buffer.usage)) ?? [];
      list.push(buffer);
      free.set(key(buffer.size, buffer.usage), list);
    },
    get in_use() {
      return in_use;
    },
    get allocated() {
      return allocated;
    },
    destroy() {
      for (const buffer of all) buffer.destroy();
      all.clear();
      free.clear();
    },
  };
}

/** How many filters run at once: as many as their particles, and their weights, fit a buffer. */

import type { Device } from '../gpu/device.ts';
import { GpuError } from '../gpu/gpu_error.ts';

/** @param bytes_per_filter of the larger of the two */
export function wave_size(device: Device, filters: number, bytes_per_filter: number): number {
  const { maxStorageBufferBindingSize, maxBufferSize } = device.gpu.limits;
  const limit = Math.min(maxStorageBufferBindingSize, maxBufferSize);
  if (bytes_per_filter > limit) {
    throw new GpuError(
      `One filter needs ${bytes_per_filter} bytes for its particles; this adapter allows ${limit}. Use fewer particles.`,
    );
  }
  // Half of it where that is enough: a second bank, with its trace, may be alive at the same time.
  return Math.min(filters, Math.max(1, Math.floor(limit / 2 / bytes_per_filter)));
}

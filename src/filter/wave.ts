/** How many filters run at once: as many as their particles fit a buffer. */

import type { Device } from '../gpu/device.ts';
import { GpuError } from '../gpu/gpu_error.ts';

/** @param bytes_per_filter of the largest buffer, the particles */
export function wave_size(device: Device, filters: number, bytes_per_filter: number): number {
  const { maxStorageBufferBindingSize, maxBufferSize } = device.gpu.limits;
  // Half of it: a second bank, with its trace, may be alive at the same time.
  const limit = Math.min(maxStorageBufferBindingSize, maxBufferSize) / 2;
  const most = Math.floor(limit / bytes_per_filter);
  if (most < 1) {
    throw new GpuError(
      `One filter needs ${bytes_per_filter} bytes for its particles; this adapter allows ${limit}. Use fewer particles.`,
    );
  }
  return Math.min(filters, most);
}

/** How much a device is used: the memory that it has, and the part of the time in which it computes. */

import type { Device } from '../gpu/device.ts';

export interface DeviceUse {
  bytes: number;
  /** Of the time between looks; absent where there are no timestamps, and until something was computed. */
  share?: number;
}

/** Milliseconds between looks. */
export const between_looks = 500;

/** @returns what looks at the device: a look tells of the time up to it, and begins to measure anew */
export function create_meter(device: Device): () => DeviceUse {
  let timing = false;
  let share: number | undefined;
  const measure = async () => {
    if (timing || !device.gpu.features.has('timestamp-query')) return;
    timing = true;
    const from = performance.now();
    const a_while = () => new Promise<void>((resolve) => setTimeout(resolve, between_looks));
    // One that is lost meanwhile is told of elsewhere.
    const found = await device.time_gpu(a_while).catch(() => undefined);
    if (found && found.passes > 0) share = found.gpu_ms / (performance.now() - from);
    timing = false;
  };
  return () => {
    void measure();
    return { bytes: device.buffers.allocated, ...(share === undefined ? {} : { share }) };
  };
}

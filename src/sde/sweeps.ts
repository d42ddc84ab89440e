/** Sweeps over all windows of the data, with the parameters as they are: many dispatches are submitted before any is read, since a page waits long for each reading. */

import type { Device } from '../gpu/device.ts';

/** Sweeps that are submitted together: so few that others get their turn on the device. */
const together = 64;

export interface SweepOptions {
  /** First windows of the sweeps. */
  firsts: readonly number[];
  /** Records what fills `source` for the windows from `first` on. */
  submit(first: number): void;
  source: GPUBuffer;
}

/** @param taken the bytes of `source` after each sweep */
export async function sweep(
  device: Device,
  { firsts, submit, source }: SweepOptions,
  taken: (first: number, bytes: ArrayBuffer) => void,
): Promise<void> {
  const { size } = source;
  const kept = device.buffers.take('langevin.sde.sweeps', size * Math.min(together, firsts.length));
  try {
    for (let begin = 0; begin < firsts.length; begin += together) {
      const now = firsts.slice(begin, begin + together);
      for (const [n, first] of now.entries()) {
        submit(first);
        device.copy([{ source, target: kept, target_offset: n * size, bytes: size }]);
      }
      const bytes = await device.read(kept, now.length * size);
      for (const [n, first] of now.entries()) taken(first, bytes.slice(n * size, (n + 1) * size));
    }
  } finally {
    device.buffers.give(kept);
  }
}

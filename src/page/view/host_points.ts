/** A cloud of points in one slot: those that the host gives, or that another buffer has. */

import type { Device } from '../../gpu/device.ts';
import type { Cloud } from './collect.ts';

export interface HostPoints {
  readonly cloud: Cloud;
  /** In place of what was shown; those beyond `most` are left out. */
  show(points: readonly (readonly number[])[]): void;
  /** The same of points on the device. @param from [row][point], two rows or three @param count at most `most` */
  copy(from: GPUBuffer, rows: 2 | 3, count: number): void;
  destroy(): void;
}

/** @param most points */
export function create_host_points(device: Device, most: number): HostPoints {
  const points = device.buffers.take('langevin.view.points', 12 * most);
  let states = 0;
  return {
    cloud: {
      ...{ points, capacity: 1, newest: 0 },
      get states() {
        return states;
      },
      get slots() {
        return Number(states > 0);
      },
    },
    show(given) {
      states = Math.min(most, given.length);
      const numbers = new Float32Array(3 * states);
      for (let n = 0; n < states; n++) {
        for (let d = 0; d < 3; d++) numbers[d * states + n] = given[n]?.[d] ?? 0;
      }
      device.gpu.queue.writeBuffer(points, 0, numbers);
    },
    copy(from, rows, count) {
      states = count;
      device.copy([{ source: from, target: points, bytes: 4 * rows * count }]);
    },
    destroy: () => device.buffers.give(points),
  };
}

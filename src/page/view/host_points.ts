/** A cloud of points that the host knows. */

import type { Device } from '../../gpu/device.ts';
import type { Cloud } from './collect.ts';

export interface HostPoints {
  readonly cloud: Cloud;
  /** In place of what was shown; those beyond `most` are left out. */
  show(points: readonly (readonly number[])[]): void;
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
    destroy: () => device.buffers.give(points),
  };
}

// What a cloud holds: theta of the states that were added, in the slots of a ring. Within 2⁻²⁰ of the host's float64 transform: exp in f32 of numbers below 4 is off by a few units in the last place.

import { expect, it } from 'vitest';
import { constrain_all } from '../../src/model/space.ts';
import { validate_model } from '../../src/model/validate.ts';
import { create_collector } from '../../src/page/view/collect.ts';
import { use_device } from '../device.ts';

const device = use_device();

const model = validate_model({
  kind: 'log-density',
  name: 'three-kinds',
  parameters: {
    a: { prior: { normal: [0, 1] } },
    b: { size: 2, prior: { half_normal: [1] } },
    c: { prior: { beta: [2, 2] } },
  },
  wgsl: 'fn log_density(theta: Theta) -> f32 { return theta.a; }',
});
const states = 70;
const phi_of = (slot: number) =>
  Float32Array.from({ length: (slot + model.dimension) * states }, (_, i) => ((i * 37 + slot * 11) % 29) / 10 - 1.4);

it('has the numbers that are shown of every state, newest last, and forgets the oldest', async () => {
  const shown = [2, 0, 3];
  const collector = await create_collector(device(), { model, states, capacity: 3, shown });
  const { cloud } = collector;
  expect([cloud.slots, cloud.capacity]).toEqual([0, 3]);
  for (let n = 0; n < 5; n++) {
    // The rows before the coordinates are something else.
    const source = device().upload('states', phi_of(n));
    collector.add(source, n);
    device().buffers.give(source);
  }
  expect([cloud.slots, cloud.newest]).toEqual([3, 1]);
  const points = new Float32Array(await device().read(cloud.points, 12 * states * 3));
  for (const [slot, n] of [
    [0, 3],
    [1, 4],
    [2, 2],
  ] as const) {
    const phi = phi_of(n);
    for (let c = 0; c < states; c++) {
      const theta = constrain_all(
        model,
        Array.from({ length: model.dimension }, (_, d) => phi[(n + d) * states + c] as number),
      );
      for (const [i, of] of shown.entries()) {
        const wanted = theta[of] as number;
        expect(Math.abs((points[(3 * slot + i) * states + c] as number) - wanted)).toBeLessThanOrEqual(
          Math.abs(wanted) * 2 ** -20,
        );
      }
    }
  }
  collector.clear();
  expect(cloud.slots).toBe(0);
  collector.destroy();
});

// Acceptance: equality. (k + ½)·2⁻²³ has at most 24 significant bits, so f32 holds it exactly; all 2²³ values of k are checked.

import { expect, it } from 'vitest';
import { elementwise, run_elementwise, use_device } from '../device.ts';

const device = use_device();
const shader = elementwise('import package::lib::uniform::uniform_open;', 'u32', 'f32', 'return uniform_open(input);');

it('maps the top 23 bits to the middle of their interval, never to 0 or 1', async () => {
  const step = 2 ** 20;
  for (let first = 0; first < 2 ** 23; first += step) {
    const bits = Uint32Array.from({ length: step }, (_, i) => (((first + i) << 9) | (i & 511)) >>> 0);
    const values = new Float32Array(await run_elementwise(device(), shader, bits, 1, 1));
    const wrong = values.findIndex((value, i) => value !== (first + i + 0.5) * 2 ** -23);
    expect(wrong, `k = ${first + wrong}`).toBe(-1);
  }
  const ends = Uint32Array.of(0, 511, 512, 0x7fffffff, 0x80000000, 0xfffffdff, 0xfffffe00, 0xffffffff);
  const values = new Float32Array(await run_elementwise(device(), shader, ends, 1, 1));
  expect([...values]).toEqual(Array.from(ends, (bits) => ((bits >>> 9) + 0.5) * 2 ** -23));
  expect(Math.min(...values)).toBeGreaterThan(0);
  expect(Math.max(...values)).toBeLessThan(1);
});

// Acceptance: integers, so equality with the twin in BigInt.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { most_grid_particles } from '../../src/filter/grid.ts';
import { elementwise, run_elementwise, use_device } from '../device.ts';
import { coarse_weight, fixed_weight, point } from './grid_twin.ts';

const device = use_device();

const word = fc.oneof(
  fc.integer({ min: 0, max: 0xffffffff }),
  fc.constantFrom(0, 1, 127, 128, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff),
);

/** Everything a point depends on. Totals as filters have them: at least 1, at most slots·2³¹ for the particles' own slots, and any up to 2⁵⁵ for a few draws. */
const points = fc
  .record({
    slots: fc.oneof(
      fc.integer({ min: 1, max: most_grid_particles }),
      fc.constantFrom(1, 2, 1023, 16384, 16385, 2 ** 20, most_grid_particles - 1, most_grid_particles),
    ),
    total: fc.oneof(
      fc.bigInt({ min: 1n, max: 2n ** 55n }),
      fc.constantFrom(1n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 55n - 1n, 2n ** 55n),
    ),
    bits: word,
    slot: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 1)),
  })
  .map((p) => ({ ...p, slot: Math.round(p.slot * (p.slots - 1)) }));

describe('points of up to 2²⁴ slots', () => {
  it('are the twin’s', async () => {
    const shader = `
import package::filter::grid_systematic::{wide_points, wide_point};
struct Case { total: vec2<u32>, slots: u32, bits: u32, slot: u32, unused: u32 }
${elementwise('', 'Case', 'vec2<u32>', 'return wide_point(wide_points(input.total, input.slots, input.bits), input.slot);')}`;
    const run = async (list: readonly { total: bigint; slots: number; bits: number; slot: number }[]) => {
      const words = list.flatMap(({ total, slots, bits, slot }) => [
        Number(total & 0xffffffffn),
        Number(total >> 32n),
        slots,
        bits,
        slot,
        0,
      ]);
      const found = new BigUint64Array(await run_elementwise(device(), shader, Uint32Array.from(words), 6, 2));
      const expected = list.map(({ total, slots, bits, slot }) => point(total, slots, bits, slot));
      expect([...found]).toEqual(expected);
      // The last is still below the total: some particle's prefix sum exceeds it.
      list.forEach(({ total }, i) => {
        expect(found[i] as bigint).toBeLessThan(total);
      });
    };
    const list = fc.array(points, { minLength: 500, maxLength: 1500 });
    await fc.assert(fc.asyncProperty(list, run), { numRuns: 8, seed: 31, endOnFailure: true });
  });
});

describe.each([1, 2, 1000, 16383, 16384, 16385, 2 ** 20, most_grid_particles])('weights of %i particles', (count) => {
  it('become the twin’s integers, with room for all sums', async () => {
    const shader = elementwise(
      'import package::filter::grid_systematic::{weight_scale, coarse_weight};\nimport package::lib::systematic::fixed_point;',
      'f32',
      'vec2<u32>',
      `let q = fixed_point(input, weight_scale(${count}u)); return vec2<u32>(q, coarse_weight(q, ${count}u));`,
    );
    const weight = fc.oneof(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 50, noNaN: true }).map((x) => 2 ** -x),
      fc.constantFrom(0, 1, 2 ** -31, 2 ** -32, 3 * 2 ** -33, 2 ** -149, 1 - 2 ** -24),
    );
    const run = async (list: readonly number[]) => {
      const weights = Float32Array.from(list);
      const found = new Uint32Array(await run_elementwise(device(), shader, weights, 1, 2));
      weights.forEach((w, i) => {
        const q = fixed_weight(w, count);
        expect([found[2 * i], found[2 * i + 1]], `weight ${w}`).toEqual([Number(q), Number(coarse_weight(q, count))]);
      });
    };
    await fc.assert(fc.asyncProperty(fc.array(weight, { minLength: 300, maxLength: 900 }), run), {
      numRuns: 3,
      seed: 32,
      endOnFailure: true,
    });
    const n = BigInt(count);
    const largest = fixed_weight(1, count);
    const r = coarse_weight(largest, count);
    expect(n * (largest + 1n)).toBeLessThan(count <= 16384 ? 2n ** 32n : 2n ** 64n);
    expect(n * r * r).toBeLessThan(count <= 16384 ? 2n ** 32n : 2n ** 64n);
    // A tile's sum of coarse weights is a word (grid_weigh.wgsl).
    expect(1024n * r).toBeLessThan(2n ** 32n);
  });
});

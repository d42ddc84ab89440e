// Acceptance: integers, so equality with the twin in BigInt. The one inequality, |copies − N w| < 1 + r, has r = N (1 + N w) / total: a fixed-point weight is
// within one unit of w·2^b, so the sum of N of them within N units, and the share of one moves by (1 + w N) / total at most.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elementwise, run_elementwise, run_kernel, use_device } from '../device.ts';
import * as reference from '../reference/systematic.ts';

const device = use_device();

// One invocation walks all slots, as bank_lane.wgsl does; and finds each parent by bisection of the prefix sums, as bank_workgroup.wgsl does.
const shader = `
import package::lib::systematic::{fixed_point_scale, fixed_point, coarse, coarse_ess, systematic_points, point};
@group(0) @binding(0) var<storage, read> weights: array<f32>;
@group(0) @binding(1) var<storage, read_write> outputs: array<u32>;
override count: u32;
override slots: u32;
override bits: u32;
@compute @workgroup_size(1)
fn main() {
  let scale = fixed_point_scale(count);
  var total = 0u;
  var sum = 0u;
  var squares = 0u;
  for (var j = 0u; j < count; j++) {
    let q = fixed_point(weights[j], scale);
    let r = coarse(q, count);
    outputs[j] = q;
    total += q;
    sum += r;
    squares += r * r;
  }
  let points = systematic_points(total, slots, bits);
  var parent = 0u;
  var reached = outputs[0];
  for (var i = 0u; i < slots; i++) {
    let wanted = point(points, i);
    while (reached <= wanted && parent < count - 1u) {
      parent++;
      reached += outputs[parent];
    }
    outputs[count + i] = wanted;
    outputs[count + slots + i] = parent;
  }
  outputs[count + 2u * slots] = bitcast<u32>(coarse_ess(sum, squares));
  outputs[count + 2u * slots + 1u] = sum;
  outputs[count + 2u * slots + 2u] = squares;
}
`;

async function resample(weights: readonly number[], bits: number, slots = weights.length) {
  const count = weights.length;
  const words = new Uint32Array(
    await run_kernel(device(), {
      wgsl: shader,
      inputs: { weights: Float32Array.from(weights) },
      output: { name: 'outputs', words: count + 2 * slots + 3 },
      workgroups: 1,
      overrides: { count, slots, bits },
    }),
  );
  return {
    fixed: Array.from(words.subarray(0, count), BigInt),
    points: Array.from(words.subarray(count, count + slots), BigInt),
    parents: Array.from(words.subarray(count + slots, count + 2 * slots)),
    ess: new Float32Array(words.buffer, 4 * (count + 2 * slots), 1)[0] as number,
    coarse_sum: words[count + 2 * slots + 1] as number,
    coarse_squares: words[count + 2 * slots + 2] as number,
  };
}

/** Relative weights with the largest exactly 1, as the filter makes them: broad, equal, zero, denormal, at the rounding border, or one giant. */
const weights = fc
  .record({
    shape: fc.constantFrom('uniform', 'log-uniform', 'equal', 'giant', 'border', 'mixed'),
    list: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 1100 }),
    top: fc.nat(),
  })
  .map(({ shape, list, top }) => {
    const b = reference.fixed_point_bits(list.length);
    const value = (u: number, i: number): number => {
      if (shape === 'uniform') return u;
      if (shape === 'log-uniform') return 2 ** (-50 * u);
      if (shape === 'equal') return 1;
      if (shape === 'giant') return u < 0.5 ? 0 : 1e-40;
      if (shape === 'border') return 2 ** -(b + 1) * (1 + Math.round(u * 4) / 4);
      return [0, 1e-42, 2 ** -149, u, 2 ** -b, 1][i % 6] as number;
    };
    const all = list.map((u, i) => Math.fround(value(u, i)));
    all[top % all.length] = 1;
    return all;
  });
const bits = fc.oneof(fc.constantFrom(0, 1, 0x80000000, 0xffffffff), fc.integer({ min: 0, max: 0xffffffff }));

describe('systematic resampling', () => {
  it('has fixed-point bits that leave room for count weights of 2^b + 1, for every count', async () => {
    const shader = elementwise(
      'import package::lib::systematic::fixed_point_bits;',
      'u32',
      'u32',
      'return fixed_point_bits(input);',
    );
    const counts = Uint32Array.from({ length: 65536 }, (_, i) => i + 1);
    const b = new Uint32Array(await run_elementwise(device(), shader, counts, 1, 1));
    expect(counts.findIndex((n, i) => b[i] !== reference.fixed_point_bits(n))).toBe(-1);
    expect(counts.findIndex((n, i) => n * (2 ** (b[i] as number) + 1) >= 2 ** 32)).toBe(-1);
    // The squares of the coarse weights have to fit too.
    expect(counts.findIndex((n, i) => n * 4 ** Math.floor((b[i] as number) / 2) >= 2 ** 32)).toBe(-1);
  });

  it('multiplies 32 by 32 bits exactly', async () => {
    const shader = elementwise(
      'import package::lib::systematic::multiply_high;',
      'vec2<u32>',
      'u32',
      'return multiply_high(input.x, input.y);',
    );
    const word = fc.oneof(
      fc.integer({ min: 0, max: 0xffffffff }),
      fc.constantFrom(0, 1, 0xffff, 0x10000, 0x10001, 0x7fffffff, 0x80000000, 0xffff0000, 0xffffffff),
    );
    const pairs = fc.array(fc.tuple(word, word), { minLength: 1000, maxLength: 3000 });
    await fc.assert(
      fc.asyncProperty(pairs, async (list) => {
        const high = await run_elementwise(device(), shader, Uint32Array.from(list.flat()), 2, 1);
        const expected = list.map(([a, b]) => Number(reference.multiply_high(BigInt(a), BigInt(b))));
        expect([...new Uint32Array(high)]).toEqual(expected);
      }),
      { numRuns: 10, seed: 3, endOnFailure: true },
    );
  });

  it('gives the parents of the twin, N of them, within one of what each particle expects, none to a zero weight', async () => {
    await fc.assert(
      fc.asyncProperty(weights, bits, async (w, u) => {
        const count = w.length;
        const found = await resample(w, u);
        const fixed = w.map((value) => reference.fixed_point(value, count));
        expect(found.fixed).toEqual(fixed);
        const total = fixed.reduce((a, b) => a + b, 0n);
        expect(found.points).toEqual(reference.points(total, count, u));
        expect(found.parents).toEqual(reference.parents(fixed, count, u));
        expect(found.points.at(-1)).toBeLessThan(total);

        const sum = w.reduce((a, b) => a + b, 0);
        const copies = new Array<number>(count).fill(0);
        for (const parent of found.parents) copies[parent] = (copies[parent] as number) + 1;
        expect(copies.reduce((a, b) => a + b, 0)).toBe(count);
        copies.forEach((n, j) => {
          const share = (w[j] as number) / sum;
          const rounding = (count * (1 + count * share)) / Number(total);
          expect(Math.abs(n - count * share)).toBeLessThan(1 + rounding);
          if (fixed[j] === 0n) expect(n).toBe(0);
        });
      }),
      { numRuns: 60, seed: 4 },
    );
  });

  it('gives as many points as asked for, fewer or more than there are weights', async () => {
    await fc.assert(
      fc.asyncProperty(weights, bits, fc.integer({ min: 1, max: 300 }), async (w, u, slots) => {
        const found = await resample(w, u, slots);
        expect(found.parents).toEqual(reference.parents(found.fixed, slots, u));
      }),
      { numRuns: 20, seed: 5 },
    );
  });

  it('is exact at 65536 particles, equal and as uneven as f32 allows', async () => {
    const count = 65536;
    const uneven = Array.from({ length: count }, (_, j) => Math.fround(2 ** ((-20 * ((j * 40503) % count)) / count)));
    for (const w of [new Array<number>(count).fill(1), uneven]) {
      for (const u of [0, 0xffffffff, 123456789]) {
        const found = await resample(w, u);
        const fixed = w.map((value) => reference.fixed_point(value, count));
        expect(found.parents).toEqual(reference.parents(fixed, count, u));
      }
    }
  });

  it('chooses the only particle there is', async () => {
    for (const u of [0, 0xffffffff]) expect((await resample([1], u)).parents).toEqual([0]);
  });

  // The coarse weights are exact integers. (Σr)² and the quotient round: 0.5 ulp for each conversion, counted twice for the sum, 0.5 for the product, 2.5 for the division.
  it('has an effective sample size from integers, the ESS of the weights to the coarseness', async () => {
    await fc.assert(
      fc.asyncProperty(weights, async (w) => {
        const found = await resample(w, 0);
        const coarse = reference.coarse(found.fixed);
        const sum = coarse.reduce((a, b) => a + b, 0n);
        const squares = coarse.reduce((a, b) => a + b * b, 0n);
        expect([BigInt(found.coarse_sum), BigInt(found.coarse_squares)]).toEqual([sum, squares]);
        expect(Math.abs(found.ess / reference.coarse_ess(found.fixed) - 1)).toBeLessThan(4.5 * 2 ** -23);
      }),
      { numRuns: 30, seed: 6 },
    );
  });
});

// Acceptance: integers, so equality with BigInt, for random words and for those at which a carry or a border lies. To f32: each half of the sum is rounded once (to either neighbour, WGSL §15.7: within 1 unit
// in the last place, 2⁻²³ of the value), then the sum: within 2·2⁻²³·(1 + 2⁻²³) of the exact value; where the high word is zero, the bits of f32(low).

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elementwise, run_elementwise, use_device } from '../device.ts';

const device = use_device();

const word = fc.oneof(
  fc.integer({ min: 0, max: 0xffffffff }),
  fc.constantFrom(0, 1, 2, 127, 128, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0x80000001, 0xfffffffe, 0xffffffff),
);
/** Words of a, then of b. */
const operands = fc.array(fc.tuple(word, word, word, word), { minLength: 500, maxLength: 1500 });

const wide = (low: number, high: number) => BigInt(low) + (BigInt(high) << 32n);
const wrapped = (x: bigint) => BigInt.asUintN(64, x);

async function expect_equal(
  imports: string,
  body: string,
  words: number,
  expected: (a: bigint, b: bigint, divisor: bigint) => readonly bigint[],
) {
  const shader = elementwise(
    `import package::lib::wide::{${imports}};`,
    'vec4<u32>',
    words === 2 ? 'vec2<u32>' : 'vec4<u32>',
    body,
  );
  const run = async (list: readonly (readonly [number, number, number, number])[]) => {
    const found = new Uint32Array(await run_elementwise(device(), shader, Uint32Array.from(list.flat()), 4, words));
    list.forEach(([a, b, c, d], i) => {
      const got = [...found.subarray(i * words, (i + 1) * words)].map(BigInt);
      const numbers = expected(wide(a, b), wide(c, d), BigInt(Math.max(1, c)));
      expect(got, `a = ${wide(a, b)}, b = ${wide(c, d)}`).toEqual(numbers);
    });
  };
  await fc.assert(fc.asyncProperty(operands, run), { numRuns: 6, seed: 21, endOnFailure: true });
}

const halves = (x: bigint) => [x & 0xffffffffn, x >> 32n];

describe('64-bit integers', () => {
  it('add, with the carry', () =>
    expect_equal('wide_add', 'return wide_add(input.xy, input.zw);', 2, (a, b) => halves(wrapped(a + b))));

  it('compare', () =>
    expect_equal(
      'wide_less',
      'return vec2<u32>(u32(wide_less(input.xy, input.zw)), u32(wide_less(input.xy, input.xy)));',
      2,
      (a, b) => [a < b ? 1n : 0n, 0n],
    ));

  it('multiply two words to all 64 bits', () =>
    expect_equal('wide_multiply', 'return wide_multiply(input.x, input.z);', 2, (a, b) =>
      halves((a & 0xffffffffn) * (b & 0xffffffffn)),
    ));

  it('multiply by a word, wrapping', () =>
    expect_equal('wide_scale', 'return wide_scale(input.xy, input.z);', 2, (a, b) =>
      halves(wrapped(a * (b & 0xffffffffn))),
    ));

  it('multiply by a fraction of 2³²', () =>
    expect_equal('wide_multiply_high', 'return wide_multiply_high(input.xy, input.z);', 2, (a, b) =>
      halves((a * (b & 0xffffffffn)) >> 32n),
    ));

  it('divide by a word, with the rest', () =>
    expect_equal(
      'wide_divide',
      'let d = wide_divide(input.xy, max(input.z, 1u)); return vec4<u32>(d.quotient, d.rest, 0u);',
      4,
      (a, _, divisor) => [...halves(a / divisor), a % divisor, 0n],
    ));

  it('become f32', async () => {
    const shader = elementwise(
      'import package::lib::wide::wide_to_f32;',
      'vec2<u32>',
      'vec2<f32>',
      'return vec2<f32>(wide_to_f32(input), wide_to_f32(vec2<u32>(input.x, 0u)) - f32(input.x));',
    );
    const run = async (list: readonly (readonly [number, number])[]) => {
      const found = new Float32Array(await run_elementwise(device(), shader, Uint32Array.from(list.flat()), 2, 2));
      list.forEach(([low, high], i) => {
        const exact = Number(wide(low, high));
        const bound = 2 * 2 ** -23 * (1 + 2 ** -23) * exact;
        expect(Math.abs((found[2 * i] as number) - exact)).toBeLessThanOrEqual(bound);
        expect(found[2 * i + 1]).toBe(0);
      });
    };
    const list = fc.array(fc.tuple(word, word), { minLength: 500, maxLength: 1500 });
    await fc.assert(fc.asyncProperty(list, run), { numRuns: 6, seed: 22, endOnFailure: true });
  });
});

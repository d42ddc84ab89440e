// Acceptance, against the quantile in float64 (test/reference/normal_quantile.ts), whose own error is 1e-15:
//
// - with every operation rounded once (src/random/normal.ts): relative 4e-7 and absolute 8e-7, as the shader's head states;
// - in WGSL, that plus what WGSL allows `log` (2⁻²¹ absolute on [0.5, 2], else 3 ulp) and `sqrt` (through inverseSqrt, 2 ulp, and a division,
//   2.5 ulp: 4.5 ulp) and the division of neither: in the centre z = x·P(w − 2.5), so an error e of w moves z by x·|P′|·e, |P′| ≤ 0.41 on w ≤ 5; in
//   the tail z = Q(√w − 3.44), so it moves z by |Q′|·(e / (2√w) + 4.5 ulp(√w)), |Q′| ≤ 1.45. Contraction to fma only removes roundings;
// - neighbouring bits never step back by more than twice that bound, and by not more than 8 ulp in fact.

import { describe, expect, it } from 'vitest';
import { normal_from_bits } from '../../src/random/normal.ts';
import { threefry } from '../../src/random/threefry.ts';
import { elementwise, run_elementwise, use_device } from '../device.ts';
import { normal_magnitude } from '../reference/normal_quantile.ts';

const device = use_device();
const shader = elementwise(
  'import package::lib::normal::normal_from_bits;',
  'u32',
  'f32',
  'return normal_from_bits(input);',
);
const largest = 0x7fffffff;

const on_gpu = async (bits: Uint32Array<ArrayBuffer>) =>
  new Float32Array(await run_elementwise(device(), shader, bits, 1, 1));

/** Magnitudes log-uniform towards both ends of 0 … 2³¹ − 1, where the two formulas meet (w = 5), uniform ones, and the ends themselves. */
function magnitudes(): number[] {
  const list = new Set<number>();
  for (let m = 0; m < 4096; m++) list.add(m).add(largest - m);
  const meeting = Math.round(((1 - Math.sqrt(1 - Math.exp(-5))) / 2) * 2 ** 32);
  for (let m = -2048; m < 2048; m++) list.add(meeting + m);
  for (let i = 0; i < 2 ** 15; i++) {
    const [u, v] = threefry([11, 12], [0, i]);
    const near = Math.floor(2 ** ((u / 2 ** 32) * 31));
    list
      .add(near)
      .add(largest - near)
      .add(v >>> 1);
  }
  return [...list];
}

const exact = (m: number) => normal_magnitude((m + 0.5) * 2 ** -32, (2 ** 31 - m - 0.5) * 2 ** -32);
const ulp = (x: number) => 2 ** (Math.floor(Math.log2(x)) - 23);

/** What WGSL's freedom in log and sqrt may add to the error at this magnitude. */
function freedom(m: number, z: number): number {
  const p = (m + 0.5) * 2 ** -32;
  const w = -Math.log(4 * p * (1 - p));
  const of_log = w < Math.LN2 ? 2 ** -21 : 3 * ulp(w);
  if (w < 5) return z * 0.41 * of_log;
  return 1.45 * (of_log / (2 * Math.sqrt(w)) + 4.5 * ulp(Math.sqrt(w)));
}

describe('normal_from_bits', () => {
  const sample = magnitudes();
  const quantiles = sample.map(exact);

  /** The magnitude with the largest share of its allowed error. */
  function worst(values: ArrayLike<number>, allowed: (m: number, z: number) => number) {
    let found = { m: 0, share: 0, value: 0, exact: 0 };
    sample.forEach((m, i) => {
      const z = quantiles[i] as number;
      const share = Math.abs((values[i] as number) - z) / allowed(m, z);
      if (!(share <= found.share)) found = { m, share, value: values[i] as number, exact: z };
    });
    return found;
  }

  it('is the quantile to 4e-7 of itself and 8e-7, with every operation rounded once', () => {
    const values = sample.map(normal_from_bits);
    const found = worst(values, (_, z) => Math.min(4e-7 * z, 8e-7));
    expect(found.share, JSON.stringify(found)).toBeLessThan(1);
  });

  it('is the quantile in WGSL, to the same bound and what WGSL allows log and sqrt', async () => {
    const found = worst(await on_gpu(Uint32Array.from(sample)), (m, z) => Math.min(4e-7 * z, 8e-7) + freedom(m, z));
    expect(found.share, JSON.stringify(found)).toBeLessThan(1);
  });

  it('takes its sign from the top bit and is antisymmetric bit for bit', async () => {
    const below = await on_gpu(Uint32Array.from(sample));
    const above = await on_gpu(Uint32Array.from(sample, (m) => m + 2 ** 31));
    expect(below.findIndex((z, i) => !(z > 0) || z !== -(above[i] as number))).toBe(-1);
    expect(sample.findIndex((m) => normal_from_bits(m) !== -normal_from_bits((m + 2 ** 31) | 0))).toBe(-1);
  });

  it('decreases in the magnitude up to rounding', async () => {
    const sorted = Uint32Array.from(sample).sort();
    const values = await on_gpu(sorted);
    let back = 0;
    for (let i = 1; i < values.length; i++) {
      const step = (values[i] as number) - (values[i - 1] as number);
      back = Math.max(back, step / ulp(values[i - 1] as number));
    }
    expect(back, 'ulps').toBeLessThanOrEqual(8);
  });

  it('reaches 6.34 at magnitude 0, and 2⁻³² of the way from the centre at the last', async () => {
    const [first = 0, last = 0] = await on_gpu(Uint32Array.of(0, largest));
    expect(first).toBeCloseTo(6.338, 3);
    expect(last / (Math.sqrt(Math.PI / 2) * 2 ** -32)).toBeCloseTo(1, 5);
  });
});

/** Twin of shaders/filter/grid_systematic.wgsl in BigInt: the definitions, with nothing that could overflow or round. Points and parents are those of test/reference/systematic.ts. */

import * as systematic from '../reference/systematic.ts';

/** Weight relative to the largest, in [0, 1]; the sum is rounded to f32 before it is cut to an integer. */
export const fixed_weight = (weight: number, count: number): bigint =>
  count <= 16384 ? systematic.fixed_point(weight, count) : BigInt(Math.floor(Math.fround(weight * 2 ** 31 + 0.5)));

export const coarse_weight = (fixed: bigint, count: number): bigint =>
  fixed >> (count <= 16384 ? BigInt(Math.ceil(systematic.fixed_point_bits(count) / 2)) : 12n);

/** ⌊(i·total + u) / slots⌋ with u = ⌊bits·total / 2³²⌋. */
export function point(total: bigint, slots: number, bits: number, i: number): bigint {
  return (BigInt(i) * total + ((BigInt(bits) * total) >> 32n)) / BigInt(slots);
}

/** Twin of shaders/lib/systematic.wgsl in BigInt: the definitions, with nothing that could overflow or round. */

/** b = 31 − ⌈log₂ count⌉: count weights of at most 2^b sum to at most 2³¹. */
export const fixed_point_bits = (count: number) => 31 - Math.ceil(Math.log2(count));

/** weight·2^b to the nearest integer, halves up; the sum is rounded to f32 first, which moves the result by one where weight·2^b is odd and above 2²³. */
export function fixed_point(weight: number, count: number): bigint {
  return BigInt(Math.floor(Math.fround(weight * 2 ** fixed_point_bits(count) + 0.5)));
}

export const multiply_high = (a: bigint, b: bigint) => (a * b) >> 32n;

/** p_i = ⌊(i·total + u) / slots⌋ with u = ⌊bits·total / 2³²⌋. */
export function points(total: bigint, slots: number, bits: number): bigint[] {
  const u = multiply_high(BigInt(bits), total);
  return Array.from({ length: slots }, (_, i) => (BigInt(i) * total + u) / BigInt(slots));
}

/** Parent of each slot: the first j whose inclusive prefix sum of the fixed-point weights exceeds the slot's point. */
export function parents(fixed: readonly bigint[], slots: number, bits: number): number[] {
  const total = fixed.reduce((sum, q) => sum + q, 0n);
  let j = 0;
  let reached = fixed[0] as bigint;
  return points(total, slots, bits).map((point) => {
    while (reached <= point) reached += fixed[++j] as bigint;
    return j;
  });
}

/** The weights once more with half the bits, from which the decision to resample is made. */
export function coarse(fixed: readonly bigint[]): bigint[] {
  const bits = fixed_point_bits(fixed.length);
  return fixed.map((q) => q >> BigInt(Math.ceil(bits / 2)));
}

/** (Σr)² / Σr² of the coarse weights. */
export function coarse_ess(fixed: readonly bigint[]): number {
  const r = coarse(fixed).map(Number);
  return r.reduce((a, b) => a + b, 0) ** 2 / r.reduce((a, b) => a + b * b, 0);
}

/**
 * Resampling of the comparison's filter in jax-js, in the integers of shaders/lib/systematic.wgsl. jax-js has no searchsorted: the parent of a slot is found by a bisection written out
 * in takeAlongAxis.
 */

import { jit, numpy as np } from '@jax-js/jax';
import type { FilterProblem } from './types.ts';

const unsigned = (value: number) => np.array(Uint32Array.of(value), { dtype: np.uint32 });

/** High word of a · b by 16-bit halves. [filters][1] each. */
function multiply_high(a: np.Array, b: np.Array): np.Array {
  const low_half = (x: np.Array) => np.bitwiseAnd(x, unsigned(0xffff));
  const high_half = (x: np.Array) => np.rightShift(x, unsigned(16));
  const low = low_half(a.ref).mul(low_half(b.ref));
  const middle = high_half(a.ref).mul(low_half(b.ref)).add(high_half(low));
  const cross = low_half(a.ref).mul(high_half(b.ref)).add(low_half(middle.ref));
  return high_half(a).mul(high_half(b)).add(high_half(middle)).add(high_half(cross));
}

/** [filters][particles] the parent of each slot: how many prefix sums are at or below its point. */
function systematic(fixed: np.Array, bits: np.Array): np.Array {
  const [filters, count] = fixed.shape as [number, number];
  const cumulative = np.cumsum(fixed, 1);
  const total = cumulative.ref.slice([], [count - 1, count]);
  const u = multiply_high(bits, total.ref);
  const slots = np.arange(0, count, 1, { dtype: np.uint32 }).reshape([1, count]);
  const whole = (x: np.Array) => np.floorDivide(x, unsigned(count));
  const rest = (x: np.Array) => np.remainder(x, unsigned(count));
  const fraction = rest(total.ref).mul(slots.ref).add(rest(u.ref));
  const points = whole(total).mul(slots).add(whole(u)).add(whole(fraction));
  let parents = np.zeros([filters, count], { dtype: np.int32 });
  for (let stride = 2 ** Math.floor(Math.log2(count)); stride >= 1; stride /= 2) {
    const next = parents.ref.add(stride);
    const last = np.minimum(next.ref, count).sub(1);
    const is_below = np.lessEqual(np.takeAlongAxis(cumulative.ref, last, 1), points.ref);
    parents = np.where(np.logicalAnd(is_below, np.lessEqual(next.ref, count)), next, parents);
  }
  cumulative.dispose();
  points.dispose();
  return parents;
}

/** Jitted: from log-weights relative to the largest and 32 random bits per filter, which filters resample [filters][1], and each slot's parent [filters][particles], itself where they do not. */
export function decide_of({ particles, resample_below }: FilterProblem) {
  const scale_bits = 31 - Math.ceil(Math.log2(particles));
  return jit((relative: np.Array, bits: np.Array): [np.Array, np.Array] => {
    const weight = np.exp(np.maximum(relative, -80));
    const fixed = weight
      .mul(2 ** scale_bits)
      .add(0.5)
      .astype(np.uint32);
    const coarse = np.rightShift(fixed.ref, unsigned(scale_bits - Math.floor(scale_bits / 2)));
    const sum = np.sum(coarse.ref, 1, { keepdims: true }).astype(np.float32);
    const squares = np.sum(coarse.ref.mul(coarse), 1, { keepdims: true }).astype(np.float32);
    const resample = np.less(np.square(sum).div(squares), resample_below * particles);
    const slots = np.arange(0, particles, 1, { dtype: np.int32 }).reshape([1, particles]);
    const parents = np.where(resample.ref, systematic(fixed, bits), slots);
    return [resample, parents];
  });
}

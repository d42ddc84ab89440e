/** Arrays of standard normals and random orders from counters, for the host's own draws. */
import { normal_from_bits } from './normal.ts';
import { type Site, uniform_at, type Words, words_at } from './threefry.ts';

/** `count` standard normals; each pair is of one counter. */
export function normals_at(key: Words, purpose: Site, step: number, count: number): Float64Array {
  const normals = new Float64Array(count);
  for (let i = 0; i < count; i += 2) {
    const [first, second] = words_at(key, purpose, step, i >> 1);
    normals[i] = normal_from_bits(first);
    if (i + 1 < count) normals[i + 1] = normal_from_bits(second);
  }
  return normals;
}

/** 0 … count − 1 in an order of which each is equally likely (Fisher and Yates 1938, Durstenfeld 1964). */
export function permutation_at(key: Words, purpose: Site, step: number, count: number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(uniform_at(key, purpose, step, i) * (i + 1));
    const kept = order[i] as number;
    order[i] = order[j] as number;
    order[j] = kept;
  }
  return order;
}

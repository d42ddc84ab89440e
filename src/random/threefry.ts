/**
 * Threefry-2x32-20 on the host, bit-identical to `shaders/lib/threefry.wgsl` (Salmon et al. 2011; known answers of Random123 and JAX
 * are its first test). A key is two words; a counter is two words; there is no state.
 */

export type Words = readonly [number, number];

const rotations = [
  [13, 15, 26, 6],
  [17, 29, 16, 24],
] as const;

export function threefry(key: Words, counter: Words): [number, number] {
  const schedule = [key[0], key[1], 0x1bd11bda ^ key[0] ^ key[1]] as const;
  let x = (counter[0] + schedule[0]) | 0;
  let y = (counter[1] + schedule[1]) | 0;
  for (let group = 0; group < 5; group++) {
    for (const distance of rotations[(group % 2) as 0 | 1]) {
      x = (x + y) | 0;
      y = ((y << distance) | (y >>> (32 - distance))) ^ x;
    }
    x = (x + schedule[((group + 1) % 3) as 0 | 1 | 2]) | 0;
    y = (y + schedule[((group + 2) % 3) as 0 | 1 | 2] + group + 1) | 0;
  }
  return [x >>> 0, y >>> 0];
}

/**
 * What a random number is for. With the step it makes the first counter word, `site << 28 | step`, so that a stream is chosen by its purpose and
 * never by the order of calls. Steps overflow first, at 2²⁸. Must match shaders/lib/site.wgsl.
 */
export const site = {
  initial: 0,
  transition: 1,
  resample: 2,
  state_draw: 3,
  observation: 4,
  prior: 5,
  filter_key: 6,
  propose: 7,
  resample_theta: 8,
  accept: 9,
  momentum: 10,
  trajectory: 11,
  start: 12,
  batch: 13,
  weights: 14,
  exchange: 15,
} as const;
export type Site = (typeof site)[keyof typeof site];

/** Two random words for one purpose: `step` and `index` (particle, filter, draw…) say which. */
export function words_at(key: Words, purpose: Site, step: number, index: number): [number, number] {
  return threefry(key, [((purpose << 28) | step) >>> 0, index >>> 0]);
}

/** A double in (0, 1) with 53 random bits, for the host's own draws. */
export function uniform_at(key: Words, purpose: Site, step: number, index: number): number {
  const [high, low] = words_at(key, purpose, step, index);
  return ((high >>> 5) * 2 ** 26 + (low >>> 6) + 0.5) / 2 ** 53;
}

/**
 * Sorting of float64 with the places that values came from, by digits of their bits (Knuth, The Art of Computer Programming 3,
 * §5.2.5). Ranks of a million draws are wanted a dozen times per parameter; this takes a tenth of what sorting by comparison
 * and looking each draw up takes, less where draws were f32, whose low digits are all zero.
 */

export interface Sorted {
  /** Increasing; NaN last. */
  values: Float64Array;
  /** The index where each value stood; equal values in their order. */
  order: Uint32Array;
}

/** Of one pass: 2048 counters stay in the first-level cache. */
const DIGIT_BITS = 11;
const DIGITS = 2 ** DIGIT_BITS;
/** Low bit of each digit, in the low and in the high word; the last digit of each has ten bits. */
const SHIFTS = [0, DIGIT_BITS, 2 * DIGIT_BITS] as const;

/** The words of keys that order as their values do, and where the values stood. */
interface Keys {
  low: Uint32Array;
  high: Uint32Array;
  order: Uint32Array;
}

export function sort(values: Float64Array): Sorted {
  const n = values.length;
  let keys = make_keys(values);
  let spare: Keys = { low: new Uint32Array(n), high: new Uint32Array(n), order: new Uint32Array(n) };
  for (const word of ['low', 'high'] as const) {
    for (const shift of SHIFTS) {
      const start = count_digit(keys[word], shift);
      if (start === undefined) continue;
      move_by_digit(keys, spare, keys[word], shift, start);
      [keys, spare] = [spare, keys];
    }
  }
  const { order } = keys;
  const sorted = new Float64Array(n);
  for (let i = 0; i < n; i++) sorted[i] = values[order[i] as number] as number;
  return { values: sorted, order };
}

/**
 * As unsigned numbers, bits of positive values order as the values do once their sign bit is set, those of negative ones
 * once all are flipped. NaN of either sign becomes the largest.
 */
function make_keys(values: Float64Array): Keys {
  const n = values.length;
  const keys = { low: new Uint32Array(n), high: new Uint32Array(n), order: new Uint32Array(n) };
  const one = new Float64Array(1);
  // The low word first, as on every machine that runs WebGPU.
  const words = new Uint32Array(one.buffer);
  for (let i = 0; i < n; i++) {
    const value = values[i] as number;
    one[0] = value;
    const low = words[0] as number;
    const high = words[1] as number;
    const flip = high >> 31;
    const missing = Number.isNaN(value);
    keys.low[i] = missing ? 0xffffffff : low ^ flip;
    keys.high[i] = missing ? 0xffffffff : high ^ (flip | 0x80000000);
    keys.order[i] = i;
  }
  return keys;
}

/** [digit] where its values begin; nothing where all share one digit, and so are in order already. */
function count_digit(word: Uint32Array, shift: number): Uint32Array | undefined {
  const start = new Uint32Array(DIGITS);
  for (let i = 0; i < word.length; i++) {
    const digit = ((word[i] as number) >>> shift) & (DIGITS - 1);
    start[digit] = (start[digit] as number) + 1;
  }
  let before = 0;
  for (let digit = 0; digit < DIGITS; digit++) {
    const count = start[digit] as number;
    if (count === word.length) return undefined;
    start[digit] = before;
    before += count;
  }
  return start;
}

/** Stable, so that digits moved before stay in order. */
function move_by_digit(source: Keys, target: Keys, word: Uint32Array, shift: number, start: Uint32Array): void {
  for (let i = 0; i < word.length; i++) {
    const digit = ((word[i] as number) >>> shift) & (DIGITS - 1);
    const place = start[digit] as number;
    start[digit] = place + 1;
    target.low[place] = source.low[i] as number;
    target.high[place] = source.high[i] as number;
    target.order[place] = source.order[i] as number;
  }
}

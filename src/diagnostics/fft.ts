/** The discrete Fourier transform for lengths that are powers of two (Cooley and Tukey 1965), in place, in float64. */

/** What depends on the length alone. */
interface Plan {
  /** cos and −sin of 2πk/size for k < size/2. */
  cosine: Float64Array;
  sine: Float64Array;
  /** Index with its bits in reverse order. */
  reversed: Uint32Array;
}

/** Diagnostics transform thousands of series of the same length; a plan per power of two is kept. */
const plans = new Map<number, Plan>();

/** Replaces re + i·im by Σ_t x_t e^(−2πikt/size). Both arrays have the same length, a power of two. */
export function fourier_transform(re: Float64Array, im: Float64Array): void {
  const size = re.length;
  if (size !== im.length || size < 1 || (size & (size - 1)) !== 0) {
    throw new Error(`fourier_transform: lengths ${size} and ${im.length}; both must be the same power of two.`);
  }
  const { cosine, sine, reversed } = plan(size);
  for (let k = 0; k < size; k++) {
    const other = reversed[k] as number;
    if (other > k) {
      swap(re, k, other);
      swap(im, k, other);
    }
  }
  for (let half = 1; half < size; half *= 2) {
    const stride = size / (2 * half);
    for (let block = 0; block < size; block += 2 * half) {
      for (let k = 0; k < half; k++) {
        const c = cosine[k * stride] as number;
        const s = sine[k * stride] as number;
        const a = block + k;
        const b = a + half;
        const x = re[b] as number;
        const y = im[b] as number;
        const turned_re = x * c - y * s;
        const turned_im = x * s + y * c;
        re[b] = (re[a] as number) - turned_re;
        im[b] = (im[a] as number) - turned_im;
        re[a] = (re[a] as number) + turned_re;
        im[a] = (im[a] as number) + turned_im;
      }
    }
  }
}

function plan(size: number): Plan {
  const known = plans.get(size);
  if (known !== undefined) return known;
  const angles = Float64Array.from({ length: size / 2 }, (_, k) => (2 * Math.PI * k) / size);
  const reversed = new Uint32Array(size);
  for (let k = 1; k < size; k++) {
    reversed[k] = ((reversed[k >> 1] as number) >> 1) | ((k & 1) * (size >> 1));
  }
  const made = { cosine: angles.map(Math.cos), sine: angles.map((angle) => -Math.sin(angle)), reversed };
  plans.set(size, made);
  return made;
}

function swap(values: Float64Array, a: number, b: number): void {
  const kept = values[a] as number;
  values[a] = values[b] as number;
  values[b] = kept;
}

/**
 * Moments, quantiles and effective sample size of weighted draws. Weights need not sum to one; they must be
 * non-negative with a positive sum. Everything in float64 and, for moments, in two passes.
 */

export interface WeightedSample {
  values: ArrayLike<number>;
  /** Same length; absent: all equal. */
  weights?: ArrayLike<number> | undefined;
}

/** Weighted mean Σ w x / Σ w. */
export function weighted_mean(sample: WeightedSample): number {
  const { values } = sample;
  let total = 0;
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const w = weight(sample, i);
    // A draw of weight zero counts as absent, whatever its value (0 · ∞ would be NaN).
    if (w === 0) continue;
    total += w;
    sum += w * (values[i] ?? 0);
  }
  if (!(total > 0)) throw new Error('weighted_mean: the weights must have a positive sum.');
  return sum / total;
}

/** Standard deviation of the weighted distribution, √(Σ w (x − mean)² / Σ w); no small-sample correction. */
export function weighted_sd(sample: WeightedSample): number {
  const { values } = sample;
  const mean = weighted_mean(sample);
  let total = 0;
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const w = weight(sample, i);
    if (w === 0) continue;
    total += w;
    sum += w * ((values[i] ?? 0) - mean) ** 2;
  }
  return Math.sqrt(sum / total);
}

/**
 * Quantiles at the given probabilities. With the draws sorted and weight-zero draws left out, draw i sits at
 *
 *   p_i = (C_i − w_i/2 − w_1/2) / (C_n − w_1/2 − w_n/2),   C the inclusive prefix sum of the weights,
 *
 * and quantiles are linear between. Equal weights give p_i = (i − 1)/(n − 1), Hyndman and Fan's type 7, the default of
 * R and NumPy; reversing the order of the values reverses the positions, so q(1 − p) of −x is −q(p) of x. Equal values
 * share their weight evenly (resampling makes many), so that the order in which draws come does not matter.
 */
export function weighted_quantiles(sample: WeightedSample, probabilities: readonly number[]): number[] {
  const { values } = sample;
  const order: number[] = [];
  for (let i = 0; i < values.length; i++) if (weight(sample, i) > 0) order.push(i);
  if (order.length === 0) throw new Error('weighted_quantiles: the weights must have a positive sum.');
  order.sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const sorted = Float64Array.from(order, (i) => values[i] ?? 0);
  const shares = Float64Array.from(order, (i) => weight(sample, i));
  for (let from = 0, to = 1; from < sorted.length; from = to++) {
    while (to < sorted.length && sorted[to] === sorted[from]) to++;
    if (to - from > 1) shares.fill(shares.subarray(from, to).reduce((sum, w) => sum + w, 0) / (to - from), from, to);
  }
  const positions = new Float64Array(order.length);
  for (let k = 1; k < order.length; k++) {
    positions[k] = (positions[k - 1] ?? 0) + ((shares[k - 1] ?? 0) + (shares[k] ?? 0)) / 2;
  }
  const span = positions[order.length - 1] ?? 0;
  return probabilities.map((p) => interpolate(positions, sorted, p * span));
}

/** (Σ w)² / Σ w²: how many equal weights are as uneven as these (Kong, Liu and Wong 1994). */
export function effective_sample_size(weights: ArrayLike<number>): number {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < weights.length; i++) {
    const w = weights[i] ?? 0;
    sum += w;
    squares += w * w;
  }
  return squares > 0 ? sum ** 2 / squares : 0;
}

/**
 * Indices of `count` equally weighted draws by systematic resampling with one offset u in [0, 1): draw i is taken
 * ⌈count·C_i − u⌉ − ⌈count·C_{i−1} − u⌉ times (Kitagawa 1996).
 */
export function resample_indices(weights: ArrayLike<number>, count: number, u: number): Uint32Array {
  let total = 0;
  for (let i = 0; i < weights.length; i++) total += weights[i] ?? 0;
  if (!(total > 0)) throw new Error('resample_indices: the weights must have a positive sum.');
  const indices = new Uint32Array(count);
  let cumulative = 0;
  let taken = 0;
  let last = 0;
  for (let i = 0; i < weights.length && taken < count; i++) {
    const w = weights[i] ?? 0;
    if (w === 0) continue;
    last = i;
    cumulative += w;
    while (taken < count && taken + u < (count * cumulative) / total) indices[taken++] = i;
  }
  // Rounding may leave the last slot's position a hair above the sum.
  indices.fill(last, taken);
  return indices;
}

function weight(sample: WeightedSample, i: number): number {
  return sample.weights === undefined ? 1 : (sample.weights[i] ?? 0);
}

/** Linear interpolation of (positions, values) at x, clamped; positions never decrease. */
function interpolate(positions: Float64Array, values: Float64Array, x: number): number {
  let low = 0;
  let high = positions.length - 1;
  if (x <= 0) return values[0] as number;
  if (x >= (positions[high] as number)) return values[high] as number;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((positions[middle] as number) <= x) low = middle;
    else high = middle;
  }
  const a = values[low] as number;
  const b = values[high] as number;
  const fraction = (x - (positions[low] as number)) / ((positions[high] as number) - (positions[low] as number));
  return a === b ? a : a + fraction * (b - a);
}

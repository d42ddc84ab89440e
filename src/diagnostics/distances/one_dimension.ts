/** Distances between two sorted samples of one quantity, of any two sizes. */

/**
 * ∫₀¹ (F⁻¹(p) − G⁻¹(p))² dp: the squared Wasserstein distance of order 2. Quantile functions are steps, so it is a sum over
 * the pieces between the jumps of either.
 */
export function wasserstein_squared(x: Float64Array, y: Float64Array): number {
  const [n, m] = [x.length, y.length];
  let sum = 0;
  let i = 0;
  let j = 0;
  // In units of 1 / (n m), where places of jumps are whole numbers and so compare exactly.
  let from = 0;
  while (i < n && j < m) {
    const end_x = (i + 1) * m;
    const end_y = (j + 1) * n;
    const to = Math.min(end_x, end_y);
    sum += (to - from) * ((x[i] as number) - (y[j] as number)) ** 2;
    if (end_x === to) i++;
    if (end_y === to) j++;
    from = to;
  }
  return sum / (n * m);
}

/**
 * 2 ∫ (F − G)² = 2 E|X − Y| − E|X − X′| − E|Y − Y′|, each mean over all pairs of draws, a draw with itself included
 * (Székely and Rizzo 2013): the squared energy distance of two samples.
 */
export function energy_squared(x: Float64Array, y: Float64Array): number {
  const [n, m] = [x.length, y.length];
  let sum = 0;
  let i = 0;
  let j = 0;
  let last = Math.min(x[0] as number, y[0] as number);
  while (i < n || j < m) {
    const take_x = j === m || (i < n && (x[i] as number) <= (y[j] as number));
    const next = take_x ? (x[i] as number) : (y[j] as number);
    sum += (next - last) * (i / n - j / m) ** 2;
    last = next;
    if (take_x) i++;
    else j++;
  }
  return 2 * sum;
}

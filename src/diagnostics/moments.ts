/** Mean and variance of equally weighted draws in float64, in two passes, so that a large offset costs no digits. */

/** NaN for no values. */
export function mean(values: Float64Array): number {
  const n = values.length;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += values[i] as number;
  const rough = sum / n;
  if (!Number.isFinite(rough)) return rough;
  let rest = 0;
  for (let i = 0; i < n; i++) rest += (values[i] as number) - rough;
  return rough + rest / n;
}

/** Unbiased, with n − 1; NaN for fewer than two values. */
export function variance(values: Float64Array, center = mean(values)): number {
  const n = values.length;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += ((values[i] as number) - center) ** 2;
  return n > 1 ? sum / (n - 1) : Number.NaN;
}

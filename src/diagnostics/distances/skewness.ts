/** How far two sets of draws are apart in the skewness of their marginals. */
import { mean } from '../moments.ts';
import { column, type Points } from '../points.ts';

/** The mean over coordinates of |skew_a − skew_b| (d_skew of arXiv 2406.11664). NaN where a coordinate is constant. */
export function skewness_distance(a: Points, b: Points): number {
  let sum = 0;
  for (let j = 0; j < a.dimension; j++) sum += Math.abs(skewness(column(a, j)) - skewness(column(b, j)));
  return sum / a.dimension;
}

/** m₃ / m₂^{3/2} with moments divided by n. */
function skewness(values: Float64Array): number {
  const center = mean(values);
  let second = 0;
  let third = 0;
  for (const x of values) {
    const d = x - center;
    second += d * d;
    third += d * d * d;
  }
  return third / values.length / (second / values.length) ** 1.5;
}

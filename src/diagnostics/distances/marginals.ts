/** How far two sets of draws are apart in their marginal densities. */
import { mean, variance } from '../moments.ts';
import { column, type Points } from '../points.ts';
import { type Grid, kernel_density } from './kernel_density.ts';

const GRID_POINTS = 128;
const REACH = 5;

/**
 * (1 / 2d) Σ_j ∫ |p_a,j − p_b,j|: the mean over coordinates of the share of probability that lies elsewhere, in [0, 1]
 * (d_IAD of arXiv 2406.11664, whose choices these are). Densities are normal kernel estimates with Scott's bandwidth
 * sd · n^(−1/5), each set its own; the integral is the trapezoidal rule on 128 points over both sets' mean ± 5 sd.
 * Two independent samples of one distribution are not at 0: compare with the floor. NaN where a coordinate is constant.
 */
export function marginal_distance(a: Points, b: Points): number {
  let sum = 0;
  for (let j = 0; j < a.dimension; j++) sum += integrated_difference(column(a, j), column(b, j));
  return sum / (2 * a.dimension);
}

/** ∫ |p − q| */
function integrated_difference(x: Float64Array, y: Float64Array): number {
  const both = [x, y].map((values) => {
    const center = mean(values);
    const sd = Math.sqrt(variance(values, center));
    // The paper's grid takes the sd that divides by n, its bandwidth the one that divides by n − 1.
    return { values, center, sd, reach: REACH * sd * Math.sqrt(1 - 1 / values.length) };
  });
  const start = Math.min(...both.map(({ center, reach }) => center - reach));
  const end = Math.max(...both.map(({ center, reach }) => center + reach));
  const grid: Grid = { start, step: (end - start) / (GRID_POINTS - 1), points: GRID_POINTS };
  const [p, q] = both.map(({ values, sd }) => kernel_density(values, sd * values.length ** -0.2, grid)) as [
    Float64Array,
    Float64Array,
  ];
  let sum = 0;
  p.forEach((density, g) => {
    const inside = g > 0 && g < GRID_POINTS - 1;
    sum += (inside ? 1 : 0.5) * Math.abs(density - (q[g] as number));
  });
  return sum * grid.step;
}

/** A density of two numbers on a grid: its moments, and draws from it without a chain. */

import type { Points } from '../../src/diagnostics/points.ts';
import { permutation_at } from '../../src/random/normals.ts';
import { site, uniform_at, type Words } from '../../src/random/threefry.ts';

export interface PlaneGrid {
  /** [axis][index] */
  axes: readonly [Float64Array, Float64Array];
  /** [first][second] */
  probability: Float64Array;
}

/** Places of one axis: the middles of equal cells. */
export const axis = (center: number, half_width: number, cells: number) =>
  Float64Array.from({ length: cells }, (_, i) => center + half_width * ((2 * i + 1) / cells - 1));

/** @param log_densities [first][second] up to a constant */
export function plane_grid(axes: PlaneGrid['axes'], log_densities: Float64Array): PlaneGrid {
  const top = log_densities.reduce((most, l) => Math.max(most, l), Number.NEGATIVE_INFINITY);
  const weights = log_densities.map((l) => Math.exp(l - top));
  const total = weights.reduce((sum, w) => sum + w, 0);
  return { axes, probability: weights.map((w) => w / total) };
}

export function grid_moments({ axes: [first, second], probability }: PlaneGrid): {
  mean: number[];
  covariance: number[];
} {
  const integral = (f: (x: number, y: number) => number) => {
    let sum = 0;
    first.forEach((x, i) => {
      second.forEach((y, j) => {
        sum += f(x, y) * (probability[i * second.length + j] as number);
      });
    });
    return sum;
  };
  const [m, n] = [integral((x) => x), integral((_, y) => y)];
  const between = integral((x, y) => (x - m) * (y - n));
  return {
    mean: [m, n],
    covariance: [integral((x) => (x - m) ** 2), between, between, integral((_, y) => (y - n) ** 2)],
  };
}

/** Independent but for even steps: cells at steps of 1/count of their cumulative probability, uniform within, in an order at random. */
export function plane_draws({ axes, probability }: PlaneGrid, count: number, key: Words): Points {
  const [first, second] = axes;
  const widths = axes.map((places) => (places[1] as number) - (places[0] as number)) as [number, number];
  const values = new Float64Array(2 * count);
  const where = permutation_at(key, site.start, 0, count);
  const shift = uniform_at(key, site.resample, 0, 0);
  let cell = -1;
  let cumulative = 0;
  for (let n = 0; n < count; n++) {
    while (cumulative <= (n + shift) / count && cell < probability.length - 1)
      cumulative += probability[++cell] as number;
    const within = (k: number) => uniform_at(key, site.state_draw, n, k) - 0.5;
    const at = 2 * (where[n] as number);
    values[at] = (first[Math.floor(cell / second.length)] as number) + widths[0] * within(0);
    values[at + 1] = (second[cell % second.length] as number) + widths[1] * within(1);
  }
  return { count, dimension: 2, values };
}

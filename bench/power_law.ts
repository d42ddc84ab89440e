/** How cost grows: the exponent of a power law, and the slope of cost against the number of tangents, by least squares. */

export interface Fitted {
  value: number;
  /** Infinite where as many points as unknowns leave nothing to judge by. */
  standard_error: number;
}

/** The exponent p of y ≈ c·xᵖ, by least squares in logarithms. Needs two different x; all x and y above 0. */
export function fit_exponent(points: readonly { x: number; y: number }[]): Fitted {
  const u = points.map(({ x }) => Math.log(x));
  const v = points.map(({ y }) => Math.log(y));
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const [mean_u, mean_v] = [mean(u), mean(v)];
  const spread = u.reduce((sum, value) => sum + (value - mean_u) ** 2, 0);
  if (!(spread > 0)) throw new Error('a power law needs at least two sizes that differ');
  const together = u.reduce((sum, value, i) => sum + (value - mean_u) * ((v[i] as number) - mean_v), 0);
  const value = together / spread;
  const residual = u.reduce((sum, at, i) => sum + ((v[i] as number) - mean_v - value * (at - mean_u)) ** 2, 0);
  return { value, standard_error: error_of_slope(residual, points.length - 2, spread) };
}

/** The slope c of y ≈ 1 + c·x: `y` is a cost over the cost at x = 0, which is exact by construction. */
export function fit_slope_from_one(points: readonly { x: number; y: number }[]): Fitted {
  const spread = points.reduce((sum, { x }) => sum + x * x, 0);
  if (!(spread > 0)) throw new Error('a slope needs a point with x other than 0');
  const value = points.reduce((sum, { x, y }) => sum + x * (y - 1), 0) / spread;
  const residual = points.reduce((sum, { x, y }) => sum + (y - 1 - value * x) ** 2, 0);
  return { value, standard_error: error_of_slope(residual, points.length - 1, spread) };
}

/** How far cost is from proportional: the largest y/x over the smallest; 1 where it is. Needs a point; all x and y above 0. */
export function spread_of_unit_cost(points: readonly { x: number; y: number }[]): number {
  if (points.length === 0) throw new Error('no sizes, no cost per unit');
  const costs = points.map(({ x, y }) => y / x);
  return Math.max(...costs) / Math.min(...costs);
}

/** What one unit of x costs at the point where it is dearest: the largest (y − 1)/x, of the same points as `fit_slope_from_one`. */
export function worst_slope_from_one(points: readonly { x: number; y: number }[]): number {
  if (points.length === 0) throw new Error('no points, no slope');
  return Math.max(...points.map(({ x, y }) => (y - 1) / x));
}

/** @param freedom points less unknowns */
const error_of_slope = (residual: number, freedom: number, spread: number): number =>
  freedom > 0 ? Math.sqrt(residual / freedom / spread) : Number.POSITIVE_INFINITY;

/** Every distance between merged draws and exact ones, beside what the exact draws show against themselves. */
import { lower_factor, lower_inverse } from '../linear_algebra.ts';
import { variance } from '../moments.ts';
import { map_points, type Points, points_between, points_covariance, points_mean } from '../points.ts';
import { quantile } from '../quantiles.ts';
import { mahalanobis_distance } from './mahalanobis.ts';
import { marginal_distance } from './marginals.ts';
import { skewness_distance } from './skewness.ts';
import { type SliceOptions, sliced_distances } from './sliced.ts';

/** The first three as in arXiv 2406.11664; the last two between draws whitened by the exact covariance. */
export const distance_names = ['d_mah', 'd_iad', 'd_skew', 'sliced_wasserstein', 'energy'] as const;
export type DistanceName = (typeof distance_names)[number];

export interface DistanceRow {
  name: DistanceName;
  /** The median over the merged sets. */
  value: number;
  /** Standard deviation over the merged sets, of one run and not of the median; absent for one set. */
  sd?: number;
  /** Between the first and the second half of the exact draws. A value near it says only that the exact draws are too few. */
  floor: number;
}

/**
 * @param merged one set, or one for each seed of the method under test
 * @param exact draws in the order in which a chain gave them, if one did: neighbours in different halves would hide that they are correlated
 *
 * Whitened, a mere shift of the mean by d_mah is at sliced Wasserstein distance d_mah / √d. Throws Error for sets of different dimensions or
 * exact draws whose covariance is singular.
 */
export function distance_table(
  merged: readonly [Points, ...Points[]],
  exact: Points,
  options: SliceOptions,
): DistanceRow[] {
  const other = merged.find(({ dimension }) => dimension !== exact.dimension);
  if (other !== undefined) {
    throw new Error(`distance_table: ${other.dimension} quantities against ${exact.dimension} exact ones.`);
  }
  const both = both_coordinates(exact);
  const truth = both(exact);
  const measured = merged.map((points) => distances(both(points), truth, options));
  const middle = exact.count >> 1;
  const floors = distances(between(truth, 0, middle), between(truth, middle, exact.count), options);
  return distance_names.map((name) => {
    const values = Float64Array.from(measured, (found) => found[name]);
    const spread = values.length > 1 ? { sd: Math.sqrt(variance(values)) } : {};
    return { name, value: quantile(values.toSorted(), 0.5), ...spread, floor: floors[name] };
  });
}

/** Draws as they are, and whitened by the exact covariance. */
interface BothCoordinates {
  plain: Points;
  white: Points;
}

function distances(a: BothCoordinates, b: BothCoordinates, options: SliceOptions): Record<DistanceName, number> {
  return {
    d_mah: mahalanobis_distance(a.plain, b.plain),
    d_iad: marginal_distance(a.plain, b.plain),
    d_skew: skewness_distance(a.plain, b.plain),
    ...sliced_distances(a.white, b.white, options),
  };
}

/** Whitening takes the exact draws to mean 0 and covariance I; which rotation it takes is the same to both sliced distances. */
function both_coordinates(exact: Points): (points: Points) => BothCoordinates {
  const { dimension } = exact;
  const center = points_mean(exact);
  const factor = lower_factor(points_covariance(exact, center), dimension);
  const map = { matrix: lower_inverse(factor, dimension), center, shift: new Float64Array(dimension) };
  return (points) => ({ plain: points, white: map_points(points, map) });
}

const between = ({ plain, white }: BothCoordinates, from: number, to: number): BothCoordinates => ({
  plain: points_between(plain, from, to),
  white: points_between(white, from, to),
});

/** How far two sets of draws are apart in their means. */
import { lower_factor, lower_inverse, times_vector } from '../linear_algebra.ts';
import { type Points, points_covariance, points_mean } from '../points.ts';

/**
 * √((m_a − m_e)ᵀ V_e⁻¹ (m_a − m_e)), V_e the covariance of the exact draws: in standard deviations of the exact
 * distribution, whatever the units (d_MAH of arXiv 2406.11664). Not symmetric. Throws Error where V_e is singular.
 */
export function mahalanobis_distance(approximate: Points, exact: Points): number {
  const { dimension } = exact;
  const center = points_mean(exact);
  const whitening = lower_inverse(lower_factor(points_covariance(exact, center), dimension), dimension);
  const difference = points_mean(approximate).map((m, j) => m - (center[j] as number));
  return Math.hypot(...times_vector(whitening, difference));
}

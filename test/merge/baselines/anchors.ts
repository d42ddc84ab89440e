/** Anchor 1 of the reference page on merging: two Gaussians whose product is known. */
import type { Points } from '../../../src/diagnostics/points.ts';
import { exact_moments } from '../../diagnostics/distances/samples.ts';

/** Shards with exactly the two means and covariances. */
export const two_shards = (draws: number): Points[] => [
  exact_moments(1, draws, [1, 0], [1, 0.5, 0.5, 2]),
  exact_moments(2, draws, [0, 1], [2, -0.3, -0.3, 1]),
];

/** V⁻¹ = Σ₁⁻¹ + Σ₂⁻¹ = [[8/7 + 1/1.91, −2/7 + 0.3/1.91], [·, 4/7 + 2/1.91]], m = V ((8/7, −2/7) + (0.3, 2)/1.91). */
export const anchor = {
  mean: [0.8214285714285714, 0.5357142857142857],
  covariance: [0.6037946428571429, 0.047991071428571425, 0.047991071428571425, 0.6216517857142857],
};

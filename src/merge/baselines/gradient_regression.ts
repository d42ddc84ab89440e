/**
 * The product of Gaussians whose scores are fitted to the gradients of the shards' log densities: for shard b by least squares over its points
 *
 *     g ≈ h_b − H_b (θ − m_b),   H_b symmetric, m_b the mean of the points
 *
 * and merged N(m, P⁻¹) with P = Σ H_b, P m = Σ (h_b + H_b m_b). Exact for Gaussian shards whatever the points are and however few, since nothing in it is estimated from where they lie. On points of N(m, V)
 * it is E[g] and E[∇²] by Stein's identity, so that repeated on its own draws (rounds/gaussian_rounds.ts) it comes to rest at the Gaussian with the least divergence KL(q, ∏ p_b).
 */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import {
  lower_factor,
  lower_inverse,
  product,
  squared_pivots,
  symmetric_inverse,
  times_vector,
  transposed,
} from '../../diagnostics/linear_algebra.ts';
import { map_points, type Points, points_covariance, points_mean } from '../../diagnostics/points.ts';
import { UserError } from '../../model/user_error.ts';
import type { Gaussian } from './shards.ts';

/** A score that is linear: that of a Gaussian with this precision, if the precision is one. */
export interface LinearScore {
  /** [dimension] */
  center: Float64Array;
  /** [dimension] at the center. */
  slope: Float64Array;
  /** [dimension][dimension], symmetric; not always positive definite. */
  precision: Float64Array;
}

export interface GradientProduct extends Gaussian {
  /** Directions in which the fitted precision was below the least that is believed, and was put there. */
  held: number;
}

/** Points in coordinates u = L⁻¹ (θ − center), where they have mean 0 and covariance I. */
export interface WhitePoints {
  points: Points;
  center: Float64Array;
  factor: Float64Array;
  inverse: Float64Array;
}

/** Throws UserError where the points do not span every coordinate. */
export function white_points(points: Points, name: string): WhitePoints {
  const { count, dimension } = points;
  if (count <= dimension) {
    throw new UserError(
      `${name} has ${count} draws of ${dimension} parameters, too few to fit gradients to.\nGive at least ${dimension + 1}.`,
    );
  }
  const center = points_mean(points);
  const factor = lower_factor(points_covariance(points, center), dimension);
  const inverse = lower_inverse(factor, dimension);
  return {
    points: map_points(points, { matrix: inverse, center, shift: new Float64Array(dimension) }),
    ...{ center, factor, inverse },
  };
}

/**
 * The linear score nearest to the gradients, in the mean square of the gradient with respect to u; its choice makes the symmetric fit follow the parameters' units, and ½(K + Kᵀ) of the free fit K.
 *
 * @param gradients [point][dimension] with respect to θ
 */
export function fit_score({ points, center, factor, inverse }: WhitePoints, gradients: Float64Array): LinearScore {
  const { count, dimension } = points;
  const slope = points_mean({ count, dimension, values: gradients });
  // In u the gradient is Lᵀ g, and the points' covariance I with count − 1: the free fit is −Cov(Lᵀ g, u).
  const crossed = new Float64Array(dimension * dimension);
  for (let at = 0; at < points.values.length; at += dimension) {
    for (let j = 0; j < dimension; j++) {
      const g = (gradients[at + j] as number) - (slope[j] as number);
      const row = j * dimension;
      for (let k = 0; k < dimension; k++) {
        crossed[row + k] = (crossed[row + k] as number) - g * (points.values[at + k] as number);
      }
    }
  }
  const free = product(transposed(factor, dimension), crossed, dimension).map((x) => x / (count - 1));
  return { center, slope, precision: congruent(free, inverse, dimension) };
}

/**
 * The least precision that is believed, in coordinates where a reference has covariance I: a merge four times as wide as it. A fit below that, or below 0, comes of curvature that changes over the points
 * (tails, several modes), and would put the merge arbitrarily far away.
 */
const LEAST_PRECISION = 1 / 16;

/** Whether it is the score of a Gaussian. */
export const is_proper = ({ precision, center }: LinearScore) =>
  squared_pivots(precision, center.length).every((pivot) => pivot > 0);

/**
 * @param reference covariance that the merge should have roughly: of the shards' Gaussian product, or of the points. Absent: the sum is taken as it is, which scores that are proper allow
 */
export function gradient_product(scores: readonly LinearScore[], reference?: Float64Array): GradientProduct {
  const [first] = scores as [LinearScore];
  const size = first.center.length;
  const center = first.center;
  const total = new Float64Array(size * size);
  const pull = new Float64Array(size);
  for (const score of scores) {
    const back = times_vector(
      score.precision,
      center.map((c, j) => c - (score.center[j] as number)),
    );
    score.precision.forEach((p, at) => {
      total[at] = (total[at] as number) + p;
    });
    score.slope.forEach((h, j) => {
      pull[j] = (pull[j] as number) + h - (back[j] as number);
    });
  }
  const { precision, held } =
    reference === undefined ? { precision: total, held: 0 } : held_precision(total, reference, LEAST_PRECISION);
  const covariance = symmetric_inverse(precision, size);
  return { mean: times_vector(covariance, pull).map((x, j) => x + (center[j] as number)), covariance, held };
}

/**
 * The precision with its eigenvalues, in coordinates where `reference` is I, not below `least`. The same numbers where none is.
 */
export function held_precision(
  precision: Float64Array,
  reference: Float64Array,
  least: number,
): { precision: Float64Array; held: number } {
  const size = Math.sqrt(precision.length);
  const factor = lower_factor(reference, size);
  // With θ = L v and L·Lᵀ the reference, Lᵀ·P·L.
  const seen = congruent(precision, factor, size);
  const { realEigenvalues: values, eigenvectorMatrix: vectors } = new EigenvalueDecomposition(
    Matrix.from1DArray(size, size, seen),
    { assumeSymmetric: true },
  );
  const held = values.filter((value) => !(value >= least)).length;
  if (held === 0) return { precision, held };
  const scaled = vectors.clone().mulRowVector(values.map((value) => Math.sqrt(Math.max(value, least))));
  const raised = Float64Array.from(scaled.mmul(scaled.transpose()).to1DArray());
  return { precision: congruent(raised, lower_inverse(factor, size), size), held };
}

/** The symmetric part of bᵀ·a·b. */
function congruent(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const found = product(product(transposed(b, size), a, size), b, size);
  const other = transposed(found, size);
  return found.map((x, at) => (x + (other[at] as number)) / 2);
}

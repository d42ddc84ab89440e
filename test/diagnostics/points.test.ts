// Acceptance: closed forms up to rounding. Sums of n terms of size s lose less than n s ε, and 1e-12 relative is far above that here.
import { describe, expect, it } from 'vitest';
import { column, map_points, points_between, points_covariance, points_mean } from '../../src/diagnostics/points.ts';
import { normal_points } from './distances/samples.ts';

describe('points', () => {
  const points = { count: 3, dimension: 2, values: Float64Array.of(1, 10, 2, 20, 6, 0) };

  it('have columns, a mean and an unbiased covariance', () => {
    expect(Array.from(column(points, 1))).toEqual([10, 20, 0]);
    expect(Array.from(points_mean(points))).toEqual([3, 10]);
    // Deviations (−2, 0), (−1, 10), (3, −10).
    expect(Array.from(points_covariance(points))).toEqual([7, -20, -20, 100]);
    expect(Array.from(points_between(points, 1, 3).values)).toEqual([2, 20, 6, 0]);
  });

  it('keep their digits far from zero', () => {
    // 2⁴⁰ leaves 12 bits for fractions, so these quarters are exact, and so are their deviations.
    const near = normal_points(1, 500, 3);
    near.values.forEach((x, i) => {
      near.values[i] = Math.round(4 * x) / 4;
    });
    const far = { ...near, values: near.values.map((x) => x + 2 ** 40) };
    const wanted = points_covariance(near);
    points_covariance(far).forEach((c, i) => {
      expect(Math.abs(c - (wanted[i] as number))).toBeLessThan(1e-6);
    });
    points_mean(far).forEach((m, j) => {
      expect(m - 2 ** 40).toBeCloseTo(points_mean(near)[j] as number, 3);
    });
  });

  it('move as their moments do', () => {
    const map = {
      matrix: Float64Array.of(2, 1, 0, -1),
      center: Float64Array.of(3, 10),
      shift: Float64Array.of(100, 200),
    };
    const moved = map_points(points, map);
    expect(Array.from(moved.values)).toEqual([96, 200, 108, 190, 96, 210]);
    // A V Aᵀ with V above.
    expect(Array.from(points_covariance(moved))).toEqual([48, -60, -60, 100]);
  });

  it('say NaN where there is nothing to estimate', () => {
    const one = points_between(points, 0, 1);
    expect(Array.from(points_covariance(one))).toEqual(new Array(4).fill(Number.NaN));
    expect(Array.from(points_mean(points_between(points, 0, 0)))).toEqual([Number.NaN, Number.NaN]);
  });
});

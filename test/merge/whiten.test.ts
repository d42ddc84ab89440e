// Coordinates of the learned merge. Acceptance: float64 algebra stored in f32, 1e-5 of numbers of size 1 to 10.

import { expect, it } from 'vitest';
import { times_vector } from '../../src/diagnostics/linear_algebra.ts';
import { type Points, points_covariance, points_mean } from '../../src/diagnostics/points.ts';
import { whiten_shards } from '../../src/merge/whiten.ts';
import { normals } from './random_networks.ts';

const count = 500;

/** Draws of N(mean, L Lᵀ) with a long and a short axis. */
function shard(seed: number, shift: number): Points {
  const z = normals(seed, 2 * count);
  const values = Float64Array.from({ length: 2 * count }, (_, i) => {
    const [a, b] = [z[i - (i % 2)] as number, z[i - (i % 2) + 1] as number];
    return i % 2 === 0 ? 100 * shift + 20 * a : shift - 0.3 * a + 0.1 * b;
  });
  return { count, dimension: 2, values };
}

const gaussians = [shard(1, 1), shard(2, 1.4), shard(3, 0.7)];
// g = −Σ⁻¹(θ − μ) of the sample moments, by the 2 × 2 inverse.
const exact = (points: Points): Points => {
  const [m0 = 0, m1 = 0] = points_mean(points);
  const [a = 0, b = 0, , c = 0] = points_covariance(points);
  const determinant = a * c - b * b;
  const values = points.values.map((_, i) => {
    const [x, y] = [(points.values[i - (i % 2)] as number) - m0, (points.values[i - (i % 2) + 1] as number) - m1];
    return i % 2 === 0 ? (-c * x + b * y) / determinant : (b * x - a * y) / determinant;
  });
  return { ...points, values };
};

it('makes every shard white, and with it the gradients: those of a Gaussian are −x', () => {
  const { training } = whiten_shards(gaussians.map((draws) => ({ draws, gradients: exact(draws) })));
  for (const { rows, has_gradients } of training) {
    expect(has_gradients).toBe(true);
    const values = Float64Array.from({ length: 2 * count }, (_, i) => rows[Math.floor(i / 2) * 5 + (i % 2)] as number);
    const white: Points = { count, dimension: 2, values };
    points_mean(white).forEach((m) => {
      expect(Math.abs(m)).toBeLessThan(1e-5);
    });
    points_covariance(white).forEach((v, i) => {
      expect(Math.abs(v - Number(i % 3 === 0))).toBeLessThan(1e-5);
    });
    for (let i = 0; i < count; i++) {
      for (const d of [0, 1]) {
        expect(Math.abs((rows[5 * i + 2 + d] as number) + (rows[5 * i + d] as number))).toBeLessThan(1e-5);
      }
    }
  }
});

it('keeps log densities up to a constant, and says when gradients are not known', () => {
  const log_densities = Float64Array.from({ length: count }, (_, i) => 1e6 + i);
  const { training } = whiten_shards(gaussians.map((draws) => ({ draws, log_densities })));
  for (const { rows, has_gradients } of training) {
    expect(has_gradients).toBe(false);
    expect((rows[5 * 7 + 4] as number) - (rows[4] as number)).toBe(7);
  }
});

it('moves particles where the Gaussian product is white', () => {
  const { maps, center, root } = whiten_shards(gaussians.map((draws) => ({ draws })));
  // −½ Σ|A u + c|² must be −½|u|² up to a constant: Σ AᵀA = I and Σ Aᵀc = 0.
  const at = (b: number, i: number, j: number) => maps[(b * 2 + i) * 3 + j] as number;
  for (const i of [0, 1]) {
    for (const j of [0, 1, 2]) {
      let sum = 0;
      for (let b = 0; b < 3; b++) for (const k of [0, 1]) sum += at(b, k, i) * at(b, k, j);
      expect(Math.abs(sum - Number(i === j))).toBeLessThan(1e-5);
    }
  }
  // A draw of a shard comes back: x = A u + c is white, and θ = center + root u.
  const u = Float64Array.of(0.3, -1.1);
  const theta = times_vector(root, u).map((v, j) => v + (center[j] as number));
  const [first = { count: 0, dimension: 2, values: new Float64Array() }] = gaussians;
  const [m0 = 0, m1 = 0] = points_mean(first);
  const [a = 0, b = 0, , c = 0] = points_covariance(first);
  const [x, y] = [(theta[0] as number) - m0, (theta[1] as number) - m1];
  const distance = (c * x * x - 2 * b * x * y + a * y * y) / (a * c - b * b);
  const white = [0, 1].map((i) => at(0, i, 0) * 0.3 - at(0, i, 1) * 1.1 + at(0, i, 2));
  expect(white.reduce((sum, v) => sum + v * v, 0) / distance).toBeCloseTo(1, 5);
});

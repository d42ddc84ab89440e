// Acceptance: closed forms, of samples without chance where the closed form is of a distribution, else with z limits that all tests of this
// file together pass in all but one of 1e6 seeds.
import { describe, expect, it } from 'vitest';
import { kernel_density } from '../../../src/diagnostics/distances/kernel_density.ts';
import { mahalanobis_distance } from '../../../src/diagnostics/distances/mahalanobis.ts';
import { marginal_distance } from '../../../src/diagnostics/distances/marginals.ts';
import { skewness_distance } from '../../../src/diagnostics/distances/skewness.ts';
import { sliced_distances } from '../../../src/diagnostics/distances/sliced.ts';
import type { Points } from '../../../src/diagnostics/points.ts';
import type { Words } from '../../../src/random/threefry.ts';
import { normal_cdf } from '../../reference/normal_quantile.ts';
import { normal as log_normal } from '../../reference/special_functions.ts';
import { mean_of, variance_of, z_limit } from '../../reference/statistics.ts';
import { even_normals, exact_moments, line, normal_points, stretched } from './samples.ts';

const Z = z_limit(1e-6, 2);
const key: Words = [4, 5];
const normal = (x: number, mean: number, sd: number) => Math.exp(log_normal(x, mean, sd));

describe('d_MAH', () => {
  it('is the length of the shift in the exact covariance', () => {
    // V⁻¹ = [[8, −2], [−2, 4]] / 28 of V = [[4, 2], [2, 8]]; for (1, 3): (8 − 12 + 36) / 28.
    const exact = exact_moments(1, 50, [10, -5], [4, 2, 2, 8]);
    const other = exact_moments(2, 70, [11, -2], [1, 0, 0, 30]);
    expect(mahalanobis_distance(other, exact)).toBeCloseTo(Math.sqrt(32 / 28), 12);
  });
});

describe('d_skew', () => {
  it('is the mean difference of biased skewness', () => {
    // Of (0, 0, 0, 1): m₂ = 3/16, m₃ = 3/32, so skewness 2/√3; of −x/2 the negative; of (0, 1) none.
    const a = { count: 4, dimension: 2, values: Float64Array.of(0, 0, 0, 0, 0, 1, 1, 1) };
    const b = { count: 4, dimension: 2, values: Float64Array.of(0, 0, 0, 1, 0, 0, -0.5, 1) };
    expect(skewness_distance(a, b)).toBeCloseTo(2 / Math.sqrt(3), 14);
  });
});

describe('the kernel density', () => {
  // The walk multiplies at most 127 times in each direction: relative errors below 127² / 2 · ε = 2e-12.
  it.each([
    ['wide', 0.7],
    ['narrower than the grid', 0.01],
  ])('is the sum of kernels: %s', (_, bandwidth) => {
    const draws = normal_points(3, 200, 1).values.map((x) => 3 * x);
    const grid = { start: -4, step: 0.05, points: 128 };
    kernel_density(draws, bandwidth, grid).forEach((found, g) => {
      const wanted = mean_of(draws.map((x) => normal(grid.start + g * grid.step, x, bandwidth)));
      expect(Math.abs(found - wanted)).toBeLessThan(1e-11 * wanted + 1e-20);
    });
  });
});

describe('d_IAD', () => {
  const n = 4000;
  /** A normal sample's kernel density is nearly that of N(0, sd² (1 + n^(−2/5))). */
  const smoothed = (sd: number) => sd * Math.sqrt(1 + n ** -0.4);
  /** ½ ∫ |p − q| by the midpoint rule on 200 000 intervals. */
  const quadrature = (p: (x: number) => number, q: (x: number) => number) => {
    let sum = 0;
    for (let k = 0; k < 200_000; k++) {
      const x = -20 + (k + 0.5) * 2e-4;
      sum += Math.abs(p(x) - q(x));
    }
    return sum * 1e-4;
  };

  // The trapezoidal rule loses at most step² · jump of the slope / 12 at each of two crossings, of p − q with step 10/128 sd and slope ≤ 0.5: 3e-4 each,
  // halved; the sample misses a share of 1/n at its ends, 2.5e-4. Together below 1e-3.
  it.each([
    { shift: 0.5, sd: 1 },
    { shift: 0, sd: 1.5 },
    { shift: 2, sd: 0.6 },
  ])('is that of two normals, by quadrature: $shift, $sd', ({ shift, sd }) => {
    const x = even_normals(n);
    const found = marginal_distance(line(x), line(x.map((z) => shift + sd * z)));
    const wanted = quadrature(
      (t) => normal(t, 0, smoothed(1)),
      (t) => normal(t, shift, smoothed(sd)),
    );
    expect(Math.abs(found - wanted)).toBeLessThan(1e-3);
    if (sd === 1) expect(Math.abs(wanted - (2 * normal_cdf(shift / 2 / smoothed(1)) - 1))).toBeLessThan(1e-6);
  });

  it('is 0 for the same draws, 1 for sets apart, and a mean over coordinates', () => {
    const a = normal_points(5, 500, 2);
    expect(marginal_distance(a, a)).toBe(0);
    expect(marginal_distance(a, stretched(a, [1, 1], [30, 0]))).toBeCloseTo(0.5, 2);
    expect(marginal_distance(a, { ...a, values: a.values.map((x, i) => (i % 2 === 0 ? 1 : x)) })).toBeNaN();
  });
});

describe('the sliced distances', () => {
  it('of a shift are its length over √d', () => {
    // (u·δ)² has mean |δ|²/d and variance 2 (d − 1) / (d² (d + 2)) · |δ|⁴ for uniform u; the mean over 4096 directions is normal.
    const d = 5;
    const a = normal_points(6, 40, d);
    const shift = [0.3, -0.2, 0.5, 0, 1];
    const squared = shift.reduce((sum, s) => sum + s * s, 0);
    const b = stretched(a, new Array(d).fill(1), shift);
    const found = sliced_distances(a, b, { key, directions: 4096 }).sliced_wasserstein ** 2;
    const se = squared * Math.sqrt((2 * (d - 1)) / (d * d * (d + 2)) / 4096);
    expect(Math.abs(found - squared / d)).toBeLessThan(Z * se);
  });

  it('of one quantity need no directions: normals of another mean and spread', () => {
    // W₂² = δ² + (σ − 1)² · mean z². Energy: 2 E|N(δ, 2)| − 2 E|N(0, 2)|. The sample's distribution function is off by ≤ 1/2n everywhere, so
    // the squared energy by ≤ 2 (2 δ / n + range / n²).
    const n = 2000;
    const z = even_normals(n);
    const [delta, sigma] = [0.7, 1.3];
    const moved = sliced_distances(line(z), line(z.map((x) => delta + sigma * x)), { key });
    const second = mean_of(z.map((x) => x * x));
    expect(moved.sliced_wasserstein).toBeCloseTo(Math.hypot(delta, (sigma - 1) * Math.sqrt(second)), 12);
    const shifted = sliced_distances(line(z), line(z.map((x) => delta + x)), { key });
    const length =
      (2 / Math.sqrt(Math.PI)) * Math.exp((-delta * delta) / 4) + delta * (2 * normal_cdf(delta / Math.SQRT2) - 1);
    const wanted = 2 * length - 4 / Math.sqrt(Math.PI);
    expect(Math.abs(shifted.energy ** 2 - wanted)).toBeLessThan((4 * delta) / n + 16 / n ** 2);
  });

  it('give the energy distance of all pairs, whatever the dimension', () => {
    // One direction per key is an unbiased estimate of the squared distance; 1000 of them are averaged.
    const [a, b] = [normal_points(7, 60, 3), stretched(normal_points(8, 45, 3), [1, 2, 1], [0.5, 0, 0])];
    const mean_length = (p: Points, q: Points) => {
      let sum = 0;
      for (let i = 0; i < p.count; i++) {
        for (let k = 0; k < q.count; k++) {
          const at = [0, 1, 2].map((j) => (p.values[3 * i + j] as number) - (q.values[3 * k + j] as number));
          sum += Math.hypot(...at);
        }
      }
      return sum / (p.count * q.count);
    };
    const wanted = 2 * mean_length(a, b) - mean_length(a, a) - mean_length(b, b);
    const single = Array.from(
      { length: 1000 },
      (_, k) => sliced_distances(a, b, { key: [9, k], directions: 1 }).energy ** 2,
    );
    const se = Math.sqrt(variance_of(single) / single.length);
    expect(Math.abs(mean_of(single) - wanted)).toBeLessThan(Z * se);
  });

  it('are symmetric, 0 for the same draws in another order, and scale with the units', () => {
    const [a, b] = [normal_points(10, 64, 4), normal_points(11, 50, 4)];
    const there = sliced_distances(a, b, { key });
    expect(sliced_distances(b, a, { key })).toEqual(there);
    const reversed = { ...a, values: Float64Array.from(rows(a).reverse().flat()) };
    expect(sliced_distances(a, reversed, { key })).toEqual({ sliced_wasserstein: 0, energy: 0 });
    const [large_a, large_b] = [a, b].map((p) => stretched(p, [4, 4, 4, 4], [0, 0, 0, 0])) as [Points, Points];
    const large = sliced_distances(large_a, large_b, { key });
    // Powers of two change no digits; the energy's root does, by √4.
    expect(large.sliced_wasserstein).toBe(4 * there.sliced_wasserstein);
    expect(large.energy).toBe(2 * there.energy);
  });
});

const rows = ({ count, dimension, values }: Points) =>
  Array.from({ length: count }, (_, i) => Array.from(values.subarray(i * dimension, (i + 1) * dimension)));

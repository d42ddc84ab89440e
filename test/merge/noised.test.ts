// Acceptance: with μ and Σ those of the draws, noise leaves their mean and covariance as they are at every time, but for chance: of 20 000 draws, means are off by 1/√20000 = 0.007 sd and
// variances by √2 of that; 0.04 are four and more. What is kept of a draw is a(t) = exp(−0.05 t − 4.975 t²) (arXiv 2406.11664), its correlation with what it becomes.
import { expect, it } from 'vitest';
import { column, points_covariance, points_mean } from '../../src/diagnostics/points.ts';
import { noised_draws } from '../../src/merge/noised.ts';
import { exact_moments } from '../diagnostics/distances/samples.ts';

const mean = [3, -1];
const covariance = [4, 1.5, 1.5, 1];
const draws = exact_moments(5, 20_000, mean, covariance);
const own = { mean: Float64Array.from(mean), covariance: Float64Array.from(covariance) };

it.each([
  [0, 1],
  [0.2, Math.exp(-0.05 * 0.2 - 4.975 * 0.04)],
  [1, 0.00657],
])('noise of time %f keeps moments, and %f of every draw', (time, keep) => {
  const noised = noised_draws(draws, own, time, [8, 9]);
  points_mean(noised).forEach((m, j) => {
    expect(Math.abs(m - (mean[j] as number))).toBeLessThan(0.04 * Math.sqrt(covariance[3 * j] as number));
  });
  const sd = [2, 1];
  points_covariance(noised).forEach((c, at) => {
    const scale = (sd[at >> 1] as number) * (sd[at % 2] as number);
    expect(Math.abs(c - (covariance[at] as number))).toBeLessThan(0.04 * scale);
  });
  const [before, after] = [column(draws, 0), column(noised, 0)];
  const together = before.reduce((sum, x, i) => sum + (x - 3) * ((after[i] as number) - 3), 0) / (4 * draws.count);
  expect(Math.abs(together - keep)).toBeLessThan(0.04);
});

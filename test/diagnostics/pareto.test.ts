// Acceptance. The fit, against the distribution itself: Zhang and Stephens' estimate of the shape k has standard error about (1 + k)/√n for n exceedances; with
// n = 4000 and the prior's pull of 10 draws that is 0.03 and less, and 5 standard errors and the pull, (½ − k)·10/4010, are allowed: one of the five cases fails for one seed in a million. The weights: a Pareto tail of importance ratios
// 1/u^k has shape k by construction, seen through 3√n of n draws: standard error (1 + k)/√(3√n), 0.08 at n = 40 000; again 5 of them. A flat maximum below the tail: one fit for both, of 3√n exceedances as they are, has k̂ of 3 to 4 at 4000 draws and up to 5 at 8000 (measured),
// that of the tail proper 0.3 to 0.6, of which 0.7 is two standard errors away: fixed draws. Where the tail is a Pareto one, of 120 draws the few that are as good as equal to the threshold are left out: each moves the estimate by (1 + k)/120,
// and 5 are allowed; a threshold that rose would leave out dozens. Of 400 tails 0.4 are refused by their distance at the most, and about as many by their shape (in the normal limit). All else is exact.
import { expect, it } from 'vitest';
import { largest_k_hat, smoothed_weights } from '../../src/diagnostics/pareto.ts';
import { fit_pareto } from '../../src/diagnostics/pareto_fit.ts';
import { normals_at } from '../../src/random/normals.ts';
import { uniform_at } from '../../src/random/threefry.ts';

const uniforms = (seed: number, count: number) =>
  Float64Array.from({ length: count }, (_, i) => uniform_at([seed, 5], 0, 0, i));
const sum = (values: Float64Array) => values.reduce((all, x) => all + x, 0);

it.each([-0.3, 0, 0.3, 0.7, 1.2])('finds the shape %d of a generalised Pareto distribution, in any unit', (k) => {
  const count = 4000;
  const sorted = uniforms(1, count)
    .map((u) => 3 * (k === 0 ? -Math.log(u) : (u ** -k - 1) / k))
    .sort();
  const { shape, scale } = fit_pareto(sorted);
  expect(Math.abs(shape - k)).toBeLessThan((5 * (1 + Math.abs(k))) / Math.sqrt(count) + Math.abs(0.5 - k) * 0.0025);
  // The scale's relative error is about √(2/n)(1 + k).
  expect(Math.abs(scale / 3 - 1)).toBeLessThan(5 * (1 + Math.abs(k)) * Math.sqrt(2 / count));
  const other = fit_pareto(sorted.map((x) => x * 1e-9));
  expect(other.shape).toBeCloseTo(shape, 9);
  expect(other.scale / scale / 1e-9).toBeCloseTo(1, 9);
});

it.each([0.2, 0.5, 0.9])('sees the tail of importance weights of shape %d', (k) => {
  const count = 40_000;
  const log_weights = uniforms(2, count).map((u) => -k * Math.log(u) - 700);
  const { weights, k_hat } = smoothed_weights(log_weights);
  const tail = 3 * Math.sqrt(count);
  expect(Math.abs(k_hat - k)).toBeLessThan((5 * (1 + k)) / Math.sqrt(tail) + (0.5 * 10) / tail);
  expect(sum(weights)).toBeCloseTo(1, 12);
  // Order is kept, and no weight is beyond the largest that was seen.
  const order = Array.from(log_weights, (_, i) => i).sort(
    (a, b) => (log_weights[a] as number) - (log_weights[b] as number),
  );
  for (let n = 1; n < count; n++)
    expect(weights[order[n] as number]).toBeGreaterThanOrEqual(weights[order[n - 1] as number] as number);
});

it('leaves the bulk of the weights in proportion, and estimates better than raw weights', () => {
  // Target N(0, 1.4²) by draws of N(0, 1): the variance of the weights is infinite, k = 1 − 1/1.96 = 0.49.
  const error = (smooth: boolean) => {
    let squared = 0;
    for (let run = 0; run < 40; run++) {
      const z = normals_at([3, run], 0, 0, 1000);
      const log_weights = z.map((x) => (x * x) / 2 - (x * x) / 2 / 1.96);
      const raw = log_weights.map(Math.exp);
      const w = smooth ? smoothed_weights(log_weights).weights : raw.map((x) => x / sum(raw));
      squared += (sum(w.map((x, i) => x * (z[i] as number) ** 2)) - 1.96) ** 2;
    }
    return squared;
  };
  expect(error(true)).toBeLessThan(error(false));
  const log_weights = Float64Array.from(normals_at([4, 0], 0, 0, 1000));
  const { weights } = smoothed_weights(log_weights);
  const sorted = log_weights.toSorted();
  const below = Array.from(log_weights, (w, i) => [w, weights[i] as number] as const).filter(
    ([w]) => w < (sorted[800] as number),
  );
  const ratio = below.map(([w, smoothed]) => smoothed / Math.exp(w));
  expect(Math.max(...ratio) / Math.min(...ratio)).toBeCloseTo(1, 10);
});

it('is not taken in by a flat maximum just above the weights that make the tail', () => {
  // lw has its local maximum at 0, of density 32 (p + 1 − e^p) + p²/(2v), a Gaussian's draws for a rare event's logit: next to weights that differ by 1e-4 is the tail proper, of p < 0.
  for (const count of [4000, 8000, 20_000]) {
    const z = normals_at([5, 6], 0, 0, count);
    for (const variance of [0.0305, 0.0309, 0.03137, 0.0317]) {
      const log_weights = z.map((u) => {
        const p = -5.7573 + Math.sqrt(variance) * u;
        return 32 * p - 10_004 * Math.log1p(Math.exp(p)) + (u * u) / 2;
      });
      const { weights, k_hat } = smoothed_weights(log_weights);
      expect(1 / sum(weights.map((w) => w * w)) / count).toBeGreaterThan(0.95);
      expect(k_hat, `${count} draws, variance ${variance}`).toBeLessThan(0.7);
    }
  }
});

it('sees a heavy tail behind a flat maximum', () => {
  // Of 4000 draws 190 are the tail of 3√n: 95 as good as equal, then as many of shape 1.2.
  const log_weights = uniforms(7, 4000).map((u, i) => {
    if (i < 95) return Math.log(2 + u ** -1.2);
    return i < 190 ? Math.log(2 + 1e-5 * u) : Math.log(1 + u);
  });
  expect(smoothed_weights(log_weights).k_hat).toBeGreaterThan(0.9);
});

it('does not look for another tail where there is a Pareto one', () => {
  for (let run = 0; run < 400; run++) {
    const k = [-0.2, 0.3, 0.8][run % 3] as number;
    const ratios = uniforms(100 + run, 1600).map((u) => (u ** -k - 1) / k);
    const sorted = ratios.toSorted();
    const top = sorted.at(-1) as number;
    const cutoff = (sorted[1479] as number) / top;
    const { shape } = fit_pareto(sorted.subarray(1480).map((w) => w / top - cutoff));
    const change = Math.abs(smoothed_weights(ratios.map(Math.log)).k_hat - shape);
    expect(change).toBeLessThan((5 * (1 + Math.abs(k))) / 120);
  }
});

it('knows equal weights, weights of zero and too few', () => {
  expect(smoothed_weights(new Float64Array(100).fill(-3))).toEqual({
    weights: new Float64Array(100).fill(1 / 100),
    k_hat: -Infinity,
  });
  expect(smoothed_weights(Float64Array.of(0, 1)).k_hat).toBe(Infinity);
  const { weights } = smoothed_weights(Float64Array.from({ length: 200 }, (_, i) => (i % 2 ? -Infinity : i / 100)));
  expect(weights[1]).toBe(0);
  expect(sum(weights)).toBeCloseTo(1, 12);
  expect(() => smoothed_weights(new Float64Array(10).fill(-Infinity))).toThrow(/no weight is finite/);
  expect(largest_k_hat(10_000)).toBe(0.7);
  expect(largest_k_hat(100)).toBe(0.5);
});

// Acceptance: one and two normals by hand and by the tables of the normal distribution, to rounding (1e-12; Φ from a table 1e-9); calibrated predictions cover what they say to 4 standard errors.
import { describe, expect, it } from 'vitest';
import { normal_quantile } from '../../src/diagnostics/normal_quantile.ts';
import { apart, coverage_levels, predicted, predictive_scores } from '../../src/diagnostics/predictive.ts';
import { uniform_at } from '../../src/random/threefry.ts';

const normal = (step: number, i: number) => normal_quantile(uniform_at([7, 11], 3, step, i));
const log_normal = (y: number, m: number, v: number) =>
  -0.5 * ((y - m) / v) ** 2 - Math.log(v * Math.sqrt(2 * Math.PI));

describe('predictions by a mixture of normals', () => {
  it('of one draw are that normal', () => {
    const found = predicted(13, [10], [2], [1]);
    expect(found.log_density).toBeCloseTo(log_normal(13, 10, 2), 12);
    expect(found).toMatchObject({ observed: 13, mean: 10, sd: 2 });
    expect(found.below).toBeCloseTo(0.9331927987311419, 12); // Φ(1.5)
  });

  it('of two draws mix densities, not their logs, by the weights', () => {
    const found = predicted(1, [0, 4], [1, 2], [0.75, 0.25]);
    const [a, b] = [Math.exp(-0.5) / Math.sqrt(2 * Math.PI), Math.exp(-1.125) / Math.sqrt(8 * Math.PI)];
    expect(found.log_density).toBeCloseTo(Math.log(0.75 * a + 0.25 * b), 12);
    expect(found.mean).toBeCloseTo(1, 12);
    // Within: 0.75·1 + 0.25·4; between: 0.75·1 + 0.25·9.
    expect(found.sd).toBeCloseTo(Math.sqrt(1.75 + 3), 12);
    expect(found.below).toBeCloseTo(0.75 * 0.8413447460685429 + 0.25 * 0.06680720126885807, 9); // Φ(1), Φ(−1.5)
  });

  it('stay finite where every draw is far off', () => {
    const { log_density, below } = predicted(1000, [0, 1], [1, 1], [0.5, 0.5]);
    expect(log_density).toBeCloseTo(log_normal(1000, 1, 1) + Math.log(0.5), 6);
    expect(below).toBe(1);
  });

  it('a draw without weight does not count', () => {
    expect(predicted(1, [0, 50], [1, 1], [1, 0])).toEqual(predicted(1, [0], [1], [1]));
  });
});

describe('scores', () => {
  // z = 0.5, −1.7 and 2.5: inside 50 % (|z| < 0.674), 90 % (1.645) and 95 % (1.960) one, one and two of three.
  const rows = [0.5, -1.7, 2.5].map((z) => predicted(3 * z, [0], [3], [1]));

  it('are means over the observations', () => {
    const { nll, nll_se, rmse, coverage, ece } = predictive_scores(rows);
    const terms = [0.5, -1.7, 2.5].map((z) => -log_normal(3 * z, 0, 3));
    const mean = terms.reduce((a, b) => a + b) / 3;
    expect(nll).toBeCloseTo(mean, 12);
    expect(nll_se).toBeCloseTo(Math.sqrt(terms.reduce((s, t) => s + (t - mean) ** 2, 0) / 2 / 3), 12);
    expect(rmse).toBeCloseTo(3 * Math.sqrt((0.25 + 2.89 + 6.25) / 3), 12);
    expect(coverage_levels).toEqual([0.5, 0.9, 0.95]);
    coverage.forEach((part, i) => {
      expect(part).toBeCloseTo(([1, 1, 2][i] as number) / 3, 12);
    });
    // Levels of the intervals that just hold them: 0.383, 0.911 and 0.988; so a third is inside from 0.40 to 0.90 and two thirds at 0.95.
    const levels = Array.from({ length: 19 }, (_, i) => (i + 1) / 20);
    const inside = (level: number) => (level < 0.383 ? 0 : level < 0.911 ? 1 / 3 : 2 / 3);
    expect(ece).toBeCloseTo(levels.reduce((sum, level) => sum + Math.abs(inside(level) - level), 0) / 19, 12);
  });

  it('cover what they say where data are drawn from the predictions', () => {
    const count = 4000;
    const drawn = Array.from({ length: count }, (_, i) => {
      const means = [normal(0, i), normal(1, i)];
      const sds = [0.5, 2];
      const s = uniform_at([7, 11], 3, 2, i) < 0.3 ? 0 : 1;
      return predicted((means[s] as number) + (sds[s] as number) * normal(3, i), means, sds, [0.3, 0.7]);
    });
    predictive_scores(drawn).coverage.forEach((part, i) => {
      const level = coverage_levels[i] as number;
      expect(Math.abs(part - level)).toBeLessThan(4 * Math.sqrt((level * (1 - level)) / count));
    });
  });

  it('a distance between predictions is in sds of the others', () => {
    const moved = rows.map(({ observed }) => predicted(observed, [1.5], [6], [1]));
    expect(apart(moved, rows).mean_apart).toBeCloseTo(0.5, 12);
    expect(apart(moved, rows).sd_ratio).toBeCloseTo(2, 12);
    expect(apart(rows, rows)).toEqual({ mean_apart: 0, sd_ratio: 1 });
  });
});

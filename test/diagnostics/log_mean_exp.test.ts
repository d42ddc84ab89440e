// Acceptance: identities in float64, 1e-9. The standard error is compared with 4 000 replications of R = 30 log-normal
// estimates with sd 0.3 at a fixed seed: the empirical sd has relative error 1.1 %, the delta method's own bias at this
// spread is about 2 % (it averages below the truth, since sd(w) is skewed); 4 × 1.1 % + 2 % = 6.4 %, false alarm 1e-4.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { log_mean_exp } from '../../src/diagnostics/log_mean_exp.ts';
import { normals } from '../data/report_fixture.ts';

describe('log_mean_exp', () => {
  it('is the plain formula where that does not overflow, and moves with a shift where it would', () => {
    const values = fc.array(fc.double({ min: -20, max: 20, noNaN: true }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(values, fc.constantFrom(0, 5000, -90_000), (x, shift) => {
        const plain = Math.log(x.reduce((sum, v) => sum + Math.exp(v), 0) / x.length);
        expect(Math.abs(log_mean_exp(x.map((v) => v + shift)).value - shift - plain)).toBeLessThan(1e-9);
      }),
    );
  });

  it('estimates its own standard error', () => {
    const normal = normals(424_242);
    const runs = Array.from({ length: 4000 }, () =>
      log_mean_exp(Array.from({ length: 30 }, () => -500 + 0.3 * normal())),
    );
    const mean = runs.reduce((sum, { value }) => sum + value, 0) / runs.length;
    const sd = Math.sqrt(runs.reduce((sum, { value }) => sum + (value - mean) ** 2, 0) / (runs.length - 1));
    const claimed = Math.sqrt(runs.reduce((sum, { se }) => sum + se ** 2, 0) / runs.length);
    expect(Math.abs(claimed / sd - 1)).toBeLessThan(0.064);
    const spread = Math.sqrt(runs.reduce((sum, run) => sum + run.sd ** 2, 0) / runs.length);
    // Pooled over 4 000 × 29 degrees of freedom: relative error 0.2 %.
    expect(Math.abs(spread / 0.3 - 1)).toBeLessThan(0.01);
  });

  it('takes −∞ as zero and says nothing about the error of one value', () => {
    expect(log_mean_exp([Number.NEGATIVE_INFINITY, Math.log(4)]).value).toBeCloseTo(Math.log(2), 12);
    expect(log_mean_exp([Number.NEGATIVE_INFINITY, Math.log(4)]).sd).toBeNaN();
    expect(log_mean_exp([Number.NEGATIVE_INFINITY]).value).toBe(Number.NEGATIVE_INFINITY);
    expect(log_mean_exp([3])).toEqual({ value: 3, se: Number.NaN, sd: Number.NaN });
    expect(() => log_mean_exp([])).toThrow('no values');
  });
});

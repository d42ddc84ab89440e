// Acceptance: float64 against naive formulas or identities that hold exactly; 1e-9 relative leaves room for another order
// of summation over at most 60 terms.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  effective_sample_size,
  resample_indices,
  weighted_mean,
  weighted_quantiles,
  weighted_sd,
} from '../../src/diagnostics/weighted.ts';

const value = fc.double({ min: -1e3, max: 1e3, noNaN: true });
/** Includes zeros, one giant and denormal weights. */
const weight = fc.oneof(fc.double({ min: 0.01, max: 1, noNaN: true }), fc.constantFrom(0, 1e6, 5e-324));
const sample = fc
  .array(fc.record({ value, weight }), { minLength: 1, maxLength: 60 })
  .filter((rows) => rows.some((row) => row.weight >= 0.01))
  .map((rows) => ({ values: rows.map((row) => row.value), weights: rows.map((row) => row.weight) }));
const probability = fc.double({ min: 0, max: 1, noNaN: true });

describe('weighted moments', () => {
  it('equal those of the sample with every draw repeated as often as its whole weight says', () => {
    const counts = fc.array(fc.record({ value, count: fc.integer({ min: 0, max: 5 }) }), {
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(
        counts.filter((rows) => rows.some(({ count }) => count > 0)),
        (rows) => {
          const repeated = rows.flatMap((row) => new Array<number>(row.count).fill(row.value));
          const weighted = { values: rows.map((row) => row.value), weights: rows.map((row) => row.count) };
          const mean = repeated.reduce((sum, x) => sum + x, 0) / repeated.length;
          const variance = repeated.reduce((sum, x) => sum + (x - mean) ** 2, 0) / repeated.length;
          expect(Math.abs(weighted_mean(weighted) - mean)).toBeLessThan(1e-9);
          expect(Math.abs(weighted_sd(weighted) - Math.sqrt(variance))).toBeLessThan(1e-9);
        },
      ),
    );
  });

  it('ignore draws of weight zero even when they are not finite', () => {
    const weighted = { values: [1, Number.POSITIVE_INFINITY, 3, Number.NaN], weights: [1, 0, 1, 0] };
    expect(weighted_mean(weighted)).toBe(2);
    expect(weighted_sd(weighted)).toBe(1);
    expect(weighted_quantiles(weighted, [0, 0.5, 1])).toEqual([1, 2, 3]);
    expect(() => weighted_mean({ values: [1], weights: [0] })).toThrow('positive sum');
  });
});

describe('weighted quantiles', () => {
  it('are type 7 (R, NumPy) for equal weights', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 40 }), probability, (values, p) => {
        const sorted = [...values].sort((a, b) => a - b);
        const h = p * (sorted.length - 1);
        const below = sorted[Math.floor(h)] ?? 0;
        const above = sorted[Math.min(sorted.length - 1, Math.floor(h) + 1)] ?? 0;
        const expected = below + (h - Math.floor(h)) * (above - below);
        expect(Math.abs((weighted_quantiles({ values }, [p])[0] ?? 0) - expected)).toBeLessThan(1e-9);
      }),
    );
  });

  it('never decrease in p, stay within the draws, and follow an increasing map at the ends', () => {
    fc.assert(
      fc.property(sample, fc.array(probability, { minLength: 2, maxLength: 8 }), ({ values, weights }, ps) => {
        const sorted = [...ps].sort((a, b) => a - b);
        const quantiles = weighted_quantiles({ values, weights }, sorted);
        const used = values.filter((_, i) => (weights[i] ?? 0) > 0);
        quantiles.forEach((q, i) => {
          expect(q).toBeGreaterThanOrEqual(
            Math.max(Math.min(...used), quantiles[i - 1] ?? Number.NEGATIVE_INFINITY) - 1e-9,
          );
          expect(q).toBeLessThanOrEqual(Math.max(...used));
        });
        expect(weighted_quantiles({ values: values.map((x) => 3 * x - 1), weights }, [0, 1])).toEqual(
          weighted_quantiles({ values, weights }, [0, 1]).map((x) => 3 * x - 1),
        );
      }),
    );
  });

  it('mirror when the values do, and do not depend on the order of the draws', () => {
    fc.assert(
      fc.property(sample, ({ values, weights: all }) => {
        // Denormal weights put jumps into the quantile function, where a median may be either end.
        const weights = all.map((w) => (w < 0.01 ? 0 : w));
        const median = weighted_quantiles({ values, weights }, [0.5])[0] ?? 0;
        const mirrored = weighted_quantiles({ values: values.map((x) => -x), weights }, [0.5])[0] ?? 0;
        const turned =
          weighted_quantiles({ values: [...values].reverse(), weights: [...weights].reverse() }, [0.5])[0] ?? 0;
        // Weights of 1e6 beside 0.01: positions rounded to 1e-9 are off by 1e-7 of a gap of at most 2e3.
        expect(Math.abs(median + mirrored)).toBeLessThan(2e-4);
        expect(Math.abs(median - turned)).toBeLessThan(2e-4);
      }),
    );
  });
});

describe('the effective sample size of weights', () => {
  it('is the number of draws for equal weights, one for a single giant, and does not see the scale', () => {
    expect(effective_sample_size(new Float64Array(37).fill(0.2))).toBeCloseTo(37, 10);
    expect(effective_sample_size([0, 1e30, 0])).toBe(1);
    fc.assert(
      fc.property(sample, ({ weights }) => {
        const ess = effective_sample_size(weights);
        expect(ess).toBeGreaterThanOrEqual(1 - 1e-12);
        expect(ess).toBeLessThanOrEqual(weights.length + 1e-9);
        expect(effective_sample_size(weights.map((w) => 8 * w))).toBeCloseTo(ess, 9);
      }),
    );
  });
});

describe('systematic resampling', () => {
  it('gives every draw within one of its expected copies, in order', () => {
    fc.assert(
      fc.property(
        sample,
        fc.integer({ min: 1, max: 100 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        ({ weights }, n, u) => {
          const indices = Array.from(resample_indices(weights, n, u));
          const total = weights.reduce((sum, w) => sum + w, 0);
          expect(indices).toEqual([...indices].sort((a, b) => a - b));
          weights.forEach((w, i) => {
            const copies = indices.filter((index) => index === i).length;
            expect(Math.abs(copies - (n * w) / total)).toBeLessThan(1 + 1e-9);
          });
        },
      ),
    );
  });
});

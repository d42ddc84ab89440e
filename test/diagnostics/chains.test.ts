// Acceptance: exact where values are only moved or counted; elsewhere bounds derived beside the test.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { autocorrelation, mean_autocovariance } from '../../src/diagnostics/autocovariance.ts';
import { beta_quantile } from '../../src/diagnostics/beta_quantile.ts';
import { split_chains, vary } from '../../src/diagnostics/chains.ts';
import { fourier_transform } from '../../src/diagnostics/fft.ts';
import { mean, variance } from '../../src/diagnostics/moments.ts';
import { normal_quantile } from '../../src/diagnostics/normal_quantile.ts';
import { quantile } from '../../src/diagnostics/quantiles.ts';
import { average_ranks, normal_scores } from '../../src/diagnostics/ranks.ts';
import { sort } from '../../src/diagnostics/sort.ts';
import { normal_magnitude } from '../reference/normal_quantile.ts';

const value = fc.double({ min: -1e3, max: 1e3, noNaN: true });
const chain = (length: number) =>
  fc.array(value, { minLength: length, maxLength: length }).map((x) => Float64Array.from(x));
const chains = fc
  .record({ count: fc.integer({ min: 1, max: 5 }), length: fc.integer({ min: 1, max: 40 }) })
  .chain(({ count, length }) => fc.array(chain(length), { minLength: count, maxLength: count }));

describe('chains', () => {
  it('are split in halves without the middle draw', () => {
    fc.assert(
      fc.property(chains, (given) => {
        const halves = split_chains(given);
        const draws = given[0]?.length as number;
        if (draws === 1) {
          expect(halves).toEqual(given);
          return;
        }
        expect(halves).toHaveLength(2 * given.length);
        given.forEach((whole, c) => {
          const middle = draws % 2 === 1 ? [whole[(draws - 1) / 2] as number] : [];
          expect([...(halves[2 * c] ?? []), ...middle, ...(halves[2 * c + 1] ?? [])]).toEqual(Array.from(whole));
        });
      }),
    );
  });

  it('are refused where they are not equally long, or where there are none', () => {
    const unequal = [new Float64Array(5), new Float64Array(5), new Float64Array(4)];
    expect(() => split_chains(unequal)).toThrow('the first has 5 draws, number 3 has 4; all must be equally long');
    expect(() => vary(unequal)).toThrow('equally long');
    expect(() => vary([])).toThrow('there is none');
  });
});

describe('sorting', () => {
  it('is that of comparison, keeps the order of equals, and puts NaN last', () => {
    const odd = fc.constantFrom(0, -0, Number.NaN, -Number.NaN, 1 / 0, -1 / 0, 5e-324, -5e-324, 2 ** -1022, 0.1, -0.1);
    const any = fc.array(fc.oneof(fc.double(), odd, fc.float(), fc.integer()), { maxLength: 300 });
    fc.assert(
      fc.property(any, (given) => {
        const x = Float64Array.from(given);
        // The engine's own sort is stable and, as here, puts −0 before 0.
        const above = (a: number, b: number) => {
          if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
          return a < b ? -1 : a > b ? 1 : Number(Object.is(b, -0)) - Number(Object.is(a, -0));
        };
        const expected = Array.from(x, (_, i) => i).sort((i, j) => above(x[i] as number, x[j] as number));
        const { values, order } = sort(x);
        expect(Array.from(order)).toEqual(expected);
        expect(Array.from(values)).toEqual(expected.map((i) => x[i]));
      }),
      { examples: [[[Number.NaN, 1, -Number.NaN, Number.NaN, -Number.NaN, -1]]] },
    );
  });
});

describe('ranks', () => {
  it('are one more than the draws below, and half of those equal', () => {
    // Few distinct values, so that ties are common.
    const tied = chains.map((given) => given.map((x) => x.map((v) => Math.round(v / 200))));
    fc.assert(
      fc.property(tied, (given) => {
        const all = given.flatMap((x) => Array.from(x));
        const expected = given.map((x) =>
          Array.from(x, (v) => all.filter((w) => w < v).length + (all.filter((w) => w === v).length + 1) / 2),
        );
        expect(average_ranks(given).map((x) => Array.from(x))).toEqual(expected);
      }),
    );
  });

  it('make normal scores that any increasing map of the draws leaves as they are', () => {
    fc.assert(
      fc.property(chains, (given) => {
        const rounded = given.map((x) => x.map((v) => Math.round(v)));
        const scores = normal_scores(rounded);
        expect(normal_scores(rounded.map((x) => x.map((v) => v ** 3 + v)))).toEqual(scores);
      }),
    );
    expect(normal_scores([Float64Array.of(1, Number.NaN, 3)])[0]?.[1]).toBeNaN();
  });
});

describe('the normal quantile', () => {
  // Wichura gives about 1e-16 relative; the reference's own series about 1e-15, and one more for the bisection's last bit.
  it('is that of an independent formula to 4e-15', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-300, max: 0.4999, noNaN: true }), (p) => {
        const expected = -normal_magnitude(p, 0.5 - p);
        expect(Math.abs(normal_quantile(p) / expected - 1)).toBeLessThan(4e-15 * Math.max(1, 0.5 / Math.abs(expected)));
      }),
      { numRuns: 300 },
    );
  });

  it('has its ends, its middle and its symmetry', () => {
    expect([0, 0.5, 1].map(normal_quantile)).toEqual([Number.NEGATIVE_INFINITY, 0, Number.POSITIVE_INFINITY]);
    expect([-1e-9, 1.1, Number.NaN].map(normal_quantile)).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    // 1 − p is exact for multiples of 2⁻⁵³.
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 52 }), (k) => {
        const p = k / 2 ** 53;
        expect(normal_quantile(1 - p) + normal_quantile(p)).toBe(0);
      }),
    );
  });
});

describe('the beta quantile', () => {
  it('is the closed form where there is one', () => {
    const p = fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true });
    fc.assert(
      fc.property(p, fc.double({ min: 0.5, max: 5000, noNaN: true }), (mass, a) => {
        // I_x(a, 1) = x^a. The error of log Γ, about 1e-16·a log a, is divided by a.
        expect(Math.abs(beta_quantile(mass, a, 1) / mass ** (1 / a) - 1)).toBeLessThan(1e-12);
        expect(Math.abs(beta_quantile(mass, 1, a) / -Math.expm1(Math.log1p(-mass) / a) - 1)).toBeLessThan(1e-9);
      }),
    );
    expect(beta_quantile(0.5, 700, 700)).toBeCloseTo(0.5, 12);
  });
});

describe('quantiles', () => {
  it('are type 7', () => {
    const sorted = Float64Array.of(1, 2, 4, 8);
    expect([0, 0.25, 0.5, 1].map((p) => quantile(sorted, p))).toEqual([1, 1.75, 3, 8]);
    expect(quantile(new Float64Array(0), 0.5)).toBeNaN();
  });
});

describe('moments', () => {
  it('keep their digits at a distance', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 50 }), (whole) => {
        const near = Float64Array.from(whole);
        // Exact sums of whole numbers; 2⁴⁰ more takes 40 of 53 bits, and whole numbers still fit.
        const far = near.map((x) => x + 2 ** 40);
        expect(Math.abs(mean(far) - 2 ** 40 - mean(near))).toBeLessThan(2 ** -11);
        expect(Math.abs(variance(far) - variance(near))).toBeLessThan(1e-9 * (1 + variance(near)));
      }),
    );
    expect(variance(Float64Array.of(3))).toBeNaN();
    expect(mean(new Float64Array(0))).toBeNaN();
  });
});

describe('the Fourier transform', () => {
  // Rounding grows with the depth: 2⁻⁵³ · log₂ size · √size · largest, far below 1e-10 for 64 numbers up to 1e3.
  it('is the sum that defines it', () => {
    const sizes = fc.integer({ min: 0, max: 6 }).chain((bits) => fc.tuple(chain(2 ** bits), chain(2 ** bits)));
    fc.assert(
      fc.property(sizes, ([x, y]) => {
        const size = x.length;
        const [re, im] = [x.slice(), y.slice()];
        fourier_transform(re, im);
        for (let k = 0; k < size; k++) {
          let [a, b] = [0, 0];
          for (let t = 0; t < size; t++) {
            const angle = (-2 * Math.PI * ((k * t) % size)) / size;
            a += (x[t] as number) * Math.cos(angle) - (y[t] as number) * Math.sin(angle);
            b += (x[t] as number) * Math.sin(angle) + (y[t] as number) * Math.cos(angle);
          }
          expect(Math.abs((re[k] as number) - a)).toBeLessThan(1e-9);
          expect(Math.abs((im[k] as number) - b)).toBeLessThan(1e-9);
        }
      }),
    );
    expect(() => fourier_transform(new Float64Array(6), new Float64Array(6))).toThrow('power of two');
  });
});

describe('the autocovariance', () => {
  // Sums of at most 40 products up to 4e6 in float64, and a transform of 128: 1e-7 is far above rounding.
  it('is the mean over chains of the sums that define it, for odd and even numbers of chains', () => {
    fc.assert(
      fc.property(chains, (given) => {
        const n = given[0]?.length as number;
        const found = mean_autocovariance(given);
        expect(found).toHaveLength(n);
        for (let lag = 0; lag < n; lag++) {
          let sum = 0;
          for (const x of given) {
            const center = x.reduce((a, b) => a + b, 0) / n;
            for (let t = 0; t + lag < n; t++) {
              sum += ((x[t] as number) - center) * ((x[t + lag] as number) - center);
            }
          }
          expect(Math.abs((found[lag] as number) - sum / n / given.length)).toBeLessThan(1e-7);
        }
      }),
    );
  });

  it('is one at lag zero as autocorrelation, and undefined for a constant', () => {
    expect(Array.from(autocorrelation(Float64Array.of(1, -1, 1, -1), 2))).toEqual([1, expect.closeTo(-0.75, 12)]);
    expect(autocorrelation(Float64Array.of(0.1, 0.1, 0.1), 1)[0]).toBeNaN();
  });
});

// Acceptance: the definitions written out, equal up to rounding of sums of at most 400 terms.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { energy_squared, wasserstein_squared } from '../../../src/diagnostics/distances/one_dimension.ts';

/** Sorted, with ties and equal values in both. */
const sample = fc
  .array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ min: -10, max: 10, noNaN: true })), {
    minLength: 1,
    maxLength: 20,
  })
  .map((values) => Float64Array.from(values).sort());

const mean_of_pairs = (x: Float64Array, y: Float64Array, f: (a: number, b: number) => number) => {
  let sum = 0;
  for (const a of x) for (const b of y) sum += f(a, b);
  return sum / (x.length * y.length);
};
const apart = (a: number, b: number) => Math.abs(a - b);

it('the energy distance of two samples is that of its pairs', () => {
  fc.assert(
    fc.property(sample, sample, (x, y) => {
      const pairs = 2 * mean_of_pairs(x, y, apart) - mean_of_pairs(x, x, apart) - mean_of_pairs(y, y, apart);
      expect(Math.abs(energy_squared(x, y) - pairs)).toBeLessThan(1e-12);
    }),
    { seed: 2 },
  );
});

it('the Wasserstein distance of two samples pairs them in order, each repeated up to a common size', () => {
  fc.assert(
    fc.property(sample, sample, (x, y) => {
      const size = x.length * y.length;
      let sum = 0;
      for (let k = 0; k < size; k++) {
        sum += ((x[Math.floor(k / y.length)] as number) - (y[Math.floor(k / x.length)] as number)) ** 2;
      }
      expect(Math.abs(wasserstein_squared(x, y) - sum / size)).toBeLessThan(1e-11);
    }),
    { seed: 3 },
  );
});

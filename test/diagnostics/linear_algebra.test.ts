// Acceptance: identities up to rounding. Factors and inverses of a symmetric matrix are backward stable: relative residuals
// within a small multiple of size · ε · condition. The matrices below have condition numbers below 1e4 at size 60, so 60 · 2.2e-16 · 1e4 = 1.3e-10.
import { describe, expect, it } from 'vitest';
import {
  gram,
  lower_factor,
  lower_inverse,
  product,
  squared_pivots,
  symmetric_inverse,
  symmetric_power,
  times_vector,
} from '../../src/diagnostics/linear_algebra.ts';
import { normal_points } from './distances/samples.ts';

const SIZE = 60;
const TOLERANCE = 2e-10;

const difference = (a: Float64Array, b: Float64Array) => Math.max(...a.map((x, i) => Math.abs(x - (b[i] as number))));
const identity = (size: number) => Float64Array.from({ length: size ** 2 }, (_, at) => Number(at % (size + 1) === 0));
const transposed = (a: Float64Array, size: number) =>
  a.map((_, at) => a[(at % size) * size + Math.floor(at / size)] as number);

/** X Xᵀ / n + I / 10 of n = 60 normal columns: eigenvalues between 0.1 and about 4.1. */
const a = gram(normal_points(2, SIZE, SIZE).values, SIZE).map((x, at) => x / SIZE + (at % (SIZE + 1) === 0 ? 0.1 : 0));

describe('symmetric matrices', () => {
  it('have a lower factor', () => {
    const lower = lower_factor(a, SIZE);
    expect(lower.every((x, at) => at % SIZE <= Math.floor(at / SIZE) || x === 0)).toBe(true);
    expect(difference(gram(lower, SIZE), a)).toBeLessThan(TOLERANCE);
    expect(difference(product(lower_inverse(lower, SIZE), lower, SIZE), identity(SIZE))).toBeLessThan(TOLERANCE);
    expect(squared_pivots(a, SIZE)[7]).toBeCloseTo((lower[7 * (SIZE + 1)] as number) ** 2, 12);
  });

  it('have an inverse, symmetric to the bit', () => {
    const inverse = symmetric_inverse(a, SIZE);
    expect(inverse).toEqual(transposed(inverse, SIZE));
    expect(difference(product(inverse, a, SIZE), identity(SIZE))).toBeLessThan(TOLERANCE);
  });

  it('have symmetric powers', () => {
    const root = symmetric_power(a, SIZE, 0.5);
    const inverse_root = symmetric_power(a, SIZE, -0.5);
    expect(difference(root, transposed(root, SIZE))).toBe(0);
    expect(difference(product(root, root, SIZE), a)).toBeLessThan(TOLERANCE);
    expect(difference(product(root, inverse_root, SIZE), identity(SIZE))).toBeLessThan(TOLERANCE);
    // [[2, 1], [1, 2]] has eigenvalues 1 and 3 along (1, ∓1).
    const [on, off] = [(Math.sqrt(3) + 1) / 2, (Math.sqrt(3) - 1) / 2];
    expect(
      difference(symmetric_power(Float64Array.of(2, 1, 1, 2), 2, 0.5), Float64Array.of(on, off, off, on)),
    ).toBeLessThan(1e-15);
  });

  it('multiply vectors', () => {
    expect(Array.from(times_vector(Float64Array.of(1, 2, 3, 4), Float64Array.of(5, 6)))).toEqual([17, 39]);
  });

  it('are refused where they are not positive definite', () => {
    const indefinite = Float64Array.of(1, 2, 2, 1);
    expect(() => lower_factor(indefinite, 2)).toThrow('not positive definite');
    expect(() => symmetric_inverse(indefinite, 2)).toThrow('not positive definite');
    expect(() => symmetric_power(indefinite, 2, 0.5)).toThrow('not positive definite');
    expect(Array.from(squared_pivots(Float64Array.of(4, 4, 4, 4), 2))).toEqual([4, 0]);
  });
});

/**
 * Acceptance: theta → phi → theta within 4 units of rounding of the distances to the bounds; slopes against central differences of step h = 2⁻¹³ in float64, whose truncation,
 * h²/6 of a third derivative about as large as the slope, is below 1e-8.
 */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Bounds,
  constrain,
  log_slope,
  log_slope_gradient,
  next_float,
  slope,
  transform_kind,
  unconstrain,
} from '../../src/model/transform.ts';

const finite = fc.double({ min: -50, max: 50, noNaN: true });
const bounds: fc.Arbitrary<Bounds> = fc
  .tuple(finite, fc.double({ min: 1e-2, max: 100, noNaN: true }), fc.boolean(), fc.boolean())
  .map(([at, width, below, above]) => ({ lower: below ? at : -Infinity, upper: above ? at + width : Infinity }));
const moderate = fc.double({ min: -15, max: 15, noNaN: true });
const extreme = fc.oneof(
  fc.constantFrom(-1e6, -800, -80, 80, 800, 1e6),
  fc.double({ min: -1e3, max: 1e3, noNaN: true }),
);

describe('constrain', () => {
  it('is undone by unconstrain', () => {
    fc.assert(
      fc.property(bounds, moderate, (b, phi) => {
        const theta = constrain(b, phi);
        // What one rounding of theta does to the nearer distance, and so to its log.
        const nearest = Math.min(theta - b.lower, b.upper - theta, Math.max(1, Math.abs(theta)));
        const rounding = (4 * Number.EPSILON * Math.max(Math.abs(theta), nearest)) / nearest;
        expect(Math.abs(unconstrain(b, theta) - phi)).toBeLessThanOrEqual(rounding + 1e-14 * Math.abs(phi) + 1e-15);
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  it('stays strictly inside the bounds however large phi is', () => {
    fc.assert(
      fc.property(bounds, extreme, (b, phi) => {
        const theta = constrain(b, phi);
        expect(theta > b.lower || theta === -Infinity).toBe(true);
        expect(theta < b.upper || theta === Infinity).toBe(true);
      }),
      { numRuns: 500, seed: 2 },
    );
  });

  it('keeps the distance to the nearer bound precise', () => {
    expect(constrain({ lower: 0, upper: 1 }, -40)).toBeCloseTo(Math.exp(-40), 30);
    expect(constrain({ lower: -1, upper: 0 }, 40) / -Math.exp(-40)).toBeCloseTo(1, 13);
    expect(unconstrain({ lower: 0, upper: 1 }, 1e-300)).toBeCloseTo(Math.log(1e-300), 9);
  });

  it('maps a bound to infinity', () => {
    expect(unconstrain({ lower: 2, upper: Infinity }, 2)).toBe(-Infinity);
    expect(unconstrain({ lower: 2, upper: 3 }, 3)).toBe(Infinity);
    expect(unconstrain({ lower: -Infinity, upper: 3 }, 3)).toBe(-Infinity);
  });
});

describe('slope', () => {
  const h = 2 ** -13;
  it('is the derivative of constrain, and log_slope its log, and log_slope_gradient the derivative of that', () => {
    fc.assert(
      fc.property(bounds, moderate, (b, phi) => {
        const central = (constrain(b, phi + h) - constrain(b, phi - h)) / (2 * h);
        const size = Math.max(Math.abs(slope(b, phi)), 1e-300);
        const rounding = (Number.EPSILON * Math.max(1, Math.abs(constrain(b, phi)))) / h;
        expect(Math.abs(slope(b, phi) - central)).toBeLessThan(1e-8 * size + 2 * rounding);
        expect(Math.sign(slope(b, phi))).toBe(transform_kind(b) === 'upper' ? -1 : 1);
        expect(Math.exp(log_slope(b, phi)) / size).toBeCloseTo(1, 12);
        const curvature = (log_slope(b, phi + h) - log_slope(b, phi - h)) / (2 * h);
        expect(Math.abs(log_slope_gradient(b, phi) - curvature)).toBeLessThan(1e-8);
      }),
      { numRuns: 500, seed: 3 },
    );
  });

  it('has a finite log for every finite phi', () => {
    fc.assert(
      fc.property(bounds, extreme, (b, phi) => {
        expect(Number.isFinite(log_slope(b, phi))).toBe(true);
        expect(Math.abs(log_slope_gradient(b, phi))).toBeLessThanOrEqual(1);
      }),
      { numRuns: 500, seed: 4 },
    );
  });
});

it('next_float is the neighbour: nothing lies between, and it leads back', () => {
  fc.assert(
    fc.property(fc.double({ min: -1e300, max: 1e300, noNaN: true }), (x) => {
      const up = next_float(x, 1);
      expect(up).toBeGreaterThan(x);
      expect([x, up]).toContain(x + (up - x) / 2);
      expect(next_float(up, -1) === x).toBe(true);
    }),
    { numRuns: 500, seed: 5 },
  );
});

/**
 * Acceptance: densities and distribution functions agree with textbook densities and quadrature within 1e-9 relative, what the quadrature gives near the singularities at the edge of a
 * support. Quantiles are inverse to the distribution function within 1e-10 relative in probability, one float of x,
 * and 1e-12 absolute: the rounding of a difference of tails where the bounds cut a narrow piece out of the middle.
 */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { incomplete_beta } from '../../src/model/incomplete_beta.ts';
import { incomplete_gamma } from '../../src/model/incomplete_gamma.ts';
import { log_gamma } from '../../src/model/log_gamma.ts';
import { is_proper, log_prior_density, prior_cdf, quantile, sample_prior } from '../../src/model/prior.ts';
import { constrain, next_float } from '../../src/model/transform.ts';
import type { Prior } from '../../src/model/types.ts';
import * as reference from '../reference/distributions.ts';
import { landmarks, proper_priors } from './priors.ts';

const runs = { numRuns: 200, seed: 1 };
const probability = fc.double({ min: -12, max: 12, noNaN: true }).map((logit) => 1 / (1 + Math.exp(-logit)));

/** Probability of (from, to) before truncation. */
function mass(prior: Prior, from: number, to: number): number {
  return reference.integrate((x) => reference.density(prior.family, prior.arguments, x), from, to, landmarks(prior));
}

function relative(actual: number, expected: number): number {
  return Math.abs(actual / expected - 1);
}

describe('a truncated prior', () => {
  it('has the textbook density divided by its integral over the bounds', () => {
    fc.assert(
      fc.property(proper_priors, probability, (prior, p) => {
        const x = quantile(prior, p);
        const expected = reference.density(prior.family, prior.arguments, x) / mass(prior, prior.lower, prior.upper);
        expect(relative(Math.exp(log_prior_density(prior, x)), expected)).toBeLessThan(1e-9);
      }),
      runs,
    );
  });

  it('has a distribution function that is the integral of its density', () => {
    fc.assert(
      fc.property(proper_priors, probability, (prior, p) => {
        const x = quantile(prior, p);
        const expected = mass(prior, prior.lower, x) / mass(prior, prior.lower, prior.upper);
        expect(relative(prior_cdf(prior, x), expected)).toBeLessThan(1e-9);
      }),
      runs,
    );
  });

  it('has quantiles that invert its distribution function', () => {
    fc.assert(
      fc.property(proper_priors, probability, (prior, p) => {
        const x = quantile(prior, p);
        expect(x).toBeGreaterThan(prior.lower);
        expect(x).toBeLessThan(prior.upper);
        const spacing = Math.exp(log_prior_density(prior, x)) * (next_float(x, 1) - x);
        expect(Math.abs(prior_cdf(prior, x) - p)).toBeLessThan(1e-10 * p + spacing + 1e-12);
      }),
      runs,
    );
  });

  it('has density 0 outside its bounds and its bounds as extreme quantiles', () => {
    fc.assert(
      fc.property(proper_priors, (prior) => {
        if (prior.lower > -Infinity) expect(log_prior_density(prior, next_float(prior.lower, -1))).toBe(-Infinity);
        if (prior.upper < Infinity) expect(log_prior_density(prior, next_float(prior.upper, 1))).toBe(-Infinity);
        expect(quantile(prior, 0)).toBe(prior.lower);
        expect(quantile(prior, 1)).toBe(prior.upper);
        expect(log_prior_density(prior, Number.NaN)).toBe(-Infinity);
      }),
      runs,
    );
  });

  it('keeps its digits far out in a tail', () => {
    // Mills' ratio: P(Z > 8) = 6.220960574271785e-16, P(Z > 9) = 1.128588405953841e-19 (Abramowitz & Stegun table 26.2, extended).
    const tail: Prior = { family: 'normal', arguments: [0, 1], lower: 8, upper: Infinity };
    expect(relative(prior_cdf(tail, 9), 1 - 1.128588405953841e-19 / 6.220960574271785e-16)).toBeLessThan(1e-13);
    const log_density = -32 - 0.5 * Math.log(2 * Math.PI) - Math.log(6.220960574271785e-16);
    expect(log_prior_density(tail, 8)).toBeCloseTo(log_density, 11);
  });
});

describe('a flat prior', () => {
  const flat = (lower: number, upper: number): Prior => ({ family: 'flat', arguments: [], lower, upper });

  it('is improper unless bounded on both sides', () => {
    expect(is_proper(flat(0, Infinity))).toBe(false);
    expect(is_proper(flat(-Infinity, Infinity))).toBe(false);
    expect(is_proper(flat(-1, 3))).toBe(true);
  });

  it('is the uniform distribution between two bounds, and has log density 0 otherwise', () => {
    expect(log_prior_density(flat(-1, 3), 0.3)).toBeCloseTo(-Math.log(4), 14);
    expect(quantile(flat(-1, 3), 0.25)).toBeCloseTo(0, 14);
    expect(log_prior_density(flat(0, Infinity), 7)).toBe(0);
    expect(log_prior_density(flat(0, Infinity), -7)).toBe(-Infinity);
    expect(() => quantile(flat(0, Infinity), 0.5)).toThrow(RangeError);
  });
});

describe('sample_prior', () => {
  it('turns a grid of uniforms into draws with the mean and variance of the distribution', () => {
    // Gamma(2, 10): mean 0.2, variance 0.02. The midpoint rule on 4096 points leaves out less than 1e-5 of either.
    const gamma: Prior = { family: 'gamma', arguments: [2, 10], lower: 0, upper: Infinity };
    const draws = Array.from({ length: 4096 }, (_, i) => sample_prior(gamma, (i + 0.5) / 4096));
    const mean = draws.reduce((sum, x) => sum + x, 0) / 4096;
    const variance = draws.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 4096;
    expect(mean).toBeCloseTo(0.2, 4);
    expect(variance).toBeCloseTo(0.02, 4);
  });
});

describe('special functions', () => {
  // Published values: DLMF 5.4, 5.11; NIST handbook examples; Abramowitz & Stegun tables 26.2 and 26.10. Equal to 1e-13.
  it('log Γ agrees with Lanczos over eight decades and is exact for factorials', () => {
    for (let e = -4; e <= 4; e += 0.01) {
      const x = 10 ** e;
      expect(Math.abs(log_gamma(x) - reference.log_gamma(x))).toBeLessThan(
        3e-14 * Math.max(10, Math.abs(log_gamma(x))),
      );
    }
    expect(log_gamma(11)).toBeCloseTo(Math.log(3628800), 12);
    expect(log_gamma(0.5)).toBeCloseTo(0.5 * Math.log(Math.PI), 14);
  });

  it('the incomplete gamma function is e⁻ˣ for a = 1, erf for a = ½, and Poisson sums for whole a', () => {
    for (const x of [1e-8, 0.1, 1, 1.9, 2.1, 5, 40, 300]) {
      expect(relative(incomplete_gamma(1, x).above, Math.exp(-x))).toBeLessThan(1e-13);
      expect(relative(incomplete_gamma(1, x).below, -Math.expm1(-x))).toBeLessThan(1e-13);
      let term = Math.exp(-x);
      let sum = 0;
      for (let k = 0; k < 7; k++, term *= x / k) sum += term;
      expect(relative(incomplete_gamma(7, x).above, sum)).toBeLessThan(1e-12);
    }
    // erf(1) = 0.8427007929497149
    expect(relative(incomplete_gamma(0.5, 1).below, 0.8427007929497149)).toBeLessThan(1e-14);
    // A tail beyond 1 − 1e-16: erfc(6) = 2.1519736712498913e-17
    expect(relative(incomplete_gamma(0.5, 36).above, 2.1519736712498913e-17)).toBeLessThan(1e-13);
  });

  it('the incomplete gamma function keeps eleven digits where shape and argument are huge', () => {
    // P(a, a) = ½ + 1/(3 √(2πa)) + O(a^−3/2) (DLMF 8.11.12): for a = 1e6 the next term, of order 1e-9·a^0, is −1/(540·√(2π)·a^1.5)·… < 1e-11.
    expect(incomplete_gamma(1e6, 1e6).below).toBeCloseTo(0.5 + 1 / (3 * Math.sqrt(2 * Math.PI * 1e6)), 10);
  });

  it('the incomplete beta function is a binomial sum for whole arguments, and mirrors itself', () => {
    for (const x of [1e-6, 0.05, 0.3, 0.5, 0.77, 0.999]) {
      // I_x(3, 5) = P(at least 3 of 7)
      const choose = [1, 7, 21, 35, 35, 21, 7, 1];
      const sum = [3, 4, 5, 6, 7].reduce((total, k) => total + (choose[k] as number) * x ** k * (1 - x) ** (7 - k), 0);
      expect(relative(incomplete_beta(3, 5, x).below, sum)).toBeLessThan(1e-12);
      expect(
        relative(incomplete_beta(0.3, 0.4, x, 1 - x).below, incomplete_beta(0.4, 0.3, 1 - x, x).above),
      ).toBeLessThan(1e-12);
      // I_x(½, ½) = 2/π asin √x
      expect(relative(incomplete_beta(0.5, 0.5, x).below, (2 / Math.PI) * Math.asin(Math.sqrt(x)))).toBeLessThan(1e-12);
    }
  });
});

it('a quantile next to a bound stays inside it', () => {
  const prior: Prior = { family: 'gamma', arguments: [0.01, 1], lower: 0, upper: Infinity };
  expect(quantile(prior, 1e-9)).toBeGreaterThan(0);
  expect(constrain(prior, -1e9)).toBeGreaterThan(0);
});

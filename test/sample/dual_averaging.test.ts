// Acceptance: the recursion of Hoffman & Gelman 2014 (their algorithm 5, lines for H̄, ε and ε̄), written in its own form below, to 1e-9 relative: both sum at most 200 terms of order √m/γ ≤ 300
// in float64, 200 · 300 · 2⁻⁵³ ≈ 7e-12 of log ε. On a known acceptance curve a step that stays needs H̄ = γ(μ − log ε)/√m, and H̄ falls as 1/√m only while target − acceptance = H̄/2:
// that is how far from the target the recursion must be after m iterations. The average looks back over some m^κ = 178 of 1000 iterations; half as much again covers it.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dual_averaging, mean_acceptance } from '../../src/sample/dual_averaging.ts';

function published(initial: number, target: number, seen: readonly number[]) {
  const [gamma, t0, kappa] = [0.05, 10, 0.75];
  const mu = Math.log(10 * initial);
  let h = 0;
  let log_averaged = 0; // ε̄₀ = 1
  let log_step = Math.log(initial);
  seen.forEach((alpha, i) => {
    const m = i + 1;
    h = (1 - 1 / (m + t0)) * h + (1 / (m + t0)) * (target - alpha);
    log_step = mu - (Math.sqrt(m) / gamma) * h;
    log_averaged = m ** -kappa * log_step + (1 - m ** -kappa) * log_averaged;
  });
  return { step: Math.exp(log_step), averaged: Math.exp(log_averaged) };
}

const expect_close = (a: number, b: number) => expect(Math.abs(a / b - 1)).toBeLessThan(1e-9);

describe('dual averaging', () => {
  it('is the published recursion', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const positive = fc.double({ min: 1e-6, max: 1e3, noNaN: true });
    const target = fc.double({ min: 0.01, max: 0.99, noNaN: true });
    fc.assert(
      fc.property(positive, target, fc.array(share, { minLength: 1, maxLength: 200 }), (initial, wanted, seen) => {
        const step = dual_averaging(initial, wanted);
        for (const acceptance of seen) step.observe(acceptance);
        const reference = published(initial, wanted, seen);
        expect_close(step.current, reference.step);
        expect_close(step.averaged, reference.averaged);
      }),
    );
  });

  it('begins with the step it was given', () => {
    const step = dual_averaging(0.3, 0.8);
    expect_close(step.current, 0.3);
    expect_close(step.averaged, 0.3);
  });

  it.each([
    { name: 'NaN', seen: Number.NaN, as: 0 },
    { name: 'more than one', seen: 1 + 1e-6, as: 1 },
  ])('takes $name for $as', ({ seen, as }) => {
    const [a, b] = [dual_averaging(1, 0.8), dual_averaging(1, 0.8)];
    a.observe(seen);
    b.observe(as);
    expect(a.current).toBe(b.current);
  });

  it.each([0.6, 0.8, 0.95])('finds the step of a known acceptance curve, target %d', (target) => {
    // exp(−(ε/s)²), whose answer is s·√(−log target).
    const scale = 0.02;
    const step = dual_averaging(1, target);
    const iterations = 1000;
    const acceptance = (epsilon: number) => Math.exp(-((epsilon / scale) ** 2));
    for (let m = 0; m < iterations; m++) step.observe(acceptance(step.current));
    const answer = scale * Math.sqrt(-Math.log(target));
    const gap = (0.05 * Math.log(10 / answer)) / (2 * Math.sqrt(iterations));
    expect(Math.abs(acceptance(step.averaged) - target)).toBeLessThan(1.5 * gap);
  });
});

describe('the acceptance of many chains', () => {
  it('is the arithmetic or the harmonic mean', () => {
    const seen = Float32Array.of(0.25, 0.5, 1);
    expect(mean_acceptance(seen, 'arithmetic')).toBeCloseTo(1.75 / 3, 12);
    expect(mean_acceptance(seen, 'harmonic')).toBeCloseTo(3 / 7, 12);
  });

  it('is almost nothing, harmonically, when one of a hundred chains accepts nothing', () => {
    const seen = new Float32Array(100).fill(1);
    seen[17] = 0;
    expect(mean_acceptance(seen, 'harmonic')).toBeLessThan(1e-7);
    expect(mean_acceptance(seen, 'arithmetic')).toBeCloseTo(0.99, 6);
  });
});

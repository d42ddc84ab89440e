// The search for the step size on scores that are known functions of the step. Acceptance: exact bounds; the optimum within the least stride, a factor exp(0.1), or two of it where
// the score is noisy.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { create_step_size_search, fixed_step } from '../../src/smc2/step_size.ts';

const range = [1e-3, 2.5] as const;

/** kept · refreshed with one maximum: in log step a parabola of this curvature. */
const peak_at = (best: number, curvature: number) => (step: number) => ({
  kept: Math.exp(-curvature * Math.log(step / best) ** 2),
  refreshed: 0.5,
});

function climb(first: number, moves: number, score: (step: number) => { kept: number; refreshed: number }) {
  const search = create_step_size_search(first);
  const steps: number[] = [];
  for (let k = 0; k < moves; k++) {
    steps.push(search.step);
    search.observe(score(search.step));
  }
  return steps;
}

describe('the search for the step size', () => {
  it('finds the top of any concave score and stays there', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -5, max: 0.7, noNaN: true }),
        fc.double({ min: -3, max: 0.5, noNaN: true }),
        fc.double({ min: 0.2, max: 3, noNaN: true }),
        (log_best, log_first, curvature) => {
          // Below 1e-6 all scores count as equal.
          fc.pre(curvature * (Math.abs(log_first - log_best) + 0.5) ** 2 < 12);
          const best = Math.exp(log_best);
          const steps = climb(Math.exp(log_first), 120, peak_at(best, curvature));
          const late = steps.slice(60).map((s) => Math.abs(Math.log(s / best)));
          // It keeps trying the neighbours, a stride of 0.1 or so away.
          expect(Math.min(...late)).toBeLessThan(0.15);
          expect(Math.max(...late)).toBeLessThan(0.7);
        },
      ),
      { seed: 72, numRuns: 300 },
    );
  });

  it('never leaves its range, whatever it is told', () => {
    const part = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 1));
    fc.assert(
      fc.property(
        fc.array(fc.record({ kept: part, refreshed: part }), { minLength: 1, maxLength: 200 }),
        fc.double({ min: 0.01, max: 2, noNaN: true }),
        (moves, first) => {
          const search = create_step_size_search(first);
          for (const move of moves) {
            search.observe(move);
            expect(search.step).toBeGreaterThanOrEqual(range[0] * (1 - 1e-12));
            expect(search.step).toBeLessThanOrEqual(range[1] * (1 + 1e-12));
          }
        },
      ),
      { seed: 73, numRuns: 200 },
    );
  });

  it('goes to the end of the range when the score keeps rising', () => {
    expect(climb(0.5, 60, (s) => ({ kept: 1, refreshed: s / 3 })).at(-1)).toBeGreaterThan(2.2);
    expect(Math.min(...climb(0.5, 200, (s) => ({ kept: Math.exp(-s), refreshed: 0.5 })))).toBeLessThan(0.01);
  });

  it('is not led by the effective sample size alone: steps that refresh nothing are left', () => {
    // Small steps keep everything and refresh step²; large ones keep less. The product is largest at step 1.
    const score = (s: number) => ({ kept: Math.exp(-(s ** 2)), refreshed: Math.min(1, s ** 2) });
    const late = climb(0.01, 80, score).slice(40);
    expect(Math.min(...late.map((s) => Math.abs(Math.log(s))))).toBeLessThan(0.15);
  });

  it('follows a top that moves', () => {
    const search = create_step_size_search(1);
    for (let k = 0; k < 200; k++) {
      search.observe(peak_at(k < 50 ? 1 : 0.3, 1)(search.step));
    }
    expect(Math.abs(Math.log(search.step / 0.3))).toBeLessThan(0.5);
  });

  it('decides from earlier moves only', () => {
    const [a, b] = [create_step_size_search(0.5), create_step_size_search(0.5)];
    a.observe({ kept: 0.8, refreshed: 0.3 });
    b.observe({ kept: 0.8, refreshed: 0.3 });
    expect(a.step).toBe(b.step);
    const before = a.step;
    expect(a.step).toBe(before);
  });
});

it('a fixed step stays', () => {
  const search = fixed_step(0.25);
  search.observe({ kept: 0.001, refreshed: 0 });
  expect(search.step).toBe(0.25);
});

// Acceptance: whole numbers, so equality. Stan's manual ("Automatic parameter tuning") gives the 1000 iterations' windows; the shorter plans follow from its rule by hand. What holds for every
// length is checked for random ones.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { plan_warm_up } from '../../src/sample/windows.ts';

it.each([
  { iterations: 1000, first: 75, last: 950, ends: [100, 150, 250, 450, 950] },
  { iterations: 400, first: 75, last: 350, ends: [100, 150, 350] },
  { iterations: 2000, first: 75, last: 1950, ends: [100, 150, 250, 450, 850, 1950] },
  { iterations: 150, first: 75, last: 100, ends: [100] },
  { iterations: 149, first: 22, last: 135, ends: [135] },
  { iterations: 100, first: 15, last: 90, ends: [90] },
  { iterations: 20, first: 3, last: 18, ends: [18] },
  { iterations: 0, first: 0, last: 0, ends: [] },
])('$iterations iterations', ({ iterations, first, last, ends }) => {
  expect(plan_warm_up(iterations)).toEqual({ iterations, slow: { first, last }, ends });
});

it('windows follow each other without gaps, double, and end where the slow phase ends', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20_000 }), (iterations) => {
      const { slow, ends } = plan_warm_up(iterations);
      expect(slow.first).toBeGreaterThanOrEqual(0);
      expect(slow.last).toBeLessThanOrEqual(iterations);
      expect(slow.last).toBeGreaterThan(slow.first);
      expect(ends.at(-1)).toBe(slow.last);
      const sizes = ends.map((end, i) => end - (ends[i - 1] ?? slow.first));
      const whole = iterations < 150 ? slow.last - slow.first : 25;
      sizes.forEach((size, i) => {
        const planned = whole * 2 ** i;
        if (i < sizes.length - 1) expect(size).toBe(planned);
        // The last one also takes what is too short for a window of twice its size.
        else {
          expect(size).toBeGreaterThanOrEqual(planned);
          expect(size).toBeLessThan(3 * planned);
        }
      });
    }),
  );
});

it('adapts the step size before and after all windows, as soon as there are ten iterations', () => {
  fc.assert(
    fc.property(fc.integer({ min: 10, max: 20_000 }), (iterations) => {
      const { slow } = plan_warm_up(iterations);
      expect(slow.first).toBeGreaterThan(0);
      expect(slow.last).toBeLessThan(iterations);
    }),
  );
});

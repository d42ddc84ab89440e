// Acceptance: quartiles and fits against answers known in closed form, to float64 rounding (1e-12 relative; sums of at most ten terms). GPU times are shown only where they can be true.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge_gpu_time, same_clock } from '../../bench/measure.ts';
import { fit_exponent, fit_slope_from_one, spread_of_unit_cost, worst_slope_from_one } from '../../bench/power_law.ts';
import { quantile, summarise } from '../../bench/quartiles.ts';

describe('quartiles', () => {
  it('interpolates between order statistics as type 7 does', () => {
    // numpy.quantile([1, 2, 4, 8], [0.25, 0.5, 0.75])
    expect(summarise([8, 1, 4, 2])).toEqual({ lower_quartile: 1.75, median: 3, upper_quartile: 5, repeats: 4 });
    expect(summarise([7])).toEqual({ lower_quartile: 7, median: 7, upper_quartile: 7, repeats: 1 });
    expect(() => quantile([], 0.5)).toThrow(/no values/);
  });

  it('does not depend on the order, and leaves its argument alone', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, p) => {
          const before = [...values];
          expect(quantile([...values].reverse(), p)).toBe(quantile(values, p));
          expect(values).toEqual(before);
        },
      ),
    );
  });
});

describe('the exponent of a power law', () => {
  it('is found exactly where there is no noise', () => {
    const exponent = fc.double({ min: -3, max: 3, noNaN: true });
    const factor = fc.double({ min: 1e-3, max: 1e3, noNaN: true });
    fc.assert(
      fc.property(exponent, factor, (p, c) => {
        const fit = fit_exponent([1, 2, 5, 10, 100].map((x) => ({ x, y: c * x ** p })));
        expect(fit.value).toBeCloseTo(p, 10);
        expect(fit.standard_error).toBeLessThan(1e-7); // residuals of 1e-16 relative, in logarithms up to 20, and the root of their squares
      }),
    );
  });

  it('has the standard error of a slope', () => {
    // In units of log 2: u = 0, 1, 2 and v = 0, 2, 2. Slope 1; residuals −1/3, 2/3, −1/3; variance 2/3 over 1 degree of freedom; spread of u 2.
    const fit = fit_exponent([
      { x: 1, y: 1 },
      { x: 2, y: 4 },
      { x: 4, y: 4 },
    ]);
    expect(fit.value).toBeCloseTo(1, 12);
    expect(fit.standard_error).toBeCloseTo(Math.sqrt(2 / 3 / 2), 12);
    expect(
      fit_exponent([
        { x: 1, y: 1 },
        { x: 2, y: 2 },
      ]).standard_error,
    ).toBe(Number.POSITIVE_INFINITY);
    expect(() =>
      fit_exponent([
        { x: 3, y: 1 },
        { x: 3, y: 2 },
      ]),
    ).toThrow(/differ/);
  });
});

it('the slope from one goes through (0, 1)', () => {
  const exact = fit_slope_from_one([1, 2, 4, 8].map((x) => ({ x, y: 1 + 0.3 * x })));
  expect(exact.value).toBeCloseTo(0.3, 12);
  expect(exact.standard_error).toBeLessThan(1e-12);
  // c = (1·1 + 2·1)/(1 + 4) = 0.6; residuals 0.4 and −0.2; variance 0.2 over 1 degree of freedom.
  const noisy = fit_slope_from_one([
    { x: 1, y: 2 },
    { x: 2, y: 2 },
  ]);
  expect(noisy.value).toBeCloseTo(0.6, 12);
  expect(noisy.standard_error).toBeCloseTo(Math.sqrt(0.2 / 5), 12);
});

it('GPU time that cannot be true is not shown, and the row says why', () => {
  expect(judge_gpu_time([10, 11, 12], [9, 10, 11], 0).gpu?.median).toBe(10);
  expect(judge_gpu_time([10], [], 0)).toEqual({ gpu_note: 'the adapter has no timestamps' });
  expect(judge_gpu_time([10], [30], 0)).toEqual({ gpu_note: 'timestamps add up to 3.00 times the wall time' });
  expect(judge_gpu_time([10], [5], 2).gpu_note).toMatch(/^2 passes ended before they began/);
  expect(judge_gpu_time([10, 10], [0, 0], 0)).toEqual({ gpu_note: 'shorter than the timestamps can tell' });
});

it('cost per unit: the spread is 1 where cost is proportional, and the worst tangent is the dearest', () => {
  expect(spread_of_unit_cost([2, 4, 8].map((x) => ({ x, y: 8 * x })))).toBe(1);
  // 3, 2 and 2.5 per unit
  expect(spread_of_unit_cost([3, 4, 10].map((y, i) => ({ x: [1, 2, 4][i] as number, y })))).toBe(1.5);
  expect(() => spread_of_unit_cost([])).toThrow(/no sizes/);
  // (1.5 − 1)/1 = 0.5, (2.5 − 1)/2 = 0.75, (3 − 1)/4 = 0.5
  expect(worst_slope_from_one([1.5, 2.5, 3].map((y, i) => ({ x: [1, 2, 4][i] as number, y })))).toBe(0.75);
  expect(() => worst_slope_from_one([])).toThrow(/no points/);
});

it('what is compared is timed by one clock', () => {
  const [wall, gpu] = [summarise([4]), summarise([3])];
  expect(
    same_clock([
      { wall, gpu },
      { wall: summarise([8]), gpu: summarise([7]) },
    ]),
  ).toEqual({ medians: [3, 7], clock: 'GPU' });
  expect(same_clock([{ wall, gpu }, { wall: summarise([8]) }])).toEqual({ medians: [4, 8], clock: 'wall' });
});

// Acceptance: identities, up to rounding where the arithmetic differs.
import { describe, expect, it } from 'vitest';
import { mahalanobis_distance } from '../../../src/diagnostics/distances/mahalanobis.ts';
import { distance_names, distance_table } from '../../../src/diagnostics/distances/table.ts';
import { points_between } from '../../../src/diagnostics/points.ts';
import type { Words } from '../../../src/random/threefry.ts';
import { exact_moments, normal_points, stretched } from './samples.ts';

const key: Words = [6, 7];
const exact = exact_moments(1, 400, [1, 2, 3], [1, 0.5, 0, 0.5, 2, 0.3, 0, 0.3, 1]);
const merged = [21, 22, 23].map((seed) =>
  stretched(normal_points(seed, 300, 3), [1, 1.2, 1], [1.1, 2, 3 + (seed - 22) / 5]),
);
const [first, second, third] = merged as [typeof exact, typeof exact, typeof exact];

describe('the table of distances', () => {
  it('gives every distance, its spread over runs and its floor', () => {
    const table = distance_table([first, second, third], exact, { key });
    expect(table.map(({ name }) => name)).toEqual(distance_names);
    const single = merged.map((points) => distance_table([points], exact, { key }));
    table.forEach((row, r) => {
      const values = single.map((rows) => rows[r]?.value as number);
      expect(row.value).toBe(values.toSorted((a, b) => a - b)[1]);
      const mean = values.reduce((sum, v) => sum + v, 0) / 3;
      expect(row.sd).toBeCloseTo(Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 2), 12);
      expect(single[0]?.[r]).toEqual({ name: row.name, value: values[0], floor: row.floor });
    });
  });

  it('has for floor the distance between the halves', () => {
    const [row] = distance_table([first], exact, { key });
    expect(row?.floor).toBe(mahalanobis_distance(points_between(exact, 0, 200), points_between(exact, 200, 400)));
  });

  it('knows neither units nor zero points', () => {
    // Whitening by the triangular factor scales along, so the same directions see the same draws: only rounding differs,
    // which zero points 500 spreads away make 500 times as large.
    const units = [
      [1e-6, 30, 1000],
      [5e-4, -700, 1e5],
    ] as const;
    const there = distance_table([first], exact, { key });
    const here = distance_table([stretched(first, ...units)], stretched(exact, ...units), { key });
    here.forEach(({ value, floor }, r) => {
      expect(value).toBeCloseTo(there[r]?.value as number, 9);
      expect(floor).toBeCloseTo(there[r]?.floor as number, 9);
    });
  });

  it('is 0 for the exact draws themselves', () => {
    for (const { value } of distance_table([exact], exact, { key })) expect(value).toBeLessThan(1e-12);
  });

  it('refuses sets of another dimension', () => {
    expect(() => distance_table([normal_points(1, 10, 2)], exact, { key })).toThrow('2 quantities against 3');
  });
});

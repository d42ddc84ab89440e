// Acceptance: exact equalities; the sd is that of two numbers, |a − b| / √2.
import { expect, it } from 'vitest';
import { distance_table } from '../../src/diagnostics/distances/table.ts';
import type { Points } from '../../src/diagnostics/points.ts';
import { compare_merges } from '../../src/merge/compare.ts';
import type { MergeMethod } from '../../src/merge/methods.ts';
import { normal_points, stretched } from '../diagnostics/distances/samples.ts';

const key = [1, 2] as const;
const at = (seed: number, shift: number) => stretched(normal_points(seed, 300, 2), [1, 1], [shift, 0]);
const exact = at(1, 0);
const networks = [at(2, 0.1), at(3, 0.5)] as const;
const both: Points = {
  count: 600,
  dimension: 2,
  values: Float64Array.from([...networks[0].values, ...networks[1].values]),
};
const merges = new Map<MergeMethod, Points>([
  ['diffusion', both],
  ['gaussian', at(4, 1)],
]);
const d_mah = (merged: Points, from: Points) => distance_table([merged], from, { key })[0]?.value as number;

it('measures all draws, with the sd between the networks of the method that was asked for', () => {
  const { from, methods } = compare_merges(merges, exact, networks, key);
  expect(from).toBe('exact');
  const [found] = methods.get('diffusion') ?? [];
  expect(found?.value).toBe(d_mah(both, exact));
  const [a, b] = networks.map((own) => d_mah(own, exact)) as [number, number];
  expect(found?.sd).toBeCloseTo(Math.abs(a - b) / Math.SQRT2, 12);
  expect(methods.get('gaussian')?.[0]?.sd).toBeUndefined();
});

it('measures other methods from the merge where nothing is exact, with the sd between networks to measure from', () => {
  const { from, methods } = compare_merges(merges, undefined, networks, key);
  expect([from, Array.from(methods.keys())]).toEqual(['merge', ['gaussian']]);
  const [found] = methods.get('gaussian') ?? [];
  expect(found?.value).toBe(d_mah(at(4, 1), both));
  const [a, b] = networks.map((own) => d_mah(at(4, 1), own)) as [number, number];
  expect(found?.sd).toBeCloseTo(Math.abs(a - b) / Math.SQRT2, 12);
  expect(compare_merges(merges, undefined, [], key).methods.get('gaussian')?.[0]?.sd).toBeUndefined();
});

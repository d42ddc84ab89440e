// Acceptance: the check numbers published with the recipe (smc2.md §4.1), to the digits printed there; integers exactly.

import { describe, expect, it } from 'vitest';
import { built_in_data } from '../../src/model/catalog/data/index.ts';
import { hash, normal, portable_lgssm } from '../../src/model/catalog/data/portable_lgssm.ts';
import * as reference from '../reference/portable_data.ts';

const sum = (values: readonly number[]) => values.reduce((total, y) => total + y, 0);
const column = (data: string, name: string) => built_in_data[data]?.columns[name] ?? [];

describe('the portable data set', () => {
  it('has the published hash, normals and first observations', () => {
    expect([0, 1, 2, 3, 4].map(hash)).toEqual([129708002, 2831084092, 2055130248, 2131687100, 678955108]);
    const normals = [-1.4293733121, -1.2138460767, -1.9203670509];
    for (const [k, z] of normals.entries()) expect(normal(k)).toBeCloseTo(z, 9);
    const first = [-4.206243112, -2.749987496, -0.632519934, 0.254517057, -0.035749622];
    for (const [t, y] of first.entries()) expect(column('lgssm-500', 'y')[t]).toBeCloseTo(y, 8);
  });

  it.each([
    ['lgssm-100', 100, -21.4493058, 299.274775],
    ['lgssm-500', 500, 34.2889031, 1436.1160393],
  ])('%s has the published length and sums', (name, steps, total, squares) => {
    const y = column(name, 'y');
    expect(y).toHaveLength(steps);
    expect(sum(y)).toBeCloseTo(total, 6);
    expect(sum(y.map((v) => v * v))).toBeCloseTo(squares, 6);
  });

  it('agrees with exact integer arithmetic', () => {
    for (let n = 0; n < 2002; n++) expect(BigInt(hash(n))).toBe(reference.hash(n));
    expect(portable_lgssm(500)).toEqual(reference.portable_data(500).y);
  });
});

describe('the influenza data', () => {
  it('is the edition whose likelihood and posterior are known', () => {
    expect(column('influenza-1978', 'in_bed')).toEqual([3, 8, 26, 76, 225, 298, 258, 233, 189, 128, 68, 29, 14, 4]);
  });
});

it('every data set says what it is and where it comes from, and has columns of one length', () => {
  for (const data of Object.values(built_in_data)) {
    expect(data.source.length).toBeGreaterThan(10);
    expect(data.description.length).toBeGreaterThan(10);
    expect(new Set(Object.values(data.columns).map((values) => values.length)).size).toBe(1);
  }
});

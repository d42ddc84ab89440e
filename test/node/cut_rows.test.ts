// Acceptance: exact. Every row is in one shard; sizes differ by a row at most, or, by values, stay within the largest value of each other (Graham's bound for the greedy order).
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cut_by_values, cut_shuffled } from '../../src/node/cut_rows.ts';

const runs = { numRuns: 100, seed: 3 };
const every = (rows: readonly (readonly number[])[]) => rows.flat().toSorted((a, b) => a - b);
const first = (count: number) => Array.from({ length: count }, (_, i) => i);

describe('shuffled rows', () => {
  it('are each in one shard, in equal parts', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 12 }), fc.integer({ min: 0, max: 200 }), fc.nat(), (shards, more, seed) => {
        const { rows } = cut_shuffled(shards + more, shards, seed);
        expect(every(rows)).toEqual(first(shards + more));
        const sizes = rows.map((of) => of.length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        for (const of of rows) expect(of).toEqual(of.toSorted((a, b) => a - b));
      }),
      runs,
    );
  });

  it('are shuffled: every row is as often in every shard, and a seed repeats itself', () => {
    // 600 cuts of 12 rows in 3 shards: row r is in shard 1 with chance 1/3, 200 ± 11.5 times; |z| < 4.5 in 12 rows: false alarm 8e-5.
    const counts = first(12).map(() => 0);
    for (let seed = 0; seed < 600; seed++) {
      for (const row of cut_shuffled(12, 3, seed).rows[0] as number[]) counts[row] = (counts[row] as number) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 200) / Math.sqrt((600 * 2) / 9)).toBeLessThan(4.5);
    expect(cut_shuffled(50, 3, 7)).toEqual(cut_shuffled(50, 3, 7));
    expect(cut_shuffled(50, 3, 7)).not.toEqual(cut_shuffled(50, 3, 8));
  });
});

describe('rows by a column', () => {
  it('stay together by value, in even shards', () => {
    const cells = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', ''), { minLength: 40, maxLength: 120 });
    fc.assert(
      fc.property(cells, fc.integer({ min: 2, max: 4 }), (given, shards) => {
        fc.pre(new Set(given).size >= shards);
        const { rows, values } = cut_by_values(given, shards, 'y.csv, column g');
        expect(every(rows)).toEqual(first(given.length));
        rows.forEach((of, s) => {
          expect(new Set(of.map((row) => given[row]))).toEqual(new Set(values?.[s]));
        });
        expect(new Set(values?.flat()).size).toBe(values?.flat().length);
        const frequency = Math.max(...Array.from(new Set(given), (v) => given.filter((cell) => cell === v).length));
        const sizes = rows.map((of) => of.length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(frequency);
      }),
      runs,
    );
  });

  it('are one value each where there are as many, in the order of the file', () => {
    expect(cut_by_values(['x', 'y', 'x', 'z', 'z', 'z'], 3, '')).toEqual({
      rows: [[0, 2], [1], [3, 4, 5]],
      values: [['x'], ['y'], ['z']],
    });
  });

  it('are refused where values are too few', () => {
    expect(() => cut_by_values(['x', 'y'], 3, 'y.csv, column g')).toThrow(
      /^y\.csv, column g has 2 different values, too few for 3 shards\./,
    );
  });
});

// Exact: which columns are times, series and channels, and what is refused in which words.

import { describe, expect, it } from 'vitest';
import { read_series } from '../../src/data/read_series.ts';

const text = `id,time,x,y
a,0,1,2
b,0,5,
a,1.5,3,4
b,2,6,7
`;

describe('a file of series', () => {
  it('has a series for every name in a column, in the order in which they begin', () => {
    const { series, names, channels, time } = read_series(text, 'y.csv', { series: 'id' });
    expect({ names, channels, time }).toEqual({
      names: ['y.csv, id a', 'y.csv, id b'],
      channels: ['x', 'y'],
      time: 'time',
    });
    expect(series.map(({ times }) => Array.from(times))).toEqual([
      [0, 1.5],
      [0, 2],
    ]);
    expect(series.map(({ values }) => Array.from(values))).toEqual([
      [1, 2, 3, 4],
      [5, Number.NaN, 6, 7],
    ]);
  });

  it('is one series without such a column, its first column the times where none is called so', () => {
    const { series, names, channels } = read_series('h,x\n0,1\n1,2\n', 'y.csv', {});
    expect({ names, channels }).toEqual({ names: ['y.csv'], channels: ['x'] });
    expect(Array.from(series[0]?.times ?? [])).toEqual([0, 1]);
  });

  it('takes the channels that are asked for', () => {
    expect(read_series(text, 'y.csv', { series: 'id', channels: ['y'] }).channels).toEqual(['y']);
  });
});

it.each([
  [text, { series: 'ids' }, /^y\.csv: there is no column ids; the columns are id, time, x, y\.\nDid you mean id\?/],
  ['t,x\n0,1\n,2\n', {}, /^y\.csv, row 3, column t: the cell is empty\./],
  ['t\n0\n1\n', {}, /^y\.csv: beside t there is no column to learn from\./],
  ['t,x\n0,1\n1,a\n', {}, /^y\.csv, row 3, column x: "a" is not a number/],
])('refuses %j with %o', (given, columns, message) => {
  expect(() => read_series(given, 'y.csv', columns)).toThrow(message);
});

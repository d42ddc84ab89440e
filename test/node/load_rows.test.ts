// Acceptance: rows bit for bit as f32, in the order of the model's columns; the whole text of each message.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pack_rows } from '../../src/model/pack_rows.ts';
import { built_in_model } from '../../src/model/resolve.ts';
import type { LogDensitySource } from '../../src/model/types.ts';
import { validate_model } from '../../src/model/validate.ts';
import { load_rows } from '../../src/node/load_data.ts';
import { message_of } from '../model/messages.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'langevin-rows-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const model_of = (row: NonNullable<LogDensitySource['row']>) =>
  validate_model({
    kind: 'log-density',
    name: 'line',
    parameters: { a: { prior: { normal: [0, 1] } } },
    row,
    wgsl: 'fn log_likelihood(row: Row, theta: Theta) -> f32 { return theta.a; }',
  });
const line = model_of(['y', { name: 'x', size: 2 }]);
const named = model_of([{ name: 'x', columns: ['net income', 'age'] }, 'y']);

function file(text: string): string {
  const path = join(folder, 'data.csv');
  writeFileSync(path, text);
  return path;
}

describe('load_rows', () => {
  it('packs rows in the order of struct Row, whatever the order of the file', () => {
    const name = file('x[1],id,y,x[0]\n0.1,a,2,3\n4e-3,b,-5,6\n');
    expect(load_rows(name, line)).toEqual({
      name,
      count: 2,
      columns: ['y', 'x[0]', 'x[1]'],
      values: Float32Array.of(2, 3, 0.1, -5, 6, 4e-3),
    });
  });

  it('finds columns under the names that the model gives them', () => {
    const { values, columns } = load_rows(file('age;net income;y\n30;5;1\n'), named);
    expect(columns).toEqual(['net income', 'age', 'y']);
    expect(values).toEqual(Float32Array.of(5, 30, 1));
  });

  it('knows the built-in data', () => {
    const schools = load_rows('eight-schools', built_in_model('eight-schools'));
    expect(schools.count).toBe(8);
    expect([...schools.values.subarray(0, 4)]).toEqual([28, 15, 8, 10]);
  });

  it('needs no data where the model has no row', () => {
    const banana = built_in_model('banana');
    expect(load_rows(undefined, banana)).toEqual({ count: 0, values: new Float32Array(0), columns: [] });
    expect(message_of(() => load_rows('lgssm-100', banana))).toBe(
      'The model banana reads no data: it has no row.\nLeave --data out.',
    );
  });

  const help = 'The model needs every cell of a row: fill it in, or take the row out.';
  it.each([
    ['y,x[0],x[1]\n1,2,3\n4,,6\n', `row 3, column x[0]: the cell is empty.\n${help}`],
    ['y,x[0],x[1]\n1,2,NA\n', `row 2, column x[1]: the cell holds NA.\n${help}`],
    ['y,x[0],x[1]\n1,2,12a\n', `row 2, column x[1]: "12a" is not a number.\n${help}`],
  ])('refuses %j', (text, message) => {
    const name = file(text);
    expect(message_of(() => load_rows(name, line))).toBe(`${name}, ${message}`);
  });

  it.each([
    // x[0] is nearer, but the model reads that itself.
    [
      'y,x[0],x[2]\n1,2,3\n',
      'there is no column x[1]; the columns are y, x[0], x[2].\nDid you mean x[2]? Rename it to x[1].',
    ],
    [
      'y,x[0],z\n1,2,3\n',
      'there is no column x[1]; the columns are y, x[0], z.\nAdd the column or rename one to x[1].',
    ],
    ['y,x[0],x[1]\n', 'there is a header but no rows.\nAdd one line per row of data.'],
  ])('refuses the columns of %j', (text, message) => {
    const name = file(text);
    expect(message_of(() => load_rows(name, line))).toBe(`${name}: ${message}`);
  });

  it('names the columns that a built-in set lacks', () => {
    expect(message_of(() => load_rows('lgssm-100', line))).toBe(
      'The data set lgssm-100 has no column x[0], which model line reads; it has y.',
    );
    expect(message_of(() => load_rows(undefined, line))).toMatch(/^Which data\? --data FILE\.csv, or a built-in set: /);
  });
});

describe('pack_rows', () => {
  it('refuses what is missing, uneven, not finite, or empty', () => {
    const of = (columns: Record<string, number[]>) => message_of(() => pack_rows(line, columns));
    expect(of({ y: [1], 'x[0]': [2] })).toBe('There is no column x[1], which model line reads. Add it.');
    expect(of({ y: [1], 'x[0]': [2], 'x[1]': [3, 4] })).toBe(
      'Column x[1] has 2 rows, but y has 1. Give both the same.',
    );
    expect(of({ y: [1, 2], 'x[0]': [2, Number.NaN], 'x[1]': [3, 4] })).toBe(
      'Row 2, column x[0]: NaN is not a finite number that f32 can hold. Model line needs every cell of a row.',
    );
    expect(of({ y: [1e39], 'x[0]': [2], 'x[1]': [3] })).toMatch(/^Row 1, column y: 1e\+39 is not a finite number/);
    expect(of({ y: [], 'x[0]': [], 'x[1]': [] })).toBe(
      'There are no rows of data, and model line reads y, x[0], x[1].',
    );
  });
});

// Acceptance: exact. Cells are decimals that JavaScript reads back bit for bit, messages are compared as users see them.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse_cells, parse_table } from '../../src/data/csv.ts';
import { UserError } from '../../src/model/user_error.ts';

const read = (text: string, ...columns: string[]) => parse_table(text, { path: 'data/flu.csv', columns });

function message(text: string, ...columns: string[]): string {
  try {
    read(text, ...columns);
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return (error as UserError).message;
  }
  throw new Error('expected a UserError');
}

describe('reading a table', () => {
  const cell = fc.oneof(
    fc.float({ noNaN: true, noDefaultInfinity: true }),
    fc.constant(Number.NaN),
    fc.constantFrom(0, -0, 1e-45, 3.4028234663852886e38),
  );
  const text_of = (x: number, missing: string) => (Number.isNaN(x) ? missing : Object.is(x, -0) ? '-0' : String(x));

  it('gives back what was written, for every separator, line end, quoting and way to say missing', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ a: cell, b: cell }), { minLength: 1, maxLength: 20 }),
        fc.constantFrom(',', ';', '\t'),
        fc.constantFrom('\n', '\r\n'),
        fc.constantFrom('', 'NA', 'NaN', 'nan', 'na'),
        fc.boolean(),
        fc.constantFrom('', '\uFEFF'),
        (rows, separator, end, missing, quoted, mark) => {
          const quote = (text: string) => (quoted ? `"${text}"` : text);
          const lines = [
            ['note', 'b', 'a'],
            ...rows.map(({ a, b }) => ['any thing', text_of(b, missing), text_of(a, missing)]),
          ];
          const text = mark + lines.map((line) => line.map(quote).join(separator)).join(end) + end;
          const table = read(text, 'a', 'b');
          expect(table.rows).toBe(rows.length);
          expect(Array.from(table.columns.a ?? [])).toEqual(rows.map(({ a }) => a));
          expect(Array.from(table.columns.b ?? [])).toEqual(rows.map(({ b }) => b));
        },
      ),
    );
  });

  it('takes a blank line of a one-column file as a missing observation, but not at the end', () => {
    expect(Array.from(read('y\n1\n\n3\n\n\n', 'y').columns.y ?? [])).toEqual([1, Number.NaN, 3]);
    expect(Array.from(read('y,z\n1,2\n\n3,4\n', 'y').columns.y ?? [])).toEqual([1, 3]);
  });

  it('accepts signs, exponents, bare points and blanks around numbers', () => {
    expect(Array.from(read('y\n+1\n -2.5e-3 \n.5\n5.\n1E3', 'y').columns.y ?? [])).toEqual([1, -0.0025, 0.5, 5, 1000]);
  });
});

describe('mistakes in a table', () => {
  it('name row, column and cell', () => {
    expect(message('day,in_bed\n1,3\n2,8\n3,26\n4,76\n5,225\n6,12a\n', 'in_bed')).toBe(
      'data/flu.csv, row 7, column in_bed: "12a" is not a number.\nEmpty cells, NA and NaN mean "no observation".',
    );
  });

  it('count rows as an editor does, through quoted line breaks, blank lines and CRLF', () => {
    expect(message('note,y\r\n"two\r\nlines",1\r\n\r\n"two\r\nlines",x\r\n', 'y')).toContain('row 5, column y: "x"');
    expect(message('\n\ny,z\n1,2\nx,2\n', 'y')).toContain('row 5, column y: "x"');
  });

  it('are told for what JavaScript would accept but is no observation', () => {
    for (const cell of ['0x10', '1_000', '1e', '--1', '1 2', 'true', '0b1', '١']) {
      expect(message(`y,z\n${cell},1`, 'y')).toContain(`"${cell}" is not a number`);
    }
    for (const cell of ['Inf', '-inf', 'Infinity'])
      expect(message(`y,z\n${cell},1`, 'y')).toContain('not a finite number');
    expect(message('y,z\n1e39,1', 'y')).toContain('too large for 32-bit floats');
    expect(message('y;z\n1,5;1', 'y')).toContain('Write decimals with a point');
  });

  it('list the columns there are and suggest the nearest', () => {
    expect(message('day,In_Bed\n1,3', 'in_bed')).toBe(
      'data/flu.csv: there is no column in_bed; the columns are day, In_Bed.\nDid you mean In_Bed? Rename it to in_bed.',
    );
    expect(message('day,cases\n1,3', 'in_bed')).toContain('Add the column or rename one to in_bed.');
    expect(message('1,3\n2,8', 'in_bed')).toContain('the first line holds numbers, not column names');
  });

  it('include empty files, headers alone, repeated columns and ragged rows', () => {
    expect(message('', 'y')).toContain('the file is empty');
    expect(message(' \n\n', 'y')).toContain('the file is empty');
    expect(message('y,z\n', 'y')).toContain('there is a header but no rows');
    expect(message('y,z,y\n1,2,3', 'y')).toContain('two columns are called y');
    expect(message('y,z\n1,2\n1,2,3\n', 'y')).toBe(
      'data/flu.csv, row 3: 3 cells, but the header names 2 columns (y, z).\n' +
        'Every row needs one cell per column; leave missing ones empty.',
    );
    expect(message('y,z\n1,"2\n', 'y')).toContain('a quoted cell is never closed');
    expect(message('y,z\n1,2\n1,2"3"\n', 'y')).toContain('row 3: a quote stands where none can');
  });

  it('never end in anything but a table or a UserError, whatever the text', () => {
    const text = fc.string({
      unit: fc.constantFrom('y', '1', ',', '"', '\n', '\r', ';', '\t', ' ', 'é', '-'),
      maxLength: 40,
    });
    fc.assert(
      fc.property(text, (body) => {
        try {
          expect(read(`y,z\n${body}`, 'y').columns.y?.length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

it('hands on all cells as text, quoted ones and separators among them', () => {
  expect(parse_cells('id;note\r\n1;"a; ""b"""\r\n2;\r\n', 'y.csv')).toEqual({
    names: ['id', 'note'],
    rows: [
      ['1', 'a; "b"'],
      ['2', ''],
    ],
  });
  expect(() => parse_cells('', 'y.csv')).toThrow(/^y\.csv: the file is empty\./);
});

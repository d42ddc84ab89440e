// Acceptance: what is written is read back equal; what is not a result is refused with the field that is wrong. Texts by equality.

import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { duration, finding_words, peer_words, with_prefix } from '../../bench/format.ts';
import { check_record, read_record, write_record } from '../../bench/record.ts';
import { read_results } from '../../bench/report.ts';
import { format_rows } from '../../bench/table.ts';
import { record, row } from './fixture.ts';

describe('a result file', () => {
  it('comes back as it was', () => {
    expect(read_record(write_record(record()), 'x.json')).toEqual(record());
  });

  it.each([
    [
      'a rate that is not finite',
      { rows: [row({ rate: Number.POSITIVE_INFINITY })] },
      /^rows\.0\.rate: must be finite/,
    ],
    ['a negative time', { seconds: -1 }, /^seconds: must not be negative/],
    ['a shape that there is not', { rows: [{ ...row(), shape: 'line' }] }, /^rows\.0\.shape/],
    ['a field that nobody knows', { colour: 'red' }, /^colour/],
    ['another format', { format: 'langevin-bench-0' }, /^format/],
  ])('with %s is refused', (_, change, message) => {
    expect(() => check_record({ ...record(), ...change })).toThrow(message);
  });

  it('may lack the list of what was left out, which is then empty', () => {
    const { skipped, ...older } = record();
    expect(check_record(older)).toEqual({ ...older, skipped });
  });

  it('is refused with its name when it is no JSON', () => {
    expect(() => read_record('{', 'a/b.json')).toThrow(/^a\/b\.json is not the result of a benchmark/);
  });
});

it('every committed result passes the schema', () => {
  const folder = fileURLToPath(new URL('../../bench/results', import.meta.url));
  expect(read_results(folder).length).toBeGreaterThan(0);
});

describe('words', () => {
  it('numbers have three digits and the prefix that suits', () => {
    expect([0.5, 1, 999, 999.6, 12_345, 999_999, 1.5e9].map(with_prefix)).toEqual([
      '0.500',
      '1.00',
      '999',
      '1.00 k',
      '12.3 k',
      '1.00 M',
      '1.50 G',
    ]);
    expect([0.00123, 0.9999, 1, 12.34, 999.4, 1000, 61_234].map(duration)).toEqual([
      '1.23 µs',
      '1.00 ms',
      '1.00 ms',
      '12.3 ms',
      '999 ms',
      '1.00 s',
      '61.2 s',
    ]);
  });

  it('a peer is its time over ours, or its reason', () => {
    const [measured, skipped] = record().rows[2]?.peers ?? [];
    expect(measured && peer_words(measured)).toBe(
      'PyTorch 1.13.1 (cpu, 2 threads): 3.00 s, 1.50× ours; check: 64 of 64 filters equal to rounding',
    );
    expect(skipped && peer_words(skipped)).toBe('JAX: skipped: not found; pip install jax');
  });

  it('a finding says what was wanted and whether it was met', () => {
    expect(
      finding_words({ label: 'exponent', value: 1.23456, standard_error: 0.0123, wanted: '0.9 to 1.1', met: false }),
    ).toBe('exponent: 1.2346 ± 0.0123 (wanted 0.9 to 1.1: NOT met)');
  });
});

it('the table has a line per row, aligned, with what stands below it', () => {
  const { rows, findings } = record();
  const lines = format_rows(rows, findings, [{ label: 'sir', reason: 'too long' }]).split('\n');
  expect(lines).toHaveLength(1 + 3 + 2 + 1 + 1);
  expect(lines.at(-1)).toBe('not run: sir: too long');
  const column = lines[0]?.indexOf('rate') ?? -1;
  expect(lines[1]?.slice(column)).toMatch(/^13\.1 M particle-steps\/s/);
  expect(lines[2]?.slice(column)).toMatch(/^6\.55 M particle-steps\/s/);
  expect(lines[4]).toMatch(/^ {4}PyTorch 1\.13\.1/);
});

// Acceptance: exact text; digits shown are two significant ones of the Monte Carlo error.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimals_for, format_fixed, format_significant } from '../../src/data/format_number.ts';
import { format_table } from '../../src/data/table.ts';
import { base_summary, filter_input, smc2_input } from './report_fixture.ts';

describe('the table on the terminal', () => {
  it('aligns parameters and shows two digits of each error', () => {
    expect(format_table(smc2_input().summary)).toBe(
      [
        '                  mean      sd    mcse     q05     q50     q95  ess',
        'beta            1.7204  0.0902  0.0041  1.5730  1.7188  1.8720  484',
        'gamma           0.4701  0.0303  0.0013  0.4212  0.4699  0.5203  543',
        'sigma           0.2133  0.0771  0.0037  0.1139  0.2011  0.3592  434',
        'overdispersion   12.38    3.12    0.14    7.96   12.01   18.10  497',
        '',
        'log evidence  -62.412 ± 0.084 (standard error)',
        'adapter       SwiftShader Device (Subzero), software (not a GPU)',
        'time          41.3 s, of which kernels 38.9 s, seed 1',
        '',
      ].join('\n'),
    );
  });

  it('shows likelihood, gradient and warnings of a filter', () => {
    const text = format_table(filter_input().summary);
    expect(text).toContain('log likelihood  -351.28 (16 filters; sd of one 0.21)\n');
    expect(text).toContain('phi        12.3    1.8\n');
    expect(text).toContain('\nwarning: The gradient of mu');
  });

  it('has an R-hat column only where a parameter has one', () => {
    const p = { mean: 1, sd: 1, mcse: 0.02, q05: -1, q50: 1, q95: 3, ess: 2500 };
    const text = format_table({ ...base_summary('m'), parameters: { a: { ...p, rhat: 1.0042 }, b: p } });
    expect(text).toContain('ess   rhat\na  1.000  1.000  0.020  -1.000  1.000  3.000  2500  1.004\nb');
    expect(format_table({ ...base_summary('m'), parameters: { b: p } })).not.toContain('rhat');
  });
});

describe('numbers', () => {
  it('show an error with exactly two significant digits wherever decimals can', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-7, max: 9.4, noNaN: true }), (error) => {
        const shown = error.toFixed(decimals_for(error));
        expect(shown.replace(/^0\.0*|\./g, '')).toHaveLength(2);
        expect(Math.abs(Number(shown) / error - 1)).toBeLessThanOrEqual(0.0501);
      }),
    );
    expect(decimals_for(0.0996)).toBe(2);
    expect(decimals_for(250)).toBe(0);
    expect([decimals_for(0), decimals_for(Number.NaN), decimals_for(Number.POSITIVE_INFINITY)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('never show minus zero, and turn to exponents where digits run out', () => {
    expect(format_fixed(-0.0001, 2)).toBe('0.00');
    expect(format_fixed(-0.006, 2)).toBe('-0.01');
    expect(format_fixed(1.5e12, 0)).toBe('1.500e+12');
    expect(format_significant(0.00001234)).toBe('1.23e-5');
    expect(format_significant(123_456)).toBe('123456');
    expect(format_significant(0)).toBe('0');
  });
});

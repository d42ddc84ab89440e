// Acceptance: exact; every f32 reads back bit for bit, and no shorter decimal would.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse_table } from '../../src/data/csv.ts';
import { draws_text, shortest_f32, write_draws } from '../../src/data/draws.ts';

const f32 = fc.oneof(
  fc.float({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0.1, 1e-45, 1.1754942e-38, 3.4028235e38, 16777217, -0.3, 1 / 3).map(Math.fround),
);

describe('draws.csv', () => {
  it('reads back every draw bit for bit', () => {
    const draws = fc
      .record({ chains: fc.integer({ min: 1, max: 3 }), per_chain: fc.integer({ min: 1, max: 6 }) })
      .chain(({ chains, per_chain }) =>
        fc.record({
          chains: fc.constant(chains),
          draws: fc.constant(per_chain),
          names: fc.constant(['beta', 'rho[0]', 'a "b", c']),
          values: fc.array(f32, { minLength: chains * per_chain * 3, maxLength: chains * per_chain * 3 }),
        }),
      );
    fc.assert(
      fc.property(draws, (input) => {
        const table = parse_table(write_draws(input), {
          path: 'draws.csv',
          columns: ['chain', 'draw', 'weight', ...input.names],
        });
        const rows = input.chains * input.draws;
        expect(table.rows).toBe(rows);
        input.names.forEach((name, n) => {
          const expected = Array.from({ length: rows }, (_, row) => (input.values[row * 3 + n] ?? 0) + 0);
          expect(Array.from(table.columns[name] ?? [], (x) => Math.fround(x) + 0)).toEqual(expected);
        });
        expect(Array.from(table.columns.chain ?? [])).toEqual(
          Array.from({ length: rows }, (_, row) => Math.floor(row / input.draws)),
        );
        expect(Array.from(table.columns.weight ?? [], Math.fround)).toEqual(
          new Array(rows).fill(Math.fround(1 / rows)),
        );
      }),
    );
  });

  it('comes in pieces that together are the whole, none much longer than a megabyte', () => {
    const [chains, per_chain] = [40, 2500];
    const values = Float32Array.from({ length: chains * per_chain * 2 }, (_, i) => Math.sin(i));
    const draws = { names: ['a', 'b'], chains, draws: per_chain, values };
    const pieces = Array.from(draws_text(draws));
    const text = pieces.join('');
    // 100 000 rows of some forty characters.
    expect(pieces.length).toBe(Math.floor(text.length / 2 ** 20) + 1);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(2 ** 20 + 100);
    expect(text).toBe(write_draws(draws));
    expect(text.split('\n').length).toBe(chains * per_chain + 2);
  });

  it('has this form', () => {
    const text = write_draws({
      names: ['a', 'b[0]'],
      chains: 1,
      draws: 2,
      values: [0.1, 2, -3e-9, 4],
      weights: [0.25, 0.75],
    });
    expect(text).toBe('chain,draw,weight,a,b[0]\n0,0,0.25,0.1,2\n0,1,0.75,-3e-9,4\n');
  });

  it('has what the sampler says before the parameters, under Stan’s names', () => {
    const sampler = { energy: [2.5, 3], lp: [-1, -2], energy_error: [0, 0.5] };
    const text = write_draws({ names: ['lp'], chains: 2, draws: 1, values: [7, 8], sampler });
    expect(text).toBe('chain,draw,weight,lp__,energy__,energy_error__,lp\n0,0,0.5,-1,2.5,0,7\n1,0,0.5,-2,3,0.5,8\n');
  });

  it('refuses arrays that do not fit', () => {
    expect(() => write_draws({ names: ['a'], chains: 1, draws: 1, values: [1], sampler: { lp: [1, 2] } })).toThrow(
      '2 values of lp for 1 × 1 draws',
    );
    expect(() => write_draws({ names: ['a'], chains: 2, draws: 2, values: [1, 2, 3] })).toThrow(
      '3 values for 2 × 2 × 1',
    );
    expect(() => write_draws({ names: ['a'], chains: 1, draws: 2, values: [1, 2], weights: [1] })).toThrow('1 weights');
  });

  it('writes no more digits than needed', () => {
    fc.assert(
      fc.property(f32, (x) => {
        const text = shortest_f32(x);
        expect(Math.fround(Number(text))).toBe(x + 0 === 0 ? Math.fround(Number(text)) : x);
        const digits = text
          .replace(/e.*$/, '')
          .replace(/^-?0*\.?0*|\./g, '')
          .replace(/0+$/, '').length;
        if (digits > 1 && !Number.isInteger(x)) expect(Math.fround(Number(x.toPrecision(digits - 1)))).not.toBe(x);
      }),
      { numRuns: 2000 },
    );
  });
});

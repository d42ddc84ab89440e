// Acceptance: exact; every number comes back as it stands in the file, and every mistake is named with its place.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { column_roles } from '../../src/data/draw_columns.ts';
import { write_draws } from '../../src/data/draws.ts';
import { combine_draws } from '../../src/data/draws_file.ts';
import { is_hdf5 } from '../../src/data/is_hdf5.ts';
import { write_posterior } from '../../src/data/netcdf.ts';
import { read_draws } from '../../src/data/read_draws.ts';
import { read_posterior } from '../../src/data/read_netcdf.ts';

const stan = `# model = m
# save_warmup = 1
lp__,accept_stat__,stepsize__,treedepth__,n_leapfrog__,divergent__,energy__,mu,theta.1,theta.2
-9,1,0.5,1,1,0,10,99,99,99
# Adaptation terminated
# Step size = 0.5
-7.5,0.9,0.5,2,3,0,9.5,0.1,1e-3,-2
-8.5,0.8,0.5,3,7,1,8.5,0.2,nan,inf
#
#  Elapsed Time: 0.1 seconds (Warm-up)
#                0.2 seconds (Sampling)
#                0.3 seconds (Total)
`;

const shape = fc.record({
  chains: fc.integer({ min: 1, max: 4 }),
  draws: fc.integer({ min: 1, max: 8 }),
  names: fc.constantFrom(['a'], ['10', '9', 'b[0]', 'b[1]'], ['x "y", z', 'chain'], ['energy_', 'weight']),
  weighted: fc.boolean(),
});
/** Draws as our stages write them. */
const written = shape.chain(({ chains, draws, names, weighted }) =>
  fc.record({
    names: fc.constant(names),
    chains: fc.constant(chains),
    draws: fc.constant(draws),
    values: fc.array(
      fc.float({ noNaN: true, noDefaultInfinity: true }).map((x) => x + 0),
      {
        minLength: chains * draws * names.length,
        maxLength: chains * draws * names.length,
      },
    ),
    ...(weighted ? { weights: fc.constant(Array.from({ length: chains * draws }, (_, i) => 1 + (i % 3))) } : {}),
  }),
);

describe('draws.csv', () => {
  it('comes back chain by chain, with its names in order and its weights', () => {
    fc.assert(
      fc.property(written, (input) => {
        const found = read_draws(write_draws(input), 'draws.csv');
        expect([found.chains, found.draws, found.warmup]).toEqual([input.chains, input.draws, 0]);
        expect(Array.from(found.parameters.keys())).toEqual(input.names);
        input.names.forEach((name, n) => {
          const expected = Array.from({ length: input.chains }, (_, c) =>
            Array.from({ length: input.draws }, (_, t) =>
              Math.fround(input.values[(c * input.draws + t) * input.names.length + n] as number),
            ),
          );
          expect(found.parameters.get(name)?.map((chain) => Array.from(chain, Math.fround))).toEqual(expected);
        });
        const weights: readonly number[] | undefined = input.weights;
        const unequal = weights?.some((w) => w !== weights[0]) ?? false;
        expect(found.weights?.flatMap((chain) => Array.from(chain))).toEqual(unequal ? weights : undefined);
      }),
    );
  });

  it('may have its chains interleaved, Windows line ends, a byte-order mark, spaces and quoted numbers', () => {
    const text = '\uFEFFchain,draw,weight,a,"b ""c"", d"\r\n1,0,1,5,1\r\n0,0,1, 6 ,2\r\n1,1,1,"7",3\r\n0,1,1,8,4\r\n';
    const { parameters, weights } = read_draws(text, 'draws.csv');
    expect(parameters.get('a')).toEqual([Float64Array.of(5, 7), Float64Array.of(6, 8)]);
    expect(parameters.get('b "c", d')).toEqual([Float64Array.of(1, 3), Float64Array.of(2, 4)]);
    expect(weights).toBeUndefined();
  });
});

describe('what the sampler says', () => {
  it('comes back from draws.csv and posterior.nc, beside parameters of the same names', async () => {
    const at = (column: number) => Float32Array.from({ length: 6 }, (_, i) => Math.sin(10 * column + i));
    const sampler = { lp: at(0), acceptance_rate: at(1), step_size: at(2), tree_depth: at(3), n_steps: at(4) };
    const more = { ...sampler, diverging: at(5), energy: at(6), energy_error: at(7) };
    const values = Float32Array.from({ length: 18 }, (_, i) => Math.cos(i));
    const names = ['energy', 'lp', 'chain'];
    const by_chain = (column: ArrayLike<number>, stride: number, first: number) =>
      [0, 1].map((c) => [0, 1, 2].map((t) => column[(c * 3 + t) * stride + first]));
    const to_f32 = (chains: readonly Float64Array[]) => chains.map((chain) => Array.from(chain, Math.fround));
    const text = read_draws(write_draws({ names, chains: 2, draws: 3, values, sampler: more }), 'draws.csv');
    const posterior = { names: ['energy', 'lp', 'a'], chains: 2, draws: 3, values, sampler: more };
    const bytes = await write_posterior({ posterior, created_at: '2026-01-02T03:04:05Z', version: '0.1.0' });
    for (const found of [text, await read_posterior(bytes, 'posterior.nc')]) {
      const told = Object.entries(found.sampler).map(([name, chains]) => [name, to_f32(chains)]);
      expect(Object.fromEntries(told)).toEqual(
        Object.fromEntries(Object.entries(more).map(([name, column]) => [name, by_chain(column, 1, 0)])),
      );
      expect(to_f32(found.parameters.get('energy') ?? [])).toEqual(by_chain(values, 3, 0));
      expect(to_f32(found.parameters.get('lp') ?? [])).toEqual(by_chain(values, 3, 1));
    }
    expect(Array.from(text.parameters.keys())).toEqual(names);
  });
});

describe('columns', () => {
  it('are what their names and places say', () => {
    expect(column_roles(['chain', 'draw', 'weight', 'lp__', 'divergent__', 'energy', 'mu', 'draw'])).toEqual([
      'chain',
      'draw',
      'weight',
      { sampler: 'lp' },
      { sampler: 'diverging' },
      'parameter',
      'parameter',
      'parameter',
    ]);
    expect(column_roles(['', 'mu', '.chain', '.iteration', '.draw', 'energy__', 'log_p__'])).toEqual([
      'ignored',
      'parameter',
      'chain',
      'ignored',
      'draw',
      { sampler: 'energy' },
      'ignored',
    ]);
    // A model's own `weight` behind ours.
    expect(column_roles(['chain', 'draw', 'weight', 'weight'])).toEqual(['chain', 'draw', 'weight', 'parameter']);
  });
});

describe('Stan’s CSV files', () => {
  it('give parameters and the sampler’s columns; the warm-up is left out', () => {
    const found = read_draws(stan, 'chain.csv');
    expect([found.chains, found.draws, found.warmup, found.seconds]).toEqual([1, 2, 1, 0.3]);
    expect(Object.fromEntries(found.parameters)).toEqual({
      mu: [Float64Array.of(0.1, 0.2)],
      'theta.1': [Float64Array.of(1e-3, Number.NaN)],
      'theta.2': [Float64Array.of(-2, Number.POSITIVE_INFINITY)],
    });
    expect(found.sampler).toEqual({
      lp: [Float64Array.of(-7.5, -8.5)],
      acceptance_rate: [Float64Array.of(0.9, 0.8)],
      step_size: [Float64Array.of(0.5, 0.5)],
      tree_depth: [Float64Array.of(2, 3)],
      n_steps: [Float64Array.of(3, 7)],
      diverging: [Float64Array.of(0, 1)],
      energy: [Float64Array.of(9.5, 8.5)],
    });
  });
});

describe('wrong files of draws', () => {
  it.each([
    ['a,b\n1,2\n3,x4\n', 'f.csv, row 3, column b: "x4" is not a number.'],
    ['# note\na,b\n1,2\n3,\n', 'f.csv, row 4, column b: "" is not a number.'],
    ['a,b\n1,2\n3\n', 'f.csv, row 3: 1 cell, but the header names 2 columns.'],
    ['a;b\n1,5;2\n', 'f.csv, row 1: columns are separated by semicolons.'],
    ['a\tb\n1\t2\n', 'f.csv, row 1: columns are separated by tabs.'],
    ['1,2\n3,4\n', 'f.csv, row 1: the first line holds numbers, not column names.'],
    ['"a,b\n1,2\n', 'f.csv, row 1: the header cannot be read.'],
    ['', 'f.csv: the file is empty.'],
    ['# only this\n', 'f.csv: the file is empty.'],
    ['a,b\n', 'f.csv: there is a header but no draws.'],
    ['a,a\n1,2\n', 'f.csv: two columns are called a.'],
    ['chain,draw,weight\n0,0,1\n', 'f.csv: no column holds a parameter; there are chain, draw, weight.'],
    ['chain,a\n0,1\n0,2\n1,3\n', 'f.csv: chain 0 has 2 draws, chain 1 has 1.'],
    ['chain,draw,weight,a\n0,0,1,1\n0,1,-2,1\n', 'f.csv, row 3, column weight: -2 is not a weight.'],
    ['weight,a\n0,1\n0,2\n', 'f.csv: every weight is zero.'],
    ['a\n1\n# Adaptation terminated\n', 'f.csv holds 1 draws of the warm-up and none after it.'],
  ])('%j', (text, message) => {
    expect(() => read_draws(text, 'f.csv')).toThrow(message);
  });
});

describe('several files', () => {
  const draws = (text: string) => read_draws(text, 'f.csv');
  it('are chains side by side', () => {
    const together = combine_draws([
      { path: 'a.csv', draws: draws('energy__,b,a\n1,2,3\n4,5,6\n') },
      { path: 'b.csv', draws: draws('a,b\n7,8\n9,10\n') },
    ]);
    expect(together).toMatchObject({ chains: 2, draws: 2, sampler: {} });
    expect(Array.from(together.parameters)).toEqual([
      ['b', [Float64Array.of(2, 5), Float64Array.of(8, 10)]],
      ['a', [Float64Array.of(3, 6), Float64Array.of(7, 9)]],
    ]);
  });

  it('count the same, whatever their weights add up to', () => {
    const together = combine_draws([
      { path: 'a.csv', draws: draws('weight,a\n1,3\n3,4\n') },
      { path: 'b.csv', draws: draws('a\n7\n9\n') },
    ]);
    expect(together.weights).toEqual([Float64Array.of(0.25, 0.75), Float64Array.of(0.5, 0.5)]);
  });

  it('are refused where they do not belong together', () => {
    const a = { path: 'a.csv', draws: draws('a,b\n1,2\n3,4\n') };
    expect(() => combine_draws([a, { path: 'b.csv', draws: draws('a\n1\n2\n') }])).toThrow(
      'b.csv has no column b, which a.csv has.',
    );
    expect(() => combine_draws([{ path: 'b.csv', draws: draws('a\n1\n2\n') }, a])).toThrow(
      'b.csv has no column b, which a.csv has.',
    );
    expect(() => combine_draws([a, { path: 'b.csv', draws: draws('a,b\n1,2\n') }])).toThrow(
      'a.csv has 2 draws per chain, b.csv has 1.',
    );
  });
});

describe('posterior.nc', () => {
  it('comes back as draws.csv does, arrays by element', async () => {
    const values = Float32Array.from({ length: 2 * 3 * 3 }, (_, i) => Math.sin(i));
    const names = ['beta', 'rho[0]', 'rho[1]'];
    const input = { names, chains: 2, draws: 3, values };
    const bytes = await write_posterior({
      posterior: input,
      sample_stats: { energy: [1, 2, 3, 4, 5, 6], diverging: [0, 0, 1, 0, 0, 0], custom: [1, 1, 1, 1, 1, 1] },
      created_at: '2026-01-02T03:04:05Z',
      version: '0.1.0',
    });
    expect(is_hdf5(bytes)).toBe(true);
    const found = await read_posterior(bytes, 'posterior.nc');
    expect([found.chains, found.draws, found.weights]).toEqual([2, 3, undefined]);
    names.forEach((name, n) => {
      const expected = [0, 3].map((first) =>
        Float64Array.from({ length: 3 }, (_, t) => values[(first + t) * 3 + n] as number),
      );
      expect(found.parameters.get(name)).toEqual(expected);
    });
    expect(found.sampler).toEqual({
      energy: [Float64Array.of(1, 2, 3), Float64Array.of(4, 5, 6)],
      diverging: [Float64Array.of(0, 0, 1), Float64Array.of(0, 0, 0)],
    });
  });

  it('of a population is no chain, though its weights are equal', async () => {
    const posterior = { names: ['a'], chains: 1, draws: 2, values: [1, 2] };
    const attributes = { command: 'langevin smc2 sir --data influenza-1978', sampling_time: 2.5 };
    const bytes = await write_posterior({
      posterior,
      attributes,
      created_at: '2026-01-02T03:04:05Z',
      version: '0.1.0',
    });
    const { weights, seconds } = await read_posterior(bytes, 'posterior.nc');
    expect([weights, seconds]).toEqual([[Float64Array.of(0.5, 0.5)], 2.5]);
  });

  it('keeps weights', async () => {
    const posterior = { names: ['a'], chains: 1, draws: 2, values: [1, 2], weights: [0.25, 0.75] };
    const found = await read_posterior(
      await write_posterior({ posterior, created_at: '2026-01-02T03:04:05Z', version: '0.1.0' }),
      'posterior.nc',
    );
    expect(found.weights).toEqual([Float64Array.of(0.25, 0.75)]);
  });

  it('is refused where it is damaged or holds no draws', async () => {
    const posterior = { names: ['a'], chains: 1, draws: 2, values: [1, 2] };
    const bytes = await write_posterior({ posterior, created_at: '2026-01-02T03:04:05Z', version: '0.1.0' });
    await expect(read_posterior(bytes.slice(0, 400), 'cut.nc')).rejects.toThrow('cut.nc is damaged');
    const { write_netcdf } = await import('../../src/data/hdf5.ts');
    const other = await write_netcdf({ prior: { dimensions: { x: 1 }, variables: {} } });
    await expect(read_posterior(other, 'other.nc')).rejects.toThrow('other.nc holds no draws');
    expect(is_hdf5(new TextEncoder().encode('chain,draw,weight,a\n'))).toBe(false);
  });
});

// Acceptance: exact numbers and messages.
import { describe, expect, it } from 'vitest';
import { read_draws } from '../../../src/data/read_draws.ts';
import { align_shards } from '../../../src/merge/shards/align.ts';
import { attach_gradients, attach_log_densities } from '../../../src/merge/shards/attach.ts';
import { type FileShard, shard_from_draws } from '../../../src/merge/shards/from_draws.ts';
import { shards_from_npy } from '../../../src/merge/shards/from_npy.ts';
import { effective_draws } from '../../../src/merge/shards/shard.ts';
import { autoregression } from '../../diagnostics/reference_draws.ts';

const csv = (text: string, path = 'a.csv') => shard_from_draws(read_draws(text, path), path);
const npy = (shape: number[], values: number[], path = 'x.npy') =>
  shards_from_npy({ shape, values: Float64Array.from(values) }, path);
const count_to = (n: number) => Array.from({ length: n }, (_, i) => i * i);

describe('shards from files', () => {
  it('are chains of a CSV, with its log densities apart', () => {
    const shard = csv(
      'chain,draw,weight,mu,log_density,tau\n0,0,1,1,-7,2\n0,1,1,3,-8,4\n1,0,1,5,-9,6\n1,1,1,7,-10,8\n',
    );
    expect(shard).toMatchObject({ names: ['mu', 'tau'], chains: 2, points: { count: 4, dimension: 2 } });
    expect(Array.from(shard.points.values)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(Array.from(shard.log_densities ?? [])).toEqual([-7, -8, -9, -10]);
  });

  it('of weighted draws are resampled, gradients and log densities with them', () => {
    const shard = csv('weight,a,log_density\n0.5,1,-1\n0,2,-2\n0.25,3,-3\n0.25,5,-5\n');
    expect(Array.from(shard.points.values)).toEqual([1, 1, 3, 5]);
    expect(Array.from(shard.log_densities ?? [])).toEqual([-1, -1, -3, -5]);
    expect(shard.weights_ess).toBeCloseTo(1 / 0.375, 12);
    expect(effective_draws(shard, shard.points.values)).toBeCloseTo(1 / 0.375, 12);
    const file = { path: 'g.npy', array: { shape: [4, 1], values: Float64Array.of(10, 20, 30, 50) } };
    const [with_gradients] = attach_gradients([shard], [file], ['a']);
    expect(Array.from(with_gradients?.gradients ?? [])).toEqual([10, 10, 30, 50]);
  });

  it('of one .npy file are its first index, and names are given where there are none', () => {
    const shards = npy([2, 4, 1], count_to(8));
    expect(shards.map(({ name }) => name)).toEqual(['x.npy, shard 1', 'x.npy, shard 2']);
    expect(Array.from(shards[1]?.points.values ?? [])).toEqual([16, 25, 36, 49]);
    expect(align_shards(shards).names).toEqual(['p1']);
  });

  it('are put in one order of columns', () => {
    const rows = 'x,y\n1,2\n3,5\n5,7\n';
    const { names, shards } = align_shards([csv(rows), csv('y,x\n2,1\n5,3\n7,5\n', 'b.csv')]);
    expect(names).toEqual(['x', 'y']);
    expect(shards[1]?.points.values).toEqual(shards[0]?.points.values);
    const files = [0, 1].map(() => ({
      path: 'g.npy',
      array: { shape: [3, 2], values: Float64Array.from(count_to(6)) },
    }));
    expect(() => attach_gradients(shards, files, names)).toThrow(/^b\.csv has its columns in another order/);
  });

  it('count what their draws are worth: chains by autocorrelation, single draws of many chains as they are', () => {
    // An AR(1) of ρ has (1 − ρ) / (1 + ρ) of its draws; ESS estimates of 10 000 draws are good to about a tenth.
    const [values] = autoregression(7, 1, 10_000, 0.8) as [Float64Array];
    const shard = { name: '', points: { count: 10_000, dimension: 1, values }, chains: 1 };
    expect(Math.abs(effective_draws(shard, values) / (10_000 / 9) - 1)).toBeLessThan(0.25);
    expect(effective_draws({ ...shard, chains: 5000 }, values)).toBe(10_000);
  });

  const a = csv('x,y\n1,2\n3,5\n5,7\n');
  const other = (text: string) => csv(text, 'b.csv');
  it.each<[string, FileShard[], RegExp]>([
    ['one shard', [a], /^A merge needs two shards or more; there is one: a\.csv\./],
    ['a missing column', [a, other('x,z\n1,2\n3,4\n5,7\n')], /^b\.csv has no column y, which a\.csv has\./],
    ['one more column', [a, other('x,y,z\n1,2,4\n3,4,4\n5,7,4\n')], /^b\.csv has a column z, which a\.csv has not\./],
    ['another number of columns', [a, ...npy([4, 3], count_to(12))], /^x\.npy has 3 columns, a\.csv has 2\./],
    ['a constant column', [a, other('x,y\n1,2\n3,2\n5,2\n')], /^b\.csv: y is the same in every draw\./],
    ['NaN', [a, other('x,y\n1,2\n3,nan\n5,2\n')], /^b\.csv, draw 2, y: NaN is not a finite number\./],
    ['infinity', [a, other('x,y\n1,2\n3,4\ninf,2\n')], /^b\.csv, draw 3, x: Infinity is not a finite number\./],
    ['too few draws', [a, other('x,y\n1,2\n3,4\n')], /^b\.csv has 2 draws of 2 parameters, too few/],
    [
      'too few effective draws',
      [a, other('weight,x,y\n1,1,2\n1e-9,3,4\n1e-9,5,9\n')],
      /^b\.csv: its weights leave 1\.0 effective draws/,
    ],
  ])('are refused for %s', (_, files, message) => {
    expect(() => align_shards(files)).toThrow(message);
  });

  const numbers = (shape: number[]) => ({
    path: 'g.npy',
    array: { shape, values: Float64Array.from(count_to(shape.reduce((n, m) => n * m, 1))) },
  });
  const two = align_shards([a, { ...a, name: 'b.csv' }]).shards;
  it('take gradients and log densities of all shards in one file or one file each', () => {
    const [, second] = attach_gradients(two, [numbers([2, 3, 2])], ['x', 'y']);
    expect(Array.from(second?.gradients ?? [])).toEqual([36, 49, 64, 81, 100, 121]);
    for (const shapes of [[[2, 3]], [[2, 3, 1]], [[3], [3, 1]]]) {
      expect(attach_log_densities(two, shapes.map(numbers)).map((shard) => shard.log_densities?.length)).toEqual([
        3, 3,
      ]);
    }
  });

  it('refuse gradients and log densities of another shape', () => {
    const gradients = (...shapes: number[][]) => attach_gradients(two, shapes.map(numbers), ['x', 'y']);
    expect(() => gradients([3, 2])).toThrow(/^--gradients gives 1 of 2 shards/);
    expect(() => gradients([3, 2], [3, 3])).toThrow(/^g\.npy has the shape 3 × 3; the draws of b\.csv are 3 × 2\./);
    expect(() => gradients([2, 4, 2])).toThrow(/^g\.npy, shard 1 has the shape 4 × 2/);
    expect(() => attach_log_densities(two, [numbers([2, 4])])).toThrow(
      /^g\.npy, shard 1 has the shape 4; a\.csv has 3 draws/,
    );
  });
});

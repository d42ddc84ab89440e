// Acceptance: exact; the file is read back by the HDF5 library itself. That ncdump and xarray open it was seen by hand; here
// stands what they look for: dimension scales named like the dimension, int64 chain and draw, every axis attached to one.
import { type Dataset, File, FS, type Group, ready } from 'h5wasm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { write_netcdf } from '../../src/data/hdf5.ts';
import { type PosteriorFile, write_posterior } from '../../src/data/netcdf.ts';

const CHAINS = 2;
const DRAWS = 5;
const names = ['beta', 'rho[0]', 'rho[1]', 'draw'];
const values = Float32Array.from({ length: CHAINS * DRAWS * names.length }, (_, i) => Math.sin(i));
const input: PosteriorFile = {
  posterior: {
    names,
    chains: CHAINS,
    draws: DRAWS,
    values,
    weights: Array.from({ length: 10 }, (_, i) => (i + 1) / 55),
  },
  sample_stats: { log_likelihood: Array.from({ length: 10 }, (_, i) => -i / 3) },
  observed_data: { times: [1, 2, 3], values: { in_bed: [3, Number.NaN, 26] } },
  prior: { names: ['beta'], chains: 1, draws: 4, values: [1, 2, 3, 4] },
  posterior_predictive: {
    chains: CHAINS,
    draws: DRAWS,
    times: [1, 2, 3],
    values: { in_bed: new Float32Array(30).fill(2) },
  },
  predictions: { chains: CHAINS, draws: DRAWS, times: [4, 5], values: { in_bed: new Float32Array(20).fill(7) } },
  created_at: '2026-01-02T03:04:05Z',
  version: '0.1.0',
  attributes: { model: 'sïr', sampling_time: 2.5 },
};

describe('the posterior file', () => {
  let file: File;
  const dataset = (path: string) => file.get(path) as Dataset;

  beforeAll(async () => {
    await ready;
    FS?.writeFile('back.nc', await write_posterior(input));
    file = new File('back.nc', 'r');
  });
  afterAll(() => file.close());

  it('has the groups and variables of the InferenceData schema', () => {
    expect(file.keys().sort()).toEqual(
      ['observed_data', 'posterior', 'posterior_predictive', 'predictions', 'prior', 'sample_stats'].sort(),
    );
    // A parameter called like a dimension is renamed, arrays are gathered.
    expect((file.get('posterior') as Group).keys().sort()).toEqual([
      'beta',
      'chain',
      'draw',
      'draw_',
      'rho',
      'rho_dim_0',
    ]);
    expect(dataset('posterior/rho').shape).toEqual([CHAINS, DRAWS, 2]);
    expect(dataset('posterior/beta').dtype).toBe('<f');
  });

  it('holds every number unchanged', () => {
    const rows = Array.from({ length: CHAINS * DRAWS }, (_, row) => row * names.length);
    expect(Array.from(dataset('posterior/beta').value as Float32Array)).toEqual(rows.map((row) => values[row]));
    expect(Array.from(dataset('posterior/rho').value as Float32Array)).toEqual(
      rows.flatMap((row) => [values[row + 1], values[row + 2]]),
    );
    expect(Array.from(dataset('posterior/draw_').value as Float32Array)).toEqual(rows.map((row) => values[row + 3]));
    expect(Array.from(dataset('sample_stats/weight').value as Float64Array)).toEqual(input.posterior.weights);
    expect(Array.from(dataset('observed_data/in_bed').value as Float64Array)).toEqual([3, Number.NaN, 26]);
    expect(Array.from(dataset('predictions/time').value as Float64Array)).toEqual([4, 5]);
  });

  it('attaches every axis to a dimension scale of the same group', () => {
    for (const name of ['chain', 'draw', 'rho_dim_0']) expect(dataset(`posterior/${name}`).get_scale_name()).toBe(name);
    expect(Array.from(dataset('posterior/draw').value as BigInt64Array)).toEqual([0n, 1n, 2n, 3n, 4n]);
    const axes = (path: string, count: number) =>
      Array.from({ length: count }, (_, axis) => dataset(path).get_attached_scales(axis));
    expect(axes('posterior/rho', 3)).toEqual([['/posterior/chain'], ['/posterior/draw'], ['/posterior/rho_dim_0']]);
    expect(axes('posterior_predictive/in_bed', 3)[2]).toEqual(['/posterior_predictive/time']);
    expect(axes('observed_data/in_bed', 1)).toEqual([['/observed_data/time']]);
  });

  it('says what made it, in the file and in each group', () => {
    for (const entity of [file, file.get('posterior') as Group]) {
      expect(entity.attrs.inference_library?.value).toBe('langevin');
      expect(entity.attrs.inference_library_version?.value).toBe('0.1.0');
      expect(entity.attrs.created_at?.value).toBe('2026-01-02T03:04:05Z');
      expect(entity.attrs.model?.value).toBe('sïr');
      expect(entity.attrs.sampling_time?.value).toBe(2.5);
    }
    expect((file.get('posterior') as Group).attrs.weighted?.value).toBe(1);
    expect((file.get('prior') as Group).attrs.weighted?.value).toBe(0);
  });
});

describe('writing netCDF', () => {
  it('refuses what readers would misread, and leaves no file behind', async () => {
    await ready;
    const before = FS?.readdir('.');
    const data = new Float32Array(3);
    await expect(
      write_netcdf({ g: { dimensions: { x: 2 }, variables: { y: { dimensions: ['x'], data } } } }),
    ).rejects.toThrow('g/y has 3 values for x = 2');
    await expect(
      write_netcdf({ g: { dimensions: { x: 3 }, variables: { x: { dimensions: ['x'], data } } } }),
    ).rejects.toThrow('g/x has the name of a dimension');
    expect(FS?.readdir('.')).toEqual(before);
  });

  it('keeps an array beyond one chunk whole', async () => {
    const data = Float32Array.from({ length: 3 * 500_000 }, (_, i) => i % 8191);
    const bytes = await write_netcdf({
      g: { dimensions: { x: 3, y: 500_000 }, variables: { z: { dimensions: ['x', 'y'], data } } },
    });
    FS?.writeFile('large.nc', bytes);
    const back = new File('large.nc', 'r');
    const z = (back.get('g/z') as Dataset).value as Float32Array;
    expect(z.length).toBe(data.length);
    expect(z.findIndex((value, i) => value !== data[i])).toBe(-1);
    back.close();
  });
});

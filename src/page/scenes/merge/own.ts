/** A person's own shards: files of draws that were dropped together, read and checked as `langevin merge` does. What the page and `langevin sample` save has names by which it is known: gradients and log densities of the draws, and draws of the whole. */

import { is_hdf5 } from '../../../data/is_hdf5.ts';
import { is_npy, read_npy } from '../../../data/npy.ts';
import { read_draws } from '../../../data/read_draws.ts';
import type { Range } from '../../../data/report/svg.ts';
import type { Points } from '../../../diagnostics/points.ts';
import { quantile } from '../../../diagnostics/quantiles.ts';
import { gaussian_product, shard_moments } from '../../../merge/baselines/shards.ts';
import { align_exact, assemble_shards, check_densities } from '../../../merge/shards/assemble.ts';
import { type FileShard, shard_from_draws } from '../../../merge/shards/from_draws.ts';
import { shards_from_npy } from '../../../merge/shards/from_npy.ts';
import { UserError } from '../../../model/user_error.ts';
import { type DroppedFile, text_of } from '../../shell/drop.ts';
import type { Task } from './shards.ts';

/** Throws UserError naming the file, with row and column where it is one of them. */
export async function own_task(files: readonly DroppedFile[]): Promise<Task> {
  const names = files.map(({ name }) => name);
  const twice = names.find((name, n) => names.indexOf(name) < n);
  if (twice !== undefined)
    throw new UserError(`Two files are called ${twice}, and the command line could not tell them apart. Rename one.`);
  const of = (role: Role) => files.filter(({ name }) => role_of(name) === role);
  const array = ({ name, bytes }: DroppedFile) => ({ path: name, array: read_npy(bytes, name) });
  const read = (await Promise.all(of('shard').map(read_file))).flat();
  const set = assemble_shards(read, of('gradients').map(array), of('log-density').map(array));
  if (set.names.length < 2) throw new UserError('Give at least two parameters: a plane is shown.');
  check_densities(set);
  const [exact] = await Promise.all(
    of('exact').map(async (file) => align_exact(await read_file(file), file.name, set).points),
  );
  const points = set.shards.map((shard) => shard.points);
  const near = [0, 1].map((j) => product_range(points, j)) as [Range, Range];
  return {
    ...{ what: `Your own: ${set.shards.length} shards with the parameters ${set.names.join(', ')}.`, set, near },
    ...(exact ? { exact } : {}),
    ranges: near.map((range, j) => all_range(points, j, range)) as [Range, Range],
    given: [
      ...of('shard').map(({ name }) => name),
      ...(['gradients', 'log-density', 'exact'] as const).flatMap((role) =>
        of(role).flatMap(({ name }) => [`--${role}`, name]),
      ),
    ],
  };
}

type Role = 'shard' | 'gradients' | 'log-density' | 'exact';

function role_of(name: string): Role {
  if (/^gradients.*\.npy$/.test(name)) return 'gradients';
  if (/^log_density.*\.npy$/.test(name)) return 'log-density';
  return /^exact[._-]/.test(name) ? 'exact' : 'shard';
}

/** What a file holds is seen from its bytes. */
async function read_file(file: DroppedFile): Promise<FileShard[]> {
  const { name, bytes } = file;
  if (is_npy(bytes)) return shards_from_npy(read_npy(bytes, name), name);
  if (is_hdf5(bytes)) {
    // A megabyte of HDF5, for those who bring such files.
    const { read_posterior } = await import('../../../data/read_netcdf.ts');
    return [shard_from_draws(await read_posterior(bytes, name), name)];
  }
  if (bytes.includes(0)) throw new UserError(`${name} is neither CSV nor netCDF-4 nor .npy.`);
  return [shard_from_draws(read_draws(text_of(file), name), name)];
}

/** Where the product of Gaussians is: four sds to each side. */
function product_range(shards: readonly Points[], j: number): Range {
  const { mean, covariance } = gaussian_product(shard_moments(shards));
  const [center, sd] = [mean[j] as number, Math.sqrt(covariance[j * mean.length + j] as number)];
  return [center - 4 * sd, center + 4 * sd];
}

/** And nearly all draws of every shard. */
function all_range(shards: readonly Points[], j: number, [low, high]: Range): Range {
  const columns = shards.map(({ count, dimension, values }) =>
    Float64Array.from({ length: count }, (_, n) => values[n * dimension + j] as number).sort(),
  );
  return [
    Math.min(low, ...columns.map((sorted) => quantile(sorted, 0.005))),
    Math.max(high, ...columns.map((sorted) => quantile(sorted, 0.995))),
  ];
}

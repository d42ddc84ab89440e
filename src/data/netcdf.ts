/**
 * The posterior as a file that ArviZ opens (`arviz.from_netcdf`, or xarray with `group='posterior'`): groups and names
 * of the InferenceData schema, dimensions matched by name.
 *
 * ArviZ gives every draw the same weight. Draws with unequal weights keep them in `sample_stats/weight`, and the file
 * says so in the posterior group's `weighted` attribute; resample them first if plain readers shall use the file.
 */
import type { Draws } from './draws.ts';
import { type Attributes, type NetcdfGroup, type Variable, write_netcdf } from './hdf5.ts';

/** Values per chain and draw, over time: simulated or predicted observations or states. */
export interface Trajectories {
  chains: number;
  draws: number;
  /** Times along the last axis. */
  times: ArrayLike<number>;
  /** By name: [chain][draw][time]; NaN where there is none. */
  values: Record<string, ArrayLike<number>>;
}

export interface PosteriorFile {
  posterior: Draws;
  /** By name (`log_likelihood`, …): [chain][draw]. `weight` and what the sampler says come from the draws. */
  sample_stats?: Record<string, ArrayLike<number>>;
  /** By column: [time]; NaN where there is none. */
  observed_data?: { times: ArrayLike<number>; values: Record<string, ArrayLike<number>> };
  prior?: Draws;
  posterior_predictive?: Trajectories;
  /** Times beyond the data: ArviZ's group for forecasts. */
  predictions?: Trajectories;
  /** ISO 8601. */
  created_at: string;
  /** Of langevin. */
  version: string;
  /** How the draws were made, e.g. `sampling_time` in seconds, `model`, `adapter`, `seed`, `command`. */
  attributes?: Attributes;
}

/**
 * Bytes of numbers that one file is tried with: HDF5 runs as 32-bit WebAssembly here, which holds the file beside what is written into it, and takes minutes
 * for so many.
 */
export const largest_posterior = 2 ** 30;

/** The bytes of posterior.nc. Throws Error when arrays and sizes disagree. */
export function write_posterior(input: PosteriorFile): Promise<Uint8Array> {
  const attributes: Attributes = {
    created_at: input.created_at,
    inference_library: 'langevin',
    inference_library_version: input.version,
    ...input.attributes,
  };
  const { posterior } = input;
  const groups: Record<string, NetcdfGroup> = { posterior: draws_group(posterior) };
  const stats = {
    ...posterior.sampler,
    ...input.sample_stats,
    ...(posterior.weights === undefined ? {} : { weight: posterior.weights }),
  };
  if (Object.keys(stats).length > 0) groups.sample_stats = stats_group(posterior, stats);
  if (input.observed_data !== undefined) groups.observed_data = observed_group(input.observed_data);
  if (input.prior !== undefined) groups.prior = draws_group(input.prior);
  for (const name of ['posterior_predictive', 'predictions'] as const) {
    const trajectories = input[name];
    if (trajectories !== undefined) groups[name] = trajectories_group(trajectories);
  }
  for (const group of Object.values(groups)) group.attributes = { ...attributes, ...group.attributes };
  return write_netcdf(groups, attributes);
}

/** Columns `beta[0]`, `beta[1]`, … become one variable `beta` with the extra dimension `beta_dim_0`. */
function draws_group({ names, chains, draws, values, weights }: Draws): NetcdfGroup {
  const columns = new Map<string, number[]>();
  names.forEach((name, column) => {
    const array = name.match(/^(.*)\[\d+\]$/)?.[1];
    const key = array === undefined ? name : `${array}[]`;
    columns.set(key, [...(columns.get(key) ?? []), column]);
  });
  const dimensions: NetcdfGroup['dimensions'] = { chain: chains, draw: draws };
  const variables: Record<string, Variable> = {};
  for (const [key, members] of columns) {
    const array = key.endsWith('[]');
    const name = free_name(array ? key.slice(0, -2) : key);
    if (array) dimensions[`${name}_dim_0`] = members.length;
    const data = new Float32Array(chains * draws * members.length);
    for (let row = 0; row < chains * draws; row++) {
      members.forEach((column, m) => {
        data[row * members.length + m] = values[row * names.length + column] ?? Number.NaN;
      });
    }
    variables[name] = { dimensions: ['chain', 'draw', ...(array ? [`${name}_dim_0`] : [])], data };
  }
  const weighted = weights !== undefined && Array.from(weights).some((w) => w !== weights[0]);
  return { dimensions, variables, attributes: { weighted: weighted ? 1 : 0 } };
}

function stats_group({ chains, draws }: Draws, stats: Record<string, ArrayLike<number>>): NetcdfGroup {
  const variables: Record<string, Variable> = {};
  for (const [name, values] of Object.entries(stats)) {
    variables[free_name(name)] = {
      dimensions: ['chain', 'draw'],
      data: values instanceof Float32Array ? values : Float64Array.from(values),
    };
  }
  return { dimensions: { chain: chains, draw: draws }, variables };
}

function observed_group({ times, values }: NonNullable<PosteriorFile['observed_data']>): NetcdfGroup {
  const variables: Record<string, Variable> = {};
  for (const [name, data] of Object.entries(values)) {
    variables[free_name(name)] = { dimensions: ['time'], data: Float64Array.from(data) };
  }
  return { dimensions: { time: Float64Array.from(times) }, variables };
}

function trajectories_group({ chains, draws, times, values }: Trajectories): NetcdfGroup {
  const variables: Record<string, Variable> = {};
  for (const [name, data] of Object.entries(values)) {
    variables[free_name(name)] = { dimensions: ['chain', 'draw', 'time'], data: Float32Array.from(data) };
  }
  return { dimensions: { chain: chains, draw: draws, time: Float64Array.from(times) }, variables };
}

/** A variable may not be called like a dimension: `draw` is stored as `draw_`. */
function free_name(name: string): string {
  return ['chain', 'draw', 'time'].includes(name) ? `${name}_` : name;
}

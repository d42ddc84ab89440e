/** Draws from a netCDF-4 file with the groups of the InferenceData schema: our posterior.nc, or what ArviZ writes. */
import { Dataset, File, FS, Group, ready } from 'h5wasm';
import { UserError } from '../model/user_error.ts';
import { sampler_column_names } from './draw_columns.ts';
import { type DrawsFile, equal_weights } from './draws_file.ts';

let files = 0;

/**
 * The groups `posterior` and, where it is there, `sample_stats`. An array parameter becomes one per element: `theta[0]`,
 * `rho[1,2]`, counted from 0. Throws UserError for a file that cannot be read or has no posterior.
 */
export async function read_posterior(bytes: Uint8Array, path: string): Promise<DrawsFile> {
  const library = await ready;
  if (FS === null) throw new Error('h5wasm has no file system.');
  // A file of the module's own in-memory file system; the number keeps concurrent readers apart.
  const name = `langevin_read_${files++}.nc`;
  FS.writeFile(name, bytes);
  try {
    const file = open(library, name, path);
    try {
      return read_groups(file, path);
    } finally {
      file.close();
    }
  } finally {
    FS.unlink(name);
  }
}

function open(library: Awaited<typeof ready>, name: string, path: string): File {
  // Otherwise the library prints a page of its own about a damaged file.
  library.activate_throwing_error_handler();
  try {
    return new File(name, 'r');
  } catch {
    throw new UserError(
      `${path} is damaged: the HDF5 library cannot open it.\nIf it is still being written, wait for its end.`,
    );
  } finally {
    library.deactivate_throwing_error_handler();
  }
}

function read_groups(file: File, path: string): DrawsFile {
  const posterior = file.keys().includes('posterior') ? file.get('posterior') : null;
  const parameters = new Map<string, Float64Array[]>();
  let size: [chains: number, draws: number] | undefined;
  for (const [name, { values, shape }] of posterior instanceof Group ? variables(posterior) : []) {
    size ??= [shape[0] as number, shape[1] as number];
    elements(name, shape).forEach((element, e, all) => {
      parameters.set(element, split(values, size as [number, number], all.length, e));
    });
  }
  if (size === undefined) {
    throw new UserError(
      `${path} holds no draws: it has no group posterior with variables by chain and draw.\nGive a posterior.nc of langevin or a file that ArviZ wrote.`,
    );
  }
  const sampler: DrawsFile['sampler'] = {};
  let weights: Float64Array[] | undefined;
  const stats = file.keys().includes('sample_stats') ? file.get('sample_stats') : null;
  for (const [name, { values, shape }] of stats instanceof Group ? variables(stats) : []) {
    if (shape.length !== 2) continue;
    const column = sampler_column_names.find((known) => known === name);
    if (column !== undefined) sampler[column] = split(values, size, 1, 0);
    if (name === 'weight' && values.some((w) => w !== values[0])) weights = split(values, size, 1, 0);
  }
  const [chains, draws] = size;
  // Resampled to equal weights, but still a population: neighbours are copies of each other and no steps of a chain.
  if (String(file.attrs.command?.value ?? '').startsWith('langevin smc2')) {
    weights ??= equal_weights({ chains, draws });
  }
  const seconds = seconds_of(file) ?? (posterior instanceof Group ? seconds_of(posterior) : undefined);
  return {
    chains,
    draws,
    parameters,
    sampler,
    ...(weights === undefined ? {} : { weights }),
    ...(seconds === undefined ? {} : { seconds }),
    warmup: 0,
  };
}

/** The schema's attribute `sampling_time`, of the file or of its posterior. */
function seconds_of(of: Group): number | undefined {
  const value = Number(of.attrs.sampling_time?.value ?? Number.NaN);
  return Number.isFinite(value) && value > 0 ? value : undefined;
}

/** The numeric variables whose first axes are chain and draw, row-major. */
function* variables(group: Group): Generator<[name: string, { values: Float64Array; shape: number[] }]> {
  for (const name of group.keys()) {
    const variable = group.get(name);
    if (!(variable instanceof Dataset) || (variable.shape?.length ?? 0) < 2) continue;
    if (axis(variable, 0) !== 'chain' || axis(variable, 1) !== 'draw') continue;
    const { value, shape } = variable;
    if (value === null || typeof value !== 'object' || !('length' in value) || typeof value[0] === 'string') continue;
    // 64-bit integers come as bigint, booleans as such.
    yield [name, { values: Float64Array.from(value as ArrayLike<number>, Number), shape: shape as number[] }];
  }
}

/** The name of an axis: that of the dimension scale attached to it. */
function axis(variable: Dataset, index: number): string | undefined {
  return variable.get_attached_scales(index)[0]?.split('/').at(-1);
}

/** Names of the elements of a variable over the axes behind chain and draw, last axis fastest. */
function elements(name: string, shape: readonly number[]): string[] {
  const axes = shape.slice(2);
  if (axes.length === 0) return [name];
  const indices = axes.reduce<string[]>(
    (before, length) =>
      before.flatMap((index) => Array.from({ length }, (_, i) => (index === '' ? String(i) : `${index},${i}`))),
    [''],
  );
  return indices.map((index) => `${name}[${index}]`);
}

/** Element e of each draw, chain by chain, from [chain][draw][element]. */
function split(values: Float64Array, [chains, draws]: [number, number], size: number, e: number): Float64Array[] {
  return Array.from({ length: chains }, (_, c) =>
    Float64Array.from({ length: draws }, (_, t) => values[(c * draws + t) * size + e] as number),
  );
}

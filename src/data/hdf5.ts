/**
 * A netCDF-4 file from plain data. netCDF-4 is HDF5 with conventions: a dimension is a one-dimensional dataset made a
 * "dimension scale", and each axis of a variable is attached to one (netCDF-4 file format specification, "Dimensions").
 * h5wasm is the HDF5 C library as WebAssembly; its own make_scale and attach_scale set what readers look for, where
 * CLASS and NAME written by hand as attributes are refused by h5netcdf.
 */
import type { Group } from 'h5wasm';

/** Number or text attributes of a file, group or variable. */
export type Attributes = Record<string, string | number>;

export interface Variable {
  /** Names of the axes, slowest first. */
  dimensions: readonly string[];
  /** Row-major; as many as the product of the dimensions' lengths. Float32Array stays f32. */
  data: Float32Array | Float64Array | Int32Array | BigInt64Array;
  attributes?: Attributes;
}

export interface NetcdfGroup {
  /** Length of every dimension used, or the labels along it; lengths get the coordinate 0, 1, 2, …. */
  dimensions: Record<string, number | BigInt64Array | Float64Array>;
  variables: Record<string, Variable>;
  attributes?: Attributes;
}

let files = 0;

/**
 * The bytes of a netCDF-4 file with these groups. Throws Error when a variable's data do not fill its dimensions, or a
 * variable has a dimension's name (readers would take it for a coordinate).
 */
export async function write_netcdf(
  groups: Record<string, NetcdfGroup>,
  attributes: Attributes = {},
): Promise<Uint8Array> {
  // Half a second to load, which what writes no such file need not wait for.
  const library = await import('h5wasm');
  await library.ready;
  const { File, FS } = library;
  if (FS === null) throw new Error('h5wasm has no file system.');
  // A file of the module's own in-memory file system; the number keeps concurrent writers apart.
  const path = `langevin_${files++}.nc`;
  try {
    const file = new File(path, 'w');
    try {
      set_attributes(file, attributes);
      for (const [name, group] of Object.entries(groups)) write_group(file, name, group);
    } finally {
      file.close();
    }
    return FS.readFile(path);
  } finally {
    FS.unlink(path);
  }
}

function write_group(file: Group, name: string, group: NetcdfGroup): void {
  const target = file.create_group(name);
  set_attributes(target, group.attributes ?? {});
  const lengths: Record<string, number> = {};
  for (const [dimension, labels] of Object.entries(group.dimensions)) {
    const data = typeof labels === 'number' ? BigInt64Array.from({ length: labels }, (_, i) => BigInt(i)) : labels;
    lengths[dimension] = data.length;
    target.create_dataset({ name: dimension, data, shape: [data.length] }).make_scale(dimension);
  }
  for (const [variable, { dimensions, data, attributes }] of Object.entries(group.variables)) {
    if (Object.hasOwn(group.dimensions, variable))
      throw new Error(`netCDF: ${name}/${variable} has the name of a dimension.`);
    const shape = dimensions.map((dimension) => lengths[dimension] ?? Number.NaN);
    const size = shape.reduce((product, length) => product * length, 1);
    if (size !== data.length) {
      throw new Error(`netCDF: ${name}/${variable} has ${data.length} values for ${dimensions.join(' × ')} = ${size}.`);
    }
    // Chunked storage, which compression needs, is not for scalars and empty axes.
    const packed = size > 0 && shape.length > 0 ? { chunks: chunk_shape(shape), compression: 'gzip' as const } : {};
    const dataset = target.create_dataset({ name: variable, data, shape, ...packed });
    dimensions.forEach((dimension, axis) => {
      dataset.attach_scale(axis, `/${name}/${dimension}`);
    });
    set_attributes(dataset, attributes ?? {});
  }
}

/** The whole array in one chunk up to 2²⁰ values, then cut along the longest axis. */
function chunk_shape(shape: number[]): number[] {
  const chunk = [...shape];
  while (chunk.reduce((product, length) => product * length, 1) > 2 ** 20) {
    const longest = chunk.indexOf(Math.max(...chunk));
    chunk[longest] = Math.ceil((chunk[longest] ?? 1) / 2);
  }
  return chunk;
}

function set_attributes(target: { create_attribute: Group['create_attribute'] }, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) target.create_attribute(name, value);
}

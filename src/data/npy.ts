/**
 * NumPy's .npy files (NEP 1): eight bytes of signature and version, the length of a header, the header as a Python dict, then the
 * numbers. Read are tables of floats and integers as samplers write them; the rest is refused in words.
 */
import { UserError } from '../model/user_error.ts';
import { type NpyHeader, npy_signature, parse_npy_header, write_npy_header } from './npy_header.ts';

export interface NpyArray {
  /** One to three lengths, the last index fastest in `values`. */
  shape: number[];
  values: Float64Array;
}

type Getter = (view: DataView, at: number) => number;

/** By NumPy's code, `<` for little-endian. */
const types: Record<string, { bytes: number; get: Getter }> = {
  '<f4': { bytes: 4, get: (view, at) => view.getFloat32(at, true) },
  '<f8': { bytes: 8, get: (view, at) => view.getFloat64(at, true) },
  '<i4': { bytes: 4, get: (view, at) => view.getInt32(at, true) },
  '<i8': { bytes: 8, get: (view, at) => Number(view.getBigInt64(at, true)) },
};

/** Whether bytes are a .npy file, by its first six. */
export function is_npy(bytes: Uint8Array): boolean {
  return npy_signature.every((byte, i) => bytes[i] === byte);
}

/** Throws UserError naming the file for what is damaged or of another kind. */
export function read_npy(bytes: Uint8Array, path: string): NpyArray {
  if (!is_npy(bytes)) {
    throw new UserError(
      `${path} is not a .npy file: it does not begin with NumPy's signature.\nWrite it with numpy.save.`,
    );
  }
  const header = parse_npy_header(bytes, path);
  const type = Object.hasOwn(types, header.descr) ? types[header.descr] : undefined;
  if (type === undefined) {
    throw new UserError(
      `${path} holds numbers of type ${header.descr}; read are ${Object.keys(types).join(', ')}.\nSave array.astype('<f8').`,
    );
  }
  const { shape } = header;
  if (shape.length < 1 || shape.length > 3) {
    throw new UserError(`${path} has ${shape.length} dimensions; read are one to three.\nReshape the array.`);
  }
  const count = shape.reduce((n, length) => n * length, 1);
  const held = bytes.byteLength - header.bytes;
  if (held !== count * type.bytes) {
    throw new UserError(
      `${path} is damaged: ${shape.join(' × ')} numbers of type ${header.descr} take ${count * type.bytes} bytes, and ${held} follow the header.\n` +
        'If it is still being written, wait for its end.',
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + header.bytes, held);
  const stored = Float64Array.from({ length: count }, (_, i) => type.get(view, i * type.bytes));
  if (header.descr === '<i8') refuse_large(stored, path);
  return { shape, values: header.fortran_order ? last_index_fastest(stored, shape) : stored };
}

/** A file of version 1.0 in C order: `<f8` or `<f4`, as the values are. */
export function write_npy(shape: readonly number[], values: Float64Array | Float32Array): Uint8Array<ArrayBuffer> {
  const count = shape.reduce((n, length) => n * length, 1);
  if (count !== values.length) throw new Error(`write_npy: ${values.length} values for shape ${shape.join(' × ')}.`);
  const single = values instanceof Float32Array;
  const header = write_npy_header({ descr: single ? '<f4' : '<f8', fortran_order: false, shape });
  const bytes = new Uint8Array(header.length + values.byteLength);
  bytes.set(header);
  const view = new DataView(bytes.buffer, header.length);
  values.forEach((value, i) => {
    if (single) view.setFloat32(4 * i, value, true);
    else view.setFloat64(8 * i, value, true);
  });
  return bytes;
}

function refuse_large(values: Float64Array, path: string): void {
  // A float of 2⁵³ may stand for 2⁵³ + 1.
  const bad = values.findIndex((value) => !Number.isSafeInteger(value));
  if (bad >= 0) {
    throw new UserError(`${path}: value ${bad + 1} is an integer beyond 2⁵³, which a float cannot hold.`);
  }
}

/** Values stored with the first index fastest, the other way round. */
function last_index_fastest(stored: Float64Array, shape: NpyHeader['shape']): Float64Array {
  const [a = 1, b = 1, c = 1] = shape;
  const values = new Float64Array(stored.length);
  let at = 0;
  for (let i = 0; i < a; i++) {
    for (let j = 0; j < b; j++) {
      for (let k = 0; k < c; k++) values[at++] = stored[i + a * (j + b * k)] as number;
    }
  }
  return values;
}

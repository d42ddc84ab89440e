/** The header of a .npy file: versions 1 to 3 differ in the length field (two bytes or four) and the text's encoding. */
import { UserError } from '../model/user_error.ts';

/** \x93NUMPY */
export const npy_signature = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59] as const;

export interface NpyHeader {
  /** NumPy's code of the type; for records the whole list. */
  descr: string;
  /** First index fastest. */
  fortran_order: boolean;
  shape: number[];
  /** From the file's beginning to the first number. */
  bytes: number;
}

const DESCR = /['"]descr['"]\s*:\s*(?:['"]([^'"]*)['"]|(\[.*\]))\s*,/s;
const FORTRAN_ORDER = /['"]fortran_order['"]\s*:\s*(True|False)\b/;
// Python 2 wrote an L behind long integers.
const SHAPE = /['"]shape['"]\s*:\s*\(([\dL,\s]*)\)/;

/** The signature is there already. Throws UserError naming the file. */
export function parse_npy_header(bytes: Uint8Array, path: string): NpyHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = bytes[6];
  if (version !== undefined && (version < 1 || version > 3)) {
    throw new UserError(`${path} is of .npy version ${version}; read are 1 to 3.\nSave it with an older NumPy.`);
  }
  const start = version === 1 ? 10 : 12;
  const length = bytes.byteLength < start ? 0 : version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const end = start + length;
  if (length === 0 || bytes.byteLength < end) {
    throw new UserError(
      `${path} is damaged: it ends within its header.\nIf it is still being written, wait for its end.`,
    );
  }
  const text = new TextDecoder(version === 3 ? 'utf-8' : 'latin1').decode(bytes.subarray(start, end));
  const [, simple, records] = DESCR.exec(text) ?? [];
  const descr = simple ?? records;
  const order = FORTRAN_ORDER.exec(text)?.[1];
  const shape = SHAPE.exec(text)?.[1];
  if (descr === undefined || order === undefined || shape === undefined) {
    throw new UserError(`${path} is damaged: its header does not give descr, fortran_order and shape.`);
  }
  const lengths = Array.from(shape.matchAll(/\d+/g), ([digits]) => Number(digits));
  return { descr, fortran_order: order === 'True', shape: lengths, bytes: end };
}

/** Version 1.0 with signature and length, padded so that the numbers begin at a multiple of 64 bytes. */
export function write_npy_header({
  descr,
  fortran_order,
  shape,
}: {
  descr: string;
  fortran_order: boolean;
  shape: readonly number[];
}): Uint8Array {
  // A tuple of one needs its comma.
  const tuple = `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`;
  const dict = `{'descr': '${descr}', 'fortran_order': ${fortran_order ? 'True' : 'False'}, 'shape': ${tuple}, }`;
  const size = Math.ceil((10 + dict.length + 1) / 64) * 64;
  const text = `${dict.padEnd(size - 11)}\n`;
  return Uint8Array.from([
    ...npy_signature,
    1,
    0,
    text.length & 0xff,
    text.length >> 8,
    ...new TextEncoder().encode(text),
  ]);
}

// Acceptance: exact; every number comes back as it stands in the file. The files of the first test were written by NumPy 2.4.6.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { is_npy, read_npy, write_npy } from '../../src/data/npy.ts';
import { UserError } from '../../src/model/user_error.ts';

/** A file of 128 bytes up to the numbers, as NumPy lays it out, then the numbers in hexadecimal. */
function file(dict: string, numbers: string, version = 1): Uint8Array {
  const start = version === 1 ? 10 : 12;
  const head = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0, 128 - start, 0, 0, 0].slice(0, start));
  return Buffer.concat([head, Buffer.from(`${dict.padEnd(127 - start)}\n`), Buffer.from(numbers, 'hex')]);
}

const describe_array = (descr: string, shape: string, order = 'False') =>
  `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }`;

function refusal(bytes: Uint8Array): string {
  try {
    read_npy(bytes, 'a.npy');
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('reading .npy', () => {
  it.each([
    {
      name: '<f4, C order',
      bytes: file(describe_array("'<f4'", '(3, 2)'), '0000c03f000000c0cdcccc3d0000807f0000404000008040'),
      shape: [3, 2],
      values: [1.5, -2, Math.fround(0.1), Number.POSITIVE_INFINITY, 3, 4],
    },
    {
      name: '<f4, Fortran order',
      bytes: file(describe_array("'<f4'", '(2, 3)', 'True'), '0000803f00008040000000400000a040000040400000c040'),
      shape: [2, 3],
      values: [1, 2, 3, 4, 5, 6],
    },
    {
      name: '<f8, Fortran order, version 2',
      bytes: file(
        describe_array("'<f8'", '(2, 3, 2)', 'True'),
        '0000000000000000000000000000e83f000000000000d03f000000000000f03f000000000000e03f000000000000f43f' +
          '000000000000c03f000000000000ec3f000000000000d83f000000000000f23f000000000000e43f000000000000f63f',
        2,
      ),
      shape: [2, 3, 2],
      values: Array.from({ length: 12 }, (_, i) => i / 8),
    },
    {
      name: '<i4, one dimension',
      bytes: file(describe_array("'<i4'", '(2,)'), '07000000f8ffffff'),
      shape: [2],
      values: [7, -8],
    },
    {
      name: '<i8, version 3',
      bytes: file(describe_array("'<i8'", '(1, 2)'), 'ffffffffffff1f00fdffffffffffffff', 3),
      shape: [1, 2],
      values: [Number.MAX_SAFE_INTEGER, -3],
    },
  ])('gives what NumPy wrote: $name', ({ bytes, shape, values }) => {
    // From the middle of a larger buffer, as files come when Node pools them.
    const pooled = new Uint8Array(bytes.length + 3);
    pooled.set(bytes, 3);
    const read = read_npy(pooled.subarray(3), 'a.npy');
    expect(read.shape).toEqual(shape);
    expect(Array.from(read.values)).toEqual(values);
  });

  it('gives back what was written, to the bit', () => {
    const array = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 3 }).chain((shape) => {
      const length = shape.reduce((n, l) => n * l, 1);
      const size = { minLength: length, maxLength: length };
      return fc.oneof(
        fc.float64Array(size).map((values) => ({ shape, values })),
        fc.float32Array(size).map((values) => ({ shape, values })),
      );
    });
    fc.assert(
      fc.property(array, ({ shape, values }) => {
        const bytes = write_npy(shape, values);
        const header = bytes.length - values.byteLength;
        expect(is_npy(bytes) && header % 64 === 0 && bytes[header - 1] === 0x0a).toBe(true);
        const read = read_npy(bytes, 'a.npy');
        expect(read.shape).toEqual(shape);
        expect(read.values).toEqual(Float64Array.from(values));
      }),
      { seed: 1 },
    );
  });

  it('refuses to write a shape that is not that of the values', () => {
    expect(() => write_npy([2, 3], new Float64Array(5))).toThrow('5 values for shape 2 × 3');
  });

  const eight = '0000000000000000';
  it.each([
    ['CSV', Buffer.from('a,b\n1,2\n'), 'a.npy is not a .npy file'],
    ['nothing', new Uint8Array(), 'a.npy is not a .npy file'],
    ['a future version', file(describe_array("'<f8'", '(1,)'), eight, 4), 'version 4; read are 1 to 3'],
    ['an end within the version', file('', '').subarray(0, 6), 'ends within its header'],
    ['an end within the header', file(describe_array("'<f8'", '(1,)'), '').subarray(0, 90), 'ends within its header'],
    ['a header without a shape', file("{'descr': '<f8', 'fortran_order': False, }", eight), 'does not give descr'],
    [
      'an end within the numbers',
      file(describe_array("'<f8'", '(2, 1)'), eight),
      '2 × 1 numbers of type <f8 take 16 bytes, and 8 follow',
    ],
    ['numbers too many', file(describe_array("'<f4'", '(1,)'), eight), 'take 4 bytes, and 8 follow'],
    [
      'big-endian numbers',
      file(describe_array("'>f8'", '(1,)'), eight),
      "type >f8; read are <f4, <f8, <i4, <i8.\nSave array.astype('<f8')",
    ],
    ['Python objects', file(describe_array("'|O'", '(1,)'), eight), 'numbers of type |O'],
    ['a type named like a method', file(describe_array("'toString'", '(1,)'), eight), 'numbers of type toString'],
    [
      'records',
      file(describe_array("[('a', '<f4'), ('b', '<i4')]", '(1,)'), eight),
      "type [('a', '<f4'), ('b', '<i4')];",
    ],
    ['one number alone', file(describe_array("'<f8'", '()'), eight), 'a.npy has 0 dimensions'],
    ['four dimensions', file(describe_array("'<f8'", '(1, 1, 1, 1)'), eight), 'a.npy has 4 dimensions'],
    [
      'integers beyond 2⁵³',
      file(describe_array("'<i8'", '(1,)'), '0000000000002000'),
      'value 1 is an integer beyond 2⁵³',
    ],
  ])('refuses %s', (_, bytes, message) => {
    expect(refusal(bytes)).toContain(message);
  });
});

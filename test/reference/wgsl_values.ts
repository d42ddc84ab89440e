/** Values of the WGSL interpreter and the operators on them. */

export type Value = number | bigint | boolean | Value[] | { [member: string]: Value } | Pointer;

/** What `&` gives: a variable or a part of one. */
export class Pointer {
  readonly get: () => Value;
  readonly set: (value: Value) => void;

  constructor(get: () => Value, set: (value: Value) => void) {
    this.get = get;
    this.set = set;
  }
}

/** A pointer to a variable of its own. */
export function pointer_to(initial: Value): Pointer {
  let value = clone(initial);
  return new Pointer(
    () => value,
    (next) => {
      value = next;
    },
  );
}

type Scalar = number | bigint | boolean;

export const repeat = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));
export const swizzle = (letter: string): number => Math.max('xyzw'.indexOf(letter), 'rgba'.indexOf(letter));

export function clone(v: Value): Value {
  if (Array.isArray(v)) return v.map(clone);
  if (v instanceof Pointer) return v;
  if (typeof v === 'object') return Object.fromEntries(Object.entries(v).map(([name, m]) => [name, clone(m)]));
  return v;
}

export function map1(v: Value, f: (x: Scalar) => Value): Value {
  return Array.isArray(v) ? v.map((x) => map1(x, f)) : f(v as Scalar);
}

function map2(a: Value, b: Value, f: (x: Scalar, y: Scalar) => Value): Value {
  if (Array.isArray(a)) return a.map((x, i) => map2(x, Array.isArray(b) ? (b[i] as Value) : b, f));
  if (Array.isArray(b)) return b.map((y) => map2(a, y, f));
  return f(a as Scalar, b as Scalar);
}

function comparison<T extends Scalar>(op: string, x: T, y: T): boolean | undefined {
  switch (op) {
    case '==':
      return x === y;
    case '!=':
      return x !== y;
    case '<':
      return x < y;
    case '<=':
      return x <= y;
    case '>':
      return x > y;
    case '>=':
      return x >= y;
    default:
      return undefined;
  }
}

function float_operator(op: string, x: number, y: number): number | boolean {
  const arithmetic: Record<string, number> = { '+': x + y, '-': x - y, '*': x * y, '/': x / y, '%': x % y };
  const result = arithmetic[op] ?? comparison(op, x, y);
  if (result === undefined) throw new Error(`no float operator ${op}`);
  return result;
}

function integer_operator(op: string, x: bigint, y: bigint): bigint | boolean {
  switch (op) {
    case '+':
      return x + y;
    case '-':
      return x - y;
    case '*':
      return x * y;
    case '/':
      return y === 0n ? x : x / y;
    case '%':
      return y === 0n ? 0n : x % y;
    case '&':
      return x & y;
    case '|':
      return x | y;
    case '^':
      return x ^ y;
    case '<<':
      return x << y;
    case '>>':
      return x >> y;
    default:
      return comparison(op, x, y) ?? false;
  }
}

function boolean_operator(op: string, x: boolean, y: boolean): boolean {
  if (op === '&&' || op === '&') return x && y;
  if (op === '||' || op === '|') return x || y;
  return op === '==' ? x === y : x !== y;
}

/** A binary operator, component by component where one side is a vector or matrix. */
export function binary(op: string, a: Value, b: Value, round: (x: number) => number): Value {
  return map2(a, b, (x, y) => {
    if (typeof x === 'bigint' && typeof y === 'bigint') return integer_operator(op, x, y);
    if (typeof x === 'boolean' && typeof y === 'boolean') return boolean_operator(op, x, y);
    const result = float_operator(op, Number(x), Number(y));
    return typeof result === 'number' ? round(result) : result;
  });
}

/** WGSL's built-in functions in float64, from their definitions in the specification (§17). Vectors are arrays. */

import type { Value } from './wgsl_values.ts';

type Builtin = (...values: Value[]) => Value;

/** Applies component by component; scalars beside vectors are repeated. */
function each(f: (...x: number[]) => number): Builtin {
  const apply: Builtin = (...values) => {
    const vector = values.find((v) => Array.isArray(v)) as Value[] | undefined;
    if (vector) return vector.map((_, i) => apply(...values.map((v) => (Array.isArray(v) ? (v[i] as Value) : v))));
    const all_integers = values.every((v) => typeof v === 'bigint');
    const result = f(...values.map(Number));
    return all_integers ? BigInt(result) : result;
  };
  return apply;
}

const sum = (v: readonly number[]) => v.reduce((a, b) => a + b, 0);
const numbers = (v: Value) => (Array.isArray(v) ? v : [v]) as number[];
const norm = (v: readonly number[]) => Math.sqrt(sum(v.map((x) => x * x)));
const clamp = (x: number, low: number, high: number) => Math.min(Math.max(x, low), high);
const half_even = (x: number) => (Math.abs(x - Math.trunc(x)) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x));

const select: Builtin = (no, yes, condition) =>
  Array.isArray(condition)
    ? condition.map((c, i) => ((c ? yes : no) as Value[])[i] as Value)
    : ((condition ? yes : no) as Value);

/** Between f32 and u32, told apart by the kind of value. */
const bitcast: Builtin = (value) =>
  typeof value === 'bigint'
    ? (new Float32Array(Uint32Array.of(Number(value)).buffer)[0] as number)
    : BigInt(new Uint32Array(Float32Array.of(value as number).buffer)[0] as number);

export const builtins: Readonly<Record<string, Builtin>> = {
  bitcast,
  abs: each(Math.abs),
  sign: each(Math.sign),
  min: each((a, b) => Math.min(a, b as number)),
  max: each((a, b) => Math.max(a, b as number)),
  clamp: each((x, low, high) => clamp(x, low as number, high as number)),
  saturate: each((x) => clamp(x, 0, 1)),
  select,
  exp: each(Math.exp),
  exp2: each((x) => 2 ** x),
  log: each(Math.log),
  log2: each(Math.log2),
  pow: each((x, y) => x ** (y as number)),
  sqrt: each(Math.sqrt),
  inverseSqrt: each((x) => 1 / Math.sqrt(x)),
  sin: each(Math.sin),
  cos: each(Math.cos),
  tan: each(Math.tan),
  asin: each(Math.asin),
  acos: each(Math.acos),
  atan: each(Math.atan),
  atan2: each((y, x) => Math.atan2(y, x as number)),
  sinh: each(Math.sinh),
  cosh: each(Math.cosh),
  tanh: each(Math.tanh),
  asinh: each(Math.asinh),
  acosh: each(Math.acosh),
  atanh: each(Math.atanh),
  floor: each(Math.floor),
  ceil: each(Math.ceil),
  round: each(half_even),
  trunc: each(Math.trunc),
  fract: each((x) => x - Math.floor(x)),
  fma: each((a, b, c) => a * (b as number) + (c as number)),
  mix: each((a, b, t) => a * (1 - (t as number)) + (b as number) * (t as number)),
  step: each((edge, x) => ((x as number) >= edge ? 1 : 0)),
  smoothstep: each((low, high, x) => {
    const t = clamp(((x as number) - low) / ((high as number) - low), 0, 1);
    return t * t * (3 - 2 * t);
  }),
  degrees: each((x) => (x * 180) / Math.PI),
  radians: each((x) => (x * Math.PI) / 180),
  dot: (a, b) => sum(numbers(a as Value).map((x, i) => x * (numbers(b as Value)[i] as number))),
  length: (a) => norm(numbers(a as Value)),
  distance: (a, b) => norm(numbers(a as Value).map((x, i) => x - (numbers(b as Value)[i] as number))),
  normalize: (a) => numbers(a as Value).map((x) => x / norm(numbers(a as Value))),
  cross: (a, b) => {
    const [x, y] = [numbers(a as Value), numbers(b as Value)] as [number[], number[]];
    return [0, 1, 2].map((i) => {
      const [j, k] = [(i + 1) % 3, (i + 2) % 3] as [number, number];
      return (x[j] as number) * (y[k] as number) - (x[k] as number) * (y[j] as number);
    });
  },
  all: (a) => (Array.isArray(a) ? a.every(Boolean) : Boolean(a)),
  any: (a) => (Array.isArray(a) ? a.some(Boolean) : Boolean(a)),
};

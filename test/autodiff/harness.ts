/**
 * Compares the tangents of generated code, run in float64 by the interpreter, with central differences of the author's
 * code, run by the same interpreter. Both sides are exact up to float64 rounding and the truncation of the difference.
 *
 * The difference is Richardson's (4·D(h/2) - D(h))/3 with h = 2⁻¹⁰·max(1, |x|): truncation O(h⁴), rounding ≈ 2⁻⁵³·|f|/h ≈ 1e-13·|f|.
 * |D(h/2) - D(h)| estimates three quarters of h²f‴/6·…, so it bounds the truncation that remains; where it is large, a kink or a branch lies
 * within h of the point and the comparison says nothing.
 */

import { readFileSync } from 'node:fs';
import { differentiate } from '../../src/autodiff/differentiate.ts';
import { tangent_lanes, tangent_type } from '../../src/autodiff/tangent.ts';
import { type Interpreter, interpret, type Value } from '../reference/wgsl_interpreter.ts';

export const library = ['domain', 'log_gamma', 'special', 'density'].map((name) =>
  readFileSync(new URL(`../../shaders/lib/${name}.wgsl`, import.meta.url), 'utf8'),
);

/** The library's functions, with `round: Math.fround` as f32 computes them. */
export function interpret_library(round?: (x: number) => number): Interpreter {
  return interpret(library, round ? { round } : {});
}

export interface Case {
  source: string;
  declarations?: string;
  entry: string;
  active: readonly boolean[];
  /** One value per parameter. Integers are bigints, vectors and arrays arrays, structs objects. */
  inputs: readonly Value[];
  /** Values of module-scope variables. */
  variables?: Readonly<Record<string, Value>>;
}

export interface Comparison {
  value: number[];
  /** The value that the generated function returns. */
  generated_value: number[];
  /** [result][direction]; a direction is one f32 of the active inputs, in order. */
  tangents: number[][];
  differences: number[][];
  /** |D(h/2) - D(h)|, of the same shape. */
  uncertainty: number[][];
  wgsl: string;
}

/** Differentiates, and runs the generated function with one unit tangent per f32 of the active inputs. */
export function run_generated({ source, declarations = '', entry, active, inputs, variables = {} }: Case) {
  const marked = inputs.filter((_, i) => active[i]);
  const width = marked.flatMap(floats).length;
  const { wgsl } = differentiate({ source, declarations, width, entries: [{ name: entry, active }] });
  const interpreter = interpret([...library, wgsl], { variables });
  let lane = 0;
  const seeds = inputs.map((input, i) => (active[i] ? map_floats(input, () => unit(width, lane++)) : undefined));
  const dual = interpreter.call(
    `${entry}_d`,
    ...inputs.flatMap((input, i) => (seeds[i] === undefined ? [input] : [input, seeds[i]])),
  ) as { v: Value; d: Value };
  return { wgsl, value: floats(dual.v), tangents: paired(dual.v, dual.d, width) };
}

export function compare(c: Case): Comparison {
  const { source, declarations = '', entry, active, inputs, variables = {} } = c;
  const generated = run_generated(c);
  const original = interpret([...library, source.replace(/import[^;]*;/g, ''), declarations], { variables });
  const base = inputs.filter((_, i) => active[i]).flatMap(floats);
  const f = (direction: number, step: number) => {
    let index = 0;
    const moved = inputs.map((input, i) =>
      active[i] ? map_floats(input, (x) => (index++ === direction ? x + step : x)) : input,
    );
    return floats(original.call(entry, ...moved));
  };
  const central = (direction: number, h: number) => {
    const [up, down] = [f(direction, h), f(direction, -h)];
    return up.map((u, i) => (u - (down[i] as number)) / (2 * h));
  };
  const steps = base.map((x) => 2 ** -10 * Math.max(1, Math.abs(x)));
  const coarse = steps.map((h, k) => central(k, h));
  const fine = steps.map((h, k) => central(k, h / 2));
  const value = floats(original.call(entry, ...inputs));
  const table = (cell: (direction: number, result: number) => number) =>
    value.map((_, r) => base.map((_, k) => cell(k, r)));
  const at = (list: number[][], k: number, r: number) => list[k]?.[r] as number;
  return {
    value,
    generated_value: generated.value,
    tangents: generated.tangents,
    differences: table((k, r) => (4 * at(fine, k, r) - at(coarse, k, r)) / 3),
    uncertainty: table((k, r) => Math.abs(at(fine, k, r) - at(coarse, k, r))),
    wgsl: generated.wgsl,
  };
}

/** The numbers of a value that are f32, in order. */
export function floats(v: Value): number[] {
  if (typeof v === 'number') return [v];
  if (typeof v !== 'object') return [];
  return (Array.isArray(v) ? v : Object.values(v)).flatMap(floats);
}

/** Puts a value in place of every f32, in order; integers and booleans stay. */
export function map_floats(v: Value, f: (x: number) => Value): Value {
  if (typeof v === 'number') return f(v);
  if (typeof v !== 'object') return v;
  if (Array.isArray(v)) return v.map((x) => map_floats(x, f));
  return Object.fromEntries(Object.entries(v).map(([name, m]) => [name, map_floats(m, f)]));
}

function unit(width: number, index: number): Value {
  const lanes = Array.from({ length: tangent_lanes(width) }, (_, i) => (i === index ? 1 : 0));
  if (lanes.length === 1) return lanes[0] as number;
  const rows = Number(/x(\d)/.exec(tangent_type(width))?.[1] ?? lanes.length);
  if (rows === lanes.length) return lanes;
  return Array.from({ length: lanes.length / rows }, (_, c) => lanes.slice(c * rows, (c + 1) * rows));
}

/** The tangents of the f32s of `v`, in order; `d` has the shape of v with a Tangent for each f32. */
function paired(v: Value, d: Value, width: number): number[][] {
  if (typeof v === 'number') return [floats(d).slice(0, width)];
  if (typeof v !== 'object') return [];
  const inside = d as Record<string, Value>;
  return Object.entries(v).flatMap(([key, m]) => paired(m as Value, inside[key] as Value, width));
}

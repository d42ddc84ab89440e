/** Runs a log-density model's WGSL in float64: its value, and its tangents by src/autodiff's generated code. For a few rows and parameters; the interpreter is slow. */

import { readFileSync } from 'node:fs';
import { differentiate } from '../../src/autodiff/differentiate.ts';
import type { LogDensitySource, RowFieldSource } from '../../src/model/types.ts';
import { interpret, type Value } from '../reference/wgsl_interpreter.ts';

type Field = { name: string; size: number };

const library = ['domain', 'log_gamma', 'special', 'density'].map((name) =>
  readFileSync(new URL(`../../shaders/lib/${name}.wgsl`, import.meta.url), 'utf8'),
);

const lanes = 4;

export interface Evaluated {
  value: number;
  /** One per direction asked for: the derivative by that constrained scalar. */
  tangents: number[];
}

/**
 * log_density, or log_likelihood summed over the rows.
 * theta: constrained scalars in the model's order. directions: indices of at most four of them.
 */
export function evaluate_in_float64(
  source: LogDensitySource,
  theta: readonly number[],
  rows: readonly (readonly number[])[],
  directions: readonly number[],
): Evaluated {
  const fields = Object.entries(source.parameters).map(([name, { size = 0 }]) => ({ name, size }));
  const row_fields = Array.isArray(source.row) ? source.row.map(row_field) : [];
  const per_row = source.wgsl.includes('fn log_likelihood(');
  const entry = per_row ? 'log_likelihood' : 'log_density';
  const constants = Object.entries(source.constants ?? {}).map(([name, value]) => `const ${name}: f32 = ${value};`);
  const declarations = [
    struct('Theta', fields),
    ...(row_fields.length > 0 ? [struct('Row', row_fields)] : []),
    ...constants,
    ...(per_row || row_fields.length === 0 ? [] : [data_text(rows, row_fields)]),
  ].join('\n');
  const active = per_row ? [false, true] : [true];
  const { wgsl } = differentiate({
    source: source.wgsl,
    declarations,
    width: lanes,
    entries: [{ name: entry, active }],
  });
  const interpreter = interpret([...library, wgsl]);
  const values = shape(fields, theta, (x) => x as Value);
  const seeds = shape(fields, theta, (_, index) => directions_of(index, directions));
  const results = (per_row ? rows : [undefined]).map((row) => {
    const data = row ? [shape(row_fields, row, (x) => x as Value)] : [];
    return interpreter.call(`${entry}_d`, ...data, values, seeds) as { v: number; d: number[] };
  });
  return {
    value: results.reduce((sum, { v }) => sum + v, 0),
    tangents: directions.map((_, lane) => results.reduce((sum, { d }) => sum + (d[lane] as number), 0)),
  };
}

const directions_of = (index: number, directions: readonly number[]): Value =>
  Array.from({ length: lanes }, (_, lane) => Number(directions[lane] === index));

function row_field(field: RowFieldSource): Field {
  if (typeof field === 'string') return { name: field, size: 0 };
  if ('size' in field) return { name: field.name, size: field.size };
  throw new Error('the test targets name no columns apart');
}

const struct = (name: string, fields: readonly Field[]) =>
  `struct ${name} {\n${fields.map((f) => `  ${f.name}: ${f.size === 0 ? 'f32' : `array<f32, ${f.size}>`},\n`).join('')}}`;

/** What `data` and `data_length` are in a kernel, as constants. */
function data_text(rows: readonly (readonly number[])[], fields: readonly Field[]): string {
  if (fields.some(({ size }) => size > 0)) throw new Error('rows of scalars only');
  const values = rows.map((row) => `Row(${row.map((x) => `f32(${x})`).join(', ')})`);
  const type = `array<Row, ${rows.length}>`;
  return `const data: ${type} = ${type}(${values.join(', ')});\nconst data_length: u32 = ${rows.length}u;`;
}

/** A struct's value with numbers of `flat` in place, each as `make` has it. */
function shape(fields: readonly Field[], flat: readonly number[], make: (x: number, index: number) => Value): Value {
  let next = 0;
  const take = () => make(flat[next] as number, next++);
  return Object.fromEntries(
    fields.map(({ name, size }) => [name, size === 0 ? take() : Array.from({ length: size }, take)]),
  );
}

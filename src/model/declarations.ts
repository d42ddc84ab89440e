/** The WGSL that a model's data amounts to: the structs and constants that the author's functions use by name. */

import type { Model, ParameterField, RowField, StateField, StateSpaceModel } from './types.ts';
import { wgsl_number } from './wgsl_number.ts';

/** Group 0's binding of `data`, beyond those of the kernels that read it. */
const data_binding = 10;

/**
 * State space: struct Theta, State, Observation and Guided, alias Noise, and the constants. Noise has one unused element in a model without noise.
 * Log density: struct Theta and, where the model reads data, struct Row, `data` and `data_length`; and the constants.
 *
 * @param rows of data, where the model reads any. Left out, for a check of the text before there are data: `data` has no length of its own, and `data_length` is some number.
 */
export function model_declarations(model: Model, rows?: number): string {
  const constants = Object.entries(model.constants).map(
    ([name, value]) => `const ${name}: f32 = ${wgsl_number(value)};`,
  );
  const own = model.kind === 'state-space' ? state_space(model) : data(model.row, rows);
  return [struct('Theta', model.fields.map(member)), ...own, ...constants, ''].join('\n');
}

function state_space({ state, observation, noise }: StateSpaceModel): string[] {
  return [
    struct('State', state.map(member)),
    struct(
      'Observation',
      observation.map((name) => `${name}: f32`),
    ),
    struct('Guided', ['state: State', 'log_weight: f32']),
    `alias Noise = array<f32, ${Math.max(1, noise)}>;`,
  ];
}

/** Small enough for an array of data_length² numbers, and no index that an author may write into it is out of range of the type. */
const length_for_checks = 64;

/** Rows are packed: [row][f32 of Row]. A length in the type makes the clamp of an index a comparison with a constant, a third faster on SwiftShader than with `arrayLength`. */
function data(row: readonly RowField[], rows: number | undefined): string[] {
  if (row.length === 0) return [];
  return [
    struct('Row', row.map(member)),
    `@group(0) @binding(${data_binding}) var<storage, read> data: array<Row${rows === undefined ? '' : `, ${rows}`}>;`,
    `const data_length: u32 = ${rows ?? length_for_checks}u;`,
  ];
}

function member({ name, size }: ParameterField | StateField): string {
  return `${name}: ${size === 0 ? 'f32' : `array<f32, ${size}>`}`;
}

function struct(name: string, members: readonly string[]): string {
  return `struct ${name} {\n${members.map((text) => `  ${text},\n`).join('')}}`;
}

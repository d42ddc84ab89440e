/** The WGSL that a model's data amounts to: the structs and constants that the author's functions use by name. */

import type { Model, ParameterField, StateField } from './types.ts';
import { wgsl_number } from './wgsl_number.ts';

/** Struct Theta, State, Observation and Guided, alias Noise, and the constants. Noise has one unused element in a model without noise. */
export function model_declarations(model: Model): string {
  const constants = Object.entries(model.constants).map(
    ([name, value]) => `const ${name}: f32 = ${wgsl_number(value)};`,
  );
  return [
    struct('Theta', model.fields.map(member)),
    struct('State', model.state.map(member)),
    struct(
      'Observation',
      model.observation.map((name) => `${name}: f32`),
    ),
    struct('Guided', ['state: State', 'log_weight: f32']),
    `alias Noise = array<f32, ${Math.max(1, model.noise)}>;`,
    ...constants,
    '',
  ].join('\n');
}

function member({ name, size }: ParameterField | StateField): string {
  return `${name}: ${size === 0 ? 'f32' : `array<f32, ${size}>`}`;
}

function struct(name: string, members: readonly string[]): string {
  return `struct ${name} {\n${members.map((text) => `  ${text},\n`).join('')}}`;
}

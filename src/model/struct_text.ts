/** WGSL text for structs whose fields are f32 or arrays of f32, written out component by component: State, Theta, and those that carry their tangents. */

import type { ParameterField, StateField } from './types.ts';

export const join = (count: number, text: (i: number) => string, separator = ', ') =>
  Array.from({ length: count }, (_, i) => text(i)).join(separator);

/** A constructor of a struct whose fields are f32 or arrays of `element`, in order. */
export function construct(
  type: string,
  fields: readonly (StateField | ParameterField)[],
  element: string,
  value: (i: number) => string,
) {
  const parts = fields.map(({ size, offset }) =>
    size === 0 ? value(offset) : `array<${element}, ${size}>(${join(size, (i) => value(offset + i))})`,
  );
  return `${type}(${parts.join(', ')})`;
}

/** Text of component i of a value of such a struct. */
export function member(fields: readonly StateField[], i: number, of: string): string {
  const field = fields.findLast((f) => f.offset <= i) as StateField;
  return field.size === 0 ? `${of}.${field.name}` : `${of}.${field.name}[${i - field.offset}]`;
}

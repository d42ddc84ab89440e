/** A value with its tangent while one statement is written, and the temporaries that keep it short. */

import type { DeclIdent, ExpressionElem, Type } from 'wesl/core';
import type { Activity, Specialisation } from './activity.ts';
import { bears_f32, type DualTypes } from './dual_types.ts';
import type { Printer } from './print.ts';
import type { Program } from './program.ts';
import { tangent_zero } from './tangent.ts';
import { is_literal, is_path, type Terms, terms_text } from './terms.ts';

/** Shared by everything that writes one function. */
export interface Writer {
  program: Program;
  printer: Printer;
  types: DualTypes;
  activity: Activity;
  width: number;
  specialisation: Specialisation;
  /** A name new in this function. */
  fresh(wanted: string): string;
  line(text: string): void;
  /** Name of the tangent of an active variable. */
  tangent_name(decl: DeclIdent): string;
}

/** Tangent of a scalar (one part), of a vector (a part per component), or of a struct or array (text). */
export type Tangents = { parts: readonly Terms[]; whole?: string } | { text: string };

/** `tangent` is null for a passive value. */
export interface Dual {
  value: string;
  type: Type;
  tangent: Tangents | null;
}

const components = ['x', 'y', 'z', 'w'];

export function is_active(w: Writer, e: ExpressionElem): boolean {
  return w.activity.is_active(e, w.specialisation.active);
}

/** Moves a value into a variable, unless it is as good as one. */
export function name_value(w: Writer, text: string, type: Type): string {
  if (is_path(text) || is_literal(text)) return text;
  const name = w.fresh('t');
  w.line(`let ${name}: ${bears_f32(type) ? w.printer.type(float_of(type)) : w.printer.type(type)} = ${text};`);
  return name;
}

/** The type a literal such as `2` or `vec2(1, 2)` takes beside an active operand. */
function float_of(type: Type): Type {
  const f32 = { kind: 'scalar', scalar: 'f32' } as const;
  if (type.kind === 'scalar') return f32;
  return type.kind === 'vector' ? { ...type, elem: f32 } : type;
}

export function name_factor(w: Writer): (text: string) => string {
  return (text) => name_value(w, text, { kind: 'scalar', scalar: 'f32' });
}

/** Moves a tangent into a variable, unless it is one. */
export function name_tangent(w: Writer, text: string): string {
  if (is_path(text)) return text;
  const name = w.fresh('t_d');
  w.line(`let ${name} = ${text};`);
  return name;
}

/** The tangent that is stored under `text` (a path). */
export function stored(type: Type, text: string): Tangents {
  if (type.kind === 'scalar') return { parts: [[{ factor: '', leaf: text }]] };
  if (type.kind !== 'vector') return { text };
  const parts = components.slice(0, type.size).map((_, i) => [{ factor: '', leaf: `${text}[${i}]` }]);
  return { parts, whole: text };
}

/** WGSL of a tangent, of the type `types.tangent(type)`; of a passive value it is zero. */
export function tangent_text(w: Writer, { tangent, type }: Dual): string {
  if (!tangent) return type.kind === 'scalar' ? tangent_zero : `${w.types.tangent(type)}()`;
  if ('text' in tangent) return tangent.text;
  if (type.kind === 'scalar') return terms_text(tangent.parts[0] ?? []);
  return tangent.whole ?? `${w.types.tangent(type)}(${tangent.parts.map(terms_text).join(', ')})`;
}

/** Terms of component `i`; a scalar beside vectors stands for all components. */
export function part({ tangent }: Dual, i: number): Terms {
  if (!tangent || 'text' in tangent) return [];
  return tangent.parts[tangent.parts.length === 1 ? 0 : i] ?? [];
}

export function component(value: string, type: Type, i: number): string {
  return type.kind === 'vector' ? `${value}.${components[i]}` : value;
}

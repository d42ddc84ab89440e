/** An expression while a statement is written: its value, and how an adjoint of it goes on to what it was computed from. */

import type { Type } from 'wesl/core';
import { in_parentheses, is_literal, is_path } from '../terms.ts';
import { component, component_count, concrete, f32 } from './types.ts';
import { type Block, declare, name_it, type Place, type Writer } from './writer.ts';

/**
 * An adjoint as WGSL: of a scalar one part, of a vector one per component ('' for zero), of a struct or array `whole`. All texts are
 * good anywhere in the reverse of the statement. `whole` may come with the parts of a vector too.
 */
export interface Adjoint {
  parts: readonly string[];
  whole?: string;
}

export interface Node {
  value: string;
  type: Type;
  /** Whether `value` is the same wherever it is written in the sweep and its reverse. */
  settled: boolean;
  /** For a variable or a part of one: the place of its adjoint; null for a total, which needs none. */
  place?: (() => Place) | null;
  /** null: passive. */
  pull: ((r: Block, adjoint: Adjoint) => void) | null;
}

/** A path that holds an adjoint. */
export function adjoint_at(text: string, type: Type): Adjoint {
  const parts = Array.from({ length: component_count(type) }, (_, i) => component(text, type, i));
  return type.kind === 'scalar' ? { parts } : { parts, whole: text };
}

/** WGSL of the whole of an adjoint. */
export function adjoint_text(w: Writer, adjoint: Adjoint, type: Type): string {
  if (adjoint.whole !== undefined) return adjoint.whole;
  if (type.kind === 'scalar') return adjoint.parts[0] || '0.0';
  return `${w.printer.type(concrete(type, true))}(${adjoint.parts.map((part) => part || '0.0').join(', ')})`;
}

/** Adds an adjoint to a place. */
export function accumulate(w: Writer, r: Block, place: Place, type: Type, adjoint: Adjoint): void {
  const { root, text } = place;
  const add = (at: string, value: string) => r.code.push({ kind: 'set', root, place: at, operator: '+=', value });
  if (component_count(type) === 0) {
    const value = adjoint.whole as string;
    r.code.push({ kind: 'set', root, place: text, operator: '=', value, via: w.sums.of(type) });
  } else if (adjoint.parts.every((part) => part !== '')) add(text, adjoint_text(w, adjoint, type));
  else
    adjoint.parts.forEach((part, i) => {
      if (part !== '') add(part_of(place, component('', type, i)).text, part);
    });
}

/** A place in parentheses where it is a pointer's. */
export function part_of(place: Place, suffix: string): Place {
  return { root: place.root, text: `${place.text.startsWith('*') ? `(${place.text})` : place.text}${suffix}` };
}

/** The same value under a text that may be repeated in the sweep and its reverse. */
export function keep(w: Writer, node: Node): Node {
  if (w.backward === null || is_literal(node.value) || (node.settled && is_path(node.value))) return node;
  const name = w.fresh('t');
  declare(w.block, name, w.printer.type(concrete(node.type, true)), node.value);
  return { ...node, value: name, settled: true };
}

/** A scalar adjoint that is used more than once. */
export function name_part(w: Writer, r: Block, part: string): string {
  return part === '' ? '' : name_it(w, r, part, f32);
}

/** adjoint × partial. */
export function times(adjoint: string, partial: string): string {
  if (adjoint === '' || partial === '1.0') return adjoint;
  if (partial === '-1.0')
    return adjoint.startsWith('-') && is_path(adjoint.slice(1)) ? adjoint.slice(1) : `-${in_parentheses(adjoint)}`;
  const reciprocal = /^1\.0 \/ (.*)$/.exec(partial)?.[1];
  if (reciprocal && in_parentheses(reciprocal) === reciprocal) return `${factor(adjoint)} / ${reciprocal}`;
  return `${factor(adjoint)} * ${in_parentheses(partial)}`;
}

/** Products need no parentheses in front of another factor. */
function factor(text: string): string {
  return /^[\w.]+( [*] [\w.]+)*$/.test(text) ? text : in_parentheses(text);
}

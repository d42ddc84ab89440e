/**
 * What everything that writes a function in reverse mode shares.
 *
 * A sweep is a stretch of code that runs forward once and is then reversed: the body of the function, or of one iteration of a loop. Its
 * values stay in variables until its reverse part is over, so what branches compute is declared at the top of the sweep.
 */

import type { DeclIdent, ExpressionElem, FnElem, Type } from 'wesl/core';
import { visitAst } from 'wesl/core';
import type { Activity, Specialisation } from '../activity.ts';
import type { Names } from '../names.ts';
import type { Printer } from '../print.ts';
import type { Program } from '../program.ts';
import { is_literal, is_path } from '../terms.ts';
import type { Code } from './code.ts';
import type { FunctionFacts } from './facts.ts';
import type { Sums } from './sums.ts';
import { concrete } from './types.ts';

/** Where code goes. `hoisted`: where declarations go instead, if they must outlive the block. */
export interface Block {
  code: Code[];
  hoisted: Code[] | null;
}

/** Offsets in the source. */
export interface Span {
  start: number;
  end: number;
}

/** A place in which adjoints are added up. `root` is the variable it is a part of. */
export interface Place {
  root: string;
  text: string;
}

/** What a declaration of the author is called here. */
export interface Variable {
  name: string;
  type: Type;
  /** Its value is the same wherever it is read, the reverse sweep included. */
  settled: boolean;
  /** Place of its adjoint, made on first use; null for passive variables. */
  adjoint: (() => Place) | null;
  /** Whether the adjoint was asked for. */
  has_adjoint(): boolean;
  /** The sweep it belongs to; null for parameters. */
  home: Code[] | null;
  /** For a total (totals.ts): its adjoint, everywhere. */
  total?: string;
  /** The value of the counter of an unrolled loop. */
  known?: number;
}

/** Writes the reverse of one statement. */
export type Backward = (r: Block) => void;

/** Names of the variables that stand for jumps; null where there is nothing to leave. */
export interface Targets {
  /** Set where the function has returned. */
  done: string;
  /** Set where the loop or switch around was left. */
  stop: string | null;
  /** Set where the iteration was left. */
  skip: string | null;
}

export interface Result {
  type: Type;
  /** Variable of the result; null where only adjoints are wanted. */
  name: string | null;
  /** Adjoint of the result: a parameter, or that of the variable where the function is written out. */
  seed: string;
}

export interface Writer {
  program: Program;
  activity: Activity;
  specialisation: Specialisation;
  facts: FunctionFacts;
  /** The same of another function; it has no totals. */
  facts_of(fn: FnElem): FunctionFacts;
  names: Names;
  sums: Sums;
  printer: Printer;
  /** A printer that knows the names of an environment. */
  printer_of(env: ReadonlyMap<DeclIdent, Variable>): Printer;
  env: Map<DeclIdent, Variable>;
  /** A name new in this function. */
  fresh(wanted: string): string;
  /** The author's name where it is still free in this function, else one like it. */
  own_name(decl: DeclIdent): string;
  /** Name of the reversed function of a specialisation, which is then written too. */
  reversed_name(specialisation: Specialisation): string;
  /** Top of the sweep. */
  prelude: Code[];
  block: Block;
  /** The reverses of the statements so far; null where the code is not reversed from here (a first run of a loop). */
  backward: Backward[] | null;
  /** Variables that hold their last values already, because the code runs again. */
  frozen: ReadonlySet<DeclIdent>;
  targets: Targets;
  result: Result;
  /** Whether this is a function written out in another one. */
  is_inlined: boolean;
  /** Variables that the functions around assign, if this one is written out in them. */
  assigned_elsewhere: ReadonlySet<DeclIdent>;
  /** Most copies of statements that unrolling one loop may make; 0 for none. */
  unroll: number;
  /** Most statements of a function that is written out wherever it is called; 0 for none. */
  inline: number;
  /** Unrolled loops around. */
  unrolled: readonly Span[];
  /** The adjoints so far, with the author's variable of each. */
  adjoints: Map<string, DeclIdent | null>;
  /** Loops whose iterations are reversed in the first run, as far as known. */
  fused: Map<object, boolean>;
}

export function is_active(w: Writer, e: ExpressionElem): boolean {
  return w.activity.is_active(e, w.specialisation.active);
}

/** Whether a return of this value has to be reversed; a passive one ends the function on the spot, unless it is written out in another. */
export function is_reversed_return(w: Writer, e: ExpressionElem): boolean {
  return w.is_inlined || is_active(w, e);
}

/** Declares a variable that keeps its value until the sweep is reversed. */
export function declare(block: Block, name: string, type: string, value: string): void {
  if (!block.hoisted) block.code.push({ kind: 'let', name, type, value });
  else {
    block.hoisted.push({ kind: 'var', name, type, value: '' });
    block.code.push({ kind: 'set', root: name, place: name, operator: '=', value });
  }
}

/** Moves a text into a variable of the block, unless it is as good as one. */
export function name_it(w: Writer, block: Block, text: string, type: Type): string {
  if (is_path(text) || is_literal(text)) return text;
  const name = w.fresh('t');
  declare(block, name, w.printer.type(concrete(type, true)), text);
  return name;
}

/** Whether an expression has the same value wherever it is written in this sweep and its reverse. */
export function is_settled(w: Writer, e: ExpressionElem): boolean {
  let settled = true;
  visitAst(e, (node) => {
    if (node.kind !== 'ref') return;
    const decl = w.program.decl_of(node.ident);
    const variable = decl && w.env.get(decl);
    if (variable && !variable.settled) settled = false;
  });
  return settled;
}

/** The same writer for an inner block. */
export function inside(w: Writer, part: Partial<Pick<Writer, 'block' | 'backward' | 'targets' | 'prelude'>>): Writer {
  return { ...w, ...part };
}

/** Whether nothing that comes later in the sweep depends on a variable. */
export function is_unused(w: Writer, { home, has_adjoint, adjoint, total }: Variable): boolean {
  return adjoint === null || (total === undefined && home === w.prelude && !has_adjoint());
}

/** Whether a variable may be assigned between the end of a statement and the reverse of the statement. */
export function is_assigned_after(w: Writer, decl: DeclIdent, { end }: Span): boolean {
  if (w.assigned_elsewhere.has(decl)) return true;
  const places = w.facts.assigned.get(decl) ?? [];
  return places.some((at) => at >= end || w.unrolled.some((loop) => at > loop.start && loop.end > at));
}

/** Runs the reverses of a list of statements, last first. */
export function reverse_all(backward: readonly Backward[], r: Block): void {
  for (const step of backward.toReversed()) step(r);
}

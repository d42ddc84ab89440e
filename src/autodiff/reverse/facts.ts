/** What is known of a function before it is reversed. */

import type { DeclIdent, ExpressionElem, FnElem } from 'wesl/core';
import type { Program } from '../program.ts';
import { assigned_in } from './assigned.ts';
import { find_totals } from './totals.ts';
import { type Trace, trace_function } from './trace.ts';

export interface FunctionFacts {
  trace: Trace;
  /** Offsets in the source where a variable is assigned, its declaration not included. */
  assigned: ReadonlyMap<DeclIdent, readonly number[]>;
  /** Variables whose adjoint is the seed or its negative, everywhere (totals.ts). */
  totals: ReadonlyMap<DeclIdent, 1 | -1>;
}

export function facts_of(program: Program, fn: FnElem, is_active: (e: ExpressionElem) => boolean): FunctionFacts {
  const assigned = assigned_in(program, fn.body);
  return { trace: trace_function(program, fn), assigned, totals: find_totals(program, fn, is_active) };
}

/** Loops that count: `for (var i = start; i < end; i += step)` with a constant step, whose body changes neither i nor the end. */

import type { BinaryExpression, DeclIdent, ExpressionElem, ForElem } from 'wesl/core';
import { evalConstExpr, scalarToNumber } from 'wesl/core';
import type { Program } from '../program.ts';
import { assigned_in } from './assigned.ts';
import { evaluate_known, type Known } from './integers.ts';
import { constant_integer } from './trace_values.ts';
import type { Variable } from './writer.ts';

export interface Counted {
  decl: DeclIdent;
  start: ExpressionElem;
  end: ExpressionElem;
  comparison: '<' | '<=' | '>' | '>=';
  /** Not zero; positive with < and <=. */
  step: number;
  type: 'i32' | 'u32';
}

const mirrored = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const;

/** The header of a loop that counts; `is_fixed` tells whether an expression keeps its value in the loop. */
export function counted_loop(
  program: Program,
  s: ForElem,
  is_fixed: (e: ExpressionElem) => boolean,
): Counted | undefined {
  const { init, condition, update, body } = s;
  if (init?.kind !== 'var' || !init.init || condition === undefined || !update) return undefined;
  const decl = init.name.decl.ident;
  const type = program.type_of_decl(decl);
  if (type.kind !== 'scalar' || !/^(i32|u32|abstract-int)$/.test(type.scalar)) return undefined;
  const is_counter = (e: ExpressionElem) => e.kind === 'ref' && program.decl_of(e.ident) === decl;
  const bare = condition.kind === 'parenthesized-expression' ? condition.expression : condition;
  if (bare.kind !== 'binary-expression') return undefined;
  const bound = compare(bare, is_counter);
  const step = step_of(program, update, decl);
  if (!bound || !step || step > 0 !== bound.comparison.startsWith('<')) return undefined;
  if (!is_fixed(bound.end) || assigned_in(program, body).has(decl)) return undefined;
  return { decl, start: init.init, ...bound, step, type: type.scalar === 'u32' ? 'u32' : 'i32' };
}

function compare(
  { operator, left, right }: BinaryExpression,
  is_counter: (e: ExpressionElem) => boolean,
): Pick<Counted, 'comparison' | 'end'> | undefined {
  const comparison = operator.value as Counted['comparison'];
  if (!(comparison in mirrored)) return undefined;
  if (is_counter(left)) return { comparison, end: right };
  return is_counter(right) ? { comparison: mirrored[comparison], end: left } : undefined;
}

function step_of(program: Program, update: NonNullable<ForElem['update']>, decl: DeclIdent): number | undefined {
  const is_counter = (e: ExpressionElem) => e.kind === 'ref' && program.decl_of(e.ident) === decl;
  if (update.kind === 'increment') return is_counter(update.target) ? 1 : undefined;
  if (update.kind === 'decrement') return is_counter(update.target) ? -1 : undefined;
  if (update.kind !== 'assign' || update.lhs.kind === 'phony' || !is_counter(update.lhs)) return undefined;
  const value = evalConstExpr(update.rhs, program.context);
  const by = value ? (scalarToNumber(value) ?? 0) : 0;
  if (update.op.value === '+=') return by > 0 ? by : undefined;
  return update.op.value === '-=' && by > 0 ? -by : undefined;
}

/** The value of an integer expression of constants and unrolled counters. */
export function known_value(program: Program, env: ReadonlyMap<DeclIdent, Variable>, e: ExpressionElem): Known {
  return evaluate_known(program, e, (leaf) => {
    const decl = leaf.kind === 'ref' && program.decl_of(leaf.ident);
    if (!decl) return undefined;
    if (decl.declElem?.kind !== 'const') return env.get(decl)?.known;
    return constant_integer(program, leaf);
  });
}

/** The values that the counter takes, where known. */
export function known_counts(
  program: Program,
  env: ReadonlyMap<DeclIdent, Variable>,
  { start, end, comparison, step }: Counted,
): { first: number; count: number } | undefined {
  const [first, last] = [known_value(program, env, start), known_value(program, env, end)];
  if (typeof first !== 'number' || typeof last !== 'number') return undefined;
  const span = step > 0 ? last - first : first - last;
  const reached = comparison.endsWith('=') ? span + 1 : span;
  return { first, count: Math.max(0, Math.ceil(reached / Math.abs(step))) };
}

/** WGSL of the number of iterations, a u32; `start` and `end` are names or literals. */
export function count_text({ comparison, step, type }: Counted, start: string, end: string): string {
  const [low, high] = step > 0 ? [start, end] : [end, start];
  const from_zero = /^0[iu]?$/.test(low);
  const one = comparison.endsWith('=') ? (type === 'u32' ? ' + 1u' : ' + 1') : '';
  const unsigned = from_zero ? `${high}${one}` : `max(${high}${one}, ${low}) - ${low}`;
  const span = type === 'u32' ? unsigned : `u32(max(${high}${from_zero ? '' : ` - ${low}`}${one}, 0))`;
  const by = Math.abs(step);
  return by === 1 ? span : `(${span} + ${by - 1}u) / ${by}u`;
}

/** WGSL of the counter in iteration `at` (a u32). */
export function counter_text({ step, type }: Counted, start: string, at: string): string {
  const index = type === 'u32' ? at : `i32(${at})`;
  const by = Math.abs(step);
  const moved = by === 1 ? index : `${index} * ${by}${type === 'u32' ? 'u' : ''}`;
  if (step > 0 && /^0[iu]?$/.test(start)) return moved;
  return `${start} ${step > 0 ? '+' : '-'} ${moved}`;
}

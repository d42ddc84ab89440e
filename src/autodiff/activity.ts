/**
 * Which values carry a tangent. A function is looked at once per pattern of active arguments ("specialisation"). Within it a
 * local that bears f32 is active when anything active is ever assigned to it or to a part of it; this is the least fixed
 * point, without regard to the order of statements. The rest is passive and gets no tangent code.
 */

import type { AbstractElem, DeclIdent, ExpressionElem, FnElem, FunctionCallExpression } from 'wesl/core';
import { visitAst } from 'wesl/core';
import { bears_f32 } from './dual_types.ts';
import type { Program } from './program.ts';
import { flat_builtins } from './rules.ts';

export interface Specialisation {
  fn: FnElem;
  /** Name of the generated function. */
  name: string;
  /** Per parameter. */
  pattern: readonly boolean[];
  active: ReadonlySet<DeclIdent>;
  result_active: boolean;
}

export interface Activity {
  /** The specialisation of `fn` for a pattern, made on first use. */
  specialise(fn: FnElem, pattern: readonly boolean[]): Specialisation;
  is_active(expression: ExpressionElem, active: ReadonlySet<DeclIdent>): boolean;
  /** The specialisation a call of a user function needs. */
  called(call: FunctionCallExpression, fn: FnElem, active: ReadonlySet<DeclIdent>): Specialisation;
  /** Those to be written, in the order in which they were asked for. */
  needed: ReadonlySet<Specialisation>;
  need(specialisation: Specialisation): void;
}

/** An entry: a specialisation whose name is given. */
export type Requested = Pick<Specialisation, 'fn' | 'pattern' | 'name'>;

/** `letter` goes into the names of the functions: d for those with tangents, r for reversed ones. */
export function create_activity(
  program: Program,
  fresh: (wanted: string) => string,
  requested: readonly Requested[],
  letter: 'd' | 'r' = 'd',
): Activity {
  const needed = new Set<Specialisation>();
  const same = (a: readonly boolean[], b: readonly boolean[]) => a.every((active, i) => active === b[i]);
  const known = new Map<FnElem, Specialisation[]>();

  function specialise(fn: FnElem, pattern: readonly boolean[]): Specialisation {
    const list = known.get(fn) ?? [];
    known.set(fn, list);
    const found = list.find((s) => same(s.pattern, pattern));
    if (found) return found;
    const active = active_locals(fn, pattern);
    const result_active = returned(fn).some((e) => is_active(e, active));
    const entry = requested.find((r) => r.fn === fn && same(r.pattern, pattern));
    const digits = pattern.map((a) => (a ? '1' : '0')).join('');
    const made: Specialisation = {
      fn,
      name: entry?.name ?? (result_active ? fresh(`${fn.name.ident.originalName}_${letter}_${digits}`) : ''),
      pattern,
      active,
      result_active,
    };
    list.push(made);
    return made;
  }

  function active_locals(fn: FnElem, pattern: readonly boolean[]): Set<DeclIdent> {
    const active = new Set<DeclIdent>();
    fn.params.forEach((parameter, i) => {
      if (pattern[i]) active.add(parameter.name.decl.ident);
    });
    let size = -1;
    while (size !== active.size) {
      size = active.size;
      visitAst(fn.body, (s) => {
        const assigned = assignment(s, program);
        if (assigned && bears_f32(program.type_of_decl(assigned.to)) && is_active(assigned.from, active))
          active.add(assigned.to);
      });
    }
    return active;
  }

  function called(call: FunctionCallExpression, fn: FnElem, active: ReadonlySet<DeclIdent>): Specialisation {
    return specialise(
      fn,
      call.arguments.map((a) => is_active(a, active)),
    );
  }

  function is_active(e: ExpressionElem, active: ReadonlySet<DeclIdent>): boolean {
    switch (e.kind) {
      case 'literal':
      case 'type':
        return false;
      case 'ref': {
        const decl = program.decl_of(e.ident);
        return decl !== undefined && active.has(decl);
      }
      case 'parenthesized-expression':
        return is_active(e.expression, active);
      case 'unary-expression':
        return e.operator.value === '-' && is_active(e.expression, active);
      case 'binary-expression':
        return bears_f32(program.type_of(e)) && (is_active(e.left, active) || is_active(e.right, active));
      case 'component-expression':
      case 'component-member-expression':
        return bears_f32(program.type_of(e)) && is_active(e.base, active);
      case 'call-expression':
        return bears_f32(program.type_of(e)) && is_call_active(e, active);
    }
  }

  function is_call_active(call: FunctionCallExpression, active: ReadonlySet<DeclIdent>): boolean {
    const callee = program.callee_of(call);
    if (callee.kind === 'builtin' && flat_builtins.has(callee.name)) return false;
    const actives = call.arguments.map((a) => is_active(a, active));
    if (!actives.includes(true)) return false;
    return callee.kind === 'user' ? specialise(callee.fn, actives).result_active : true;
  }

  return { specialise, is_active, called, needed, need: (specialisation) => needed.add(specialisation) };
}

/** The variable that a statement writes and the value it gets, if it is a declaration with a value or an assignment. */
function assignment(s: AbstractElem, program: Program): { to: DeclIdent; from: ExpressionElem } | undefined {
  if ((s.kind === 'let' || s.kind === 'var') && s.init) return { to: s.name.decl.ident, from: s.init };
  if (s.kind !== 'assign' || s.lhs.kind === 'phony') return undefined;
  const to = assigned_variable(s.lhs, program);
  return to && { to, from: s.rhs };
}

/** The variable at the root of the left side of an assignment: `x` in `x.a[i].b = …`. */
export function assigned_variable(lhs: ExpressionElem, program: Program): DeclIdent | undefined {
  if (lhs.kind === 'ref') return program.decl_of(lhs.ident);
  if (lhs.kind === 'component-expression' || lhs.kind === 'component-member-expression')
    return assigned_variable(lhs.base, program);
  if (lhs.kind === 'parenthesized-expression') return assigned_variable(lhs.expression, program);
  return undefined;
}

function returned(fn: FnElem): ExpressionElem[] {
  const values: ExpressionElem[] = [];
  visitAst(fn.body, (s) => {
    if (s.kind === 'return' && s.value) values.push(s.value);
  });
  return values;
}

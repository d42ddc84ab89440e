/** Declarations and assignments: forward as written, in reverse the adjoint of the left side goes to the right side. */

import type { AssignElem, DeclIdent, DecrementElem, ExpressionElem, IncrementElem, LetElem, VarElem } from 'wesl/core';
import { assigned_variable } from '../activity.ts';
import { bears_f32 } from '../dual_types.ts';
import { in_parentheses, is_path } from '../terms.ts';
import { node_of, settled_index } from './expressions.ts';
import { adjoint_at, type Node } from './node.ts';
import { binary } from './partials.ts';
import { component_count, concrete } from './types.ts';
import { new_variable, part, variable_node } from './variables.ts';
import { type Block, declare, is_unused, type Place, type Variable, type Writer } from './writer.ts';

export function write_declaration(w: Writer, s: LetElem | VarElem): void {
  const { ident } = s.name.decl;
  const type = w.program.type_of_decl(ident);
  // The name is chosen first, because the reverse of the value may use it; the variable is visible only after the value.
  const name = w.own_name(ident);
  const { assigned, trace } = w.facts;
  const is_final = s.kind === 'let' || !assigned.has(ident);
  const value: Node | null = s.init ? node_of(w, s.init, is_final ? name : undefined) : null;
  const is_active = w.backward !== null && w.specialisation.active.has(ident);
  if (s.kind === 'let' && value?.settled && is_path(value.value) && component_count(type) === 0) {
    // A struct or array under a second name is the same one.
    w.env.set(ident, {
      name: value.value,
      type,
      settled: true,
      adjoint: value.place ?? null,
      has_adjoint: () => true,
      home: null,
    });
    return;
  }
  const variable = declared_variable(w, ident, name, is_final || trace.settled.has(ident), is_active);
  w.env.set(ident, variable);
  const text = w.printer.type(concrete(type));
  if (s.kind === 'let') declare(w.block, variable.name, text, value?.value ?? '');
  else declare_var(w.block, variable.name, text, value?.value ?? '');
  if (!value?.pull) return;
  const { pull } = value;
  w.backward?.push((r) => {
    if (variable.total !== undefined) pull(r, { parts: [variable.total] });
    else if (variable.adjoint && !is_unused(w, variable)) pull(r, adjoint_at(variable.adjoint().text, type));
  });
}

function declared_variable(w: Writer, ident: DeclIdent, name: string, settled: boolean, is_active: boolean): Variable {
  const variable = new_variable(w, name, concrete(w.program.type_of_decl(ident)), settled, ident);
  const sign = w.facts.totals.get(ident);
  if (is_active && sign) return { ...variable, total: sign === 1 ? w.result.seed : `-${w.result.seed}` };
  return is_active ? variable : { ...variable, adjoint: null };
}

/** Declares a variable that is assigned later; where it is hoisted, with zero until then. */
export function declare_var(block: Block, name: string, type: string, value: string): void {
  (block.hoisted ?? block.code).push({ kind: 'var', name, type, value: block.hoisted ? '' : value });
  if (block.hoisted && value) block.code.push({ kind: 'set', root: name, place: name, operator: '=', value });
}

export function write_assignment(w: Writer, s: AssignElem): void {
  if (s.lhs.kind === 'phony') return;
  const decl = assigned_variable(s.lhs, w.program);
  const variable = decl && w.env.get(decl);
  if (!decl || !variable) throw new Error('an unbound name was not refused');
  const is_frozen = w.frozen.has(decl);
  const type = w.program.type_of(s.lhs);
  const target = target_of(w, s.lhs);
  const is_active = w.backward !== null && variable.adjoint !== null && bears_f32(type);
  const set = (operator: string, value: string) => {
    if (!is_frozen) w.block.code.push({ kind: 'set', root: variable.name, place: target.value, operator, value });
  };
  const operator = s.op.value.slice(0, -1);
  if (!is_active) {
    set(s.op.value, w.printer.expression(s.rhs));
    return;
  }
  const is_final = operator === '' && variable.settled && w.facts.trace.written_once.has(decl);
  const right = node_of(w, s.rhs, is_final ? target.value : undefined);
  if (operator === '+' || operator === '-') {
    set(s.op.value, right.value);
    const { pull } = right;
    if (pull)
      w.backward?.push((r) => {
        if (!is_unused(w, variable)) pull_from(w, r, target, variable, operator === '-', pull);
      });
    return;
  }
  const result = operator ? binary(w, operator, target, { ...right, value: in_parentheses(right.value) }, type) : right;
  set('=', result.value);
  w.backward?.push((r) => write_reset(w, r, target, decl, variable, result));
}

/** The reverse of `x += e`: the adjoint of x stays, and goes to e too. */
function pull_from(
  w: Writer,
  r: Block,
  target: Node,
  variable: Variable,
  is_minus: boolean,
  pull: NonNullable<Node['pull']>,
): void {
  const { type } = target;
  const whole = variable.total ?? take(w, r, target).text;
  const { parts } = variable.total === undefined ? adjoint_at(whole, type) : { parts: [whole] };
  if (!is_minus) pull(r, type.kind === 'vector' ? { parts, whole } : { parts });
  else pull(r, { parts: parts.map((part) => (part.startsWith('-') ? part.slice(1) : `-${part}`)) });
}

/** The reverse of `x = e`: the adjoint of x goes to e, and what x was before has none yet. */
function write_reset(w: Writer, r: Block, target: Node, decl: DeclIdent, variable: Variable, result: Node): void {
  const { total } = variable;
  if (total !== undefined) {
    // x = x + e, of which x itself needs nothing.
    result.pull?.(r, { parts: [total] });
    return;
  }
  if (is_unused(w, variable)) return;
  const { type } = target;
  const { root, text } = (target.place as () => Place)();
  const taken = take(w, r, target);
  if (!w.facts.trace.written_once.has(decl))
    r.code.push({ kind: 'set', root, place: text, operator: '=', value: `${w.printer.type(concrete(type))}()` });
  result.pull?.(r, adjoint_at(taken.text, type));
}

/** Copies the adjoint of a left side, since what follows may add to it. */
function take(w: Writer, r: Block, target: Node): Place {
  const { text } = (target.place as () => Place)();
  const name = w.fresh('s');
  r.code.push({ kind: 'let', name, type: w.printer.type(concrete(target.type)), value: text });
  return { root: name, text: name };
}

/** The left side of an assignment. */
function target_of(w: Writer, lhs: ExpressionElem): Node {
  const type = w.program.type_of(lhs);
  switch (lhs.kind) {
    case 'ref': {
      const decl = w.program.decl_of(lhs.ident);
      return variable_node(w, (decl && w.env.get(decl)) as Variable);
    }
    case 'parenthesized-expression':
      return target_of(w, lhs.expression);
    case 'component-expression':
      return target_part(w, target_of(w, lhs.base), `[${settled_index(w, lhs.base, lhs.access)}]`, type);
    case 'component-member-expression':
      return target_part(w, target_of(w, lhs.base), `.${lhs.access.name}`, type);
    default:
      throw new Error(`cannot assign to a ${lhs.kind}`);
  }
}

function target_part(w: Writer, base: Node, suffix: string, type: Node['type']): Node {
  if (base.place) return part(w, base, suffix, type);
  return { value: base.value + suffix, type, settled: base.settled, pull: null };
}

export function write_step(w: Writer, s: IncrementElem | DecrementElem): void {
  const decl = assigned_variable(s.target, w.program);
  if (!decl || w.frozen.has(decl)) return;
  const root = w.env.get(decl)?.name as string;
  const operator = s.kind === 'increment' ? '+=' : '-=';
  const place = target_of(w, s.target).value;
  w.block.code.push({ kind: 'set', root, place, operator, value: '1' });
}

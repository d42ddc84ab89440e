/** `x = e` and `x op= e` where x, or what x is a part of, is active. */

import type { AssignElem, ExpressionElem } from 'wesl/core';
import { binary } from './apply_rules.ts';
import { type Dual, stored, tangent_text, type Writer } from './dual.ts';
import { dual } from './expressions.ts';
import { in_parentheses } from './terms.ts';

export function write_assignment(w: Writer, s: AssignElem): void {
  const lhs = s.lhs as ExpressionElem;
  const type = w.program.type_of(lhs);
  const target = target_of(w, lhs);
  const tangent = tangent_text(w, target);
  const rhs = dual(w, s.rhs);
  if (s.op.value === '=') {
    w.line(`${tangent} = ${tangent_text(w, { ...rhs, type })};`);
    w.line(`${target.value} = ${rhs.value};`);
    return;
  }
  const operator = s.op.value.slice(0, -1);
  const result = binary(w, operator, target, { ...rhs, value: in_parentheses(rhs.value) }, type);
  const after = tangent_text(w, result);
  if (after !== tangent) w.line(`${tangent} = ${after};`);
  w.line(`${target.value} = ${result.value};`);
}

/** The left side of an assignment, with the place of its tangent. */
function target_of(w: Writer, lhs: ExpressionElem): Dual {
  const type = w.program.type_of(lhs);
  const value = w.printer.expression(lhs);
  return { value, type, tangent: stored(type, place(w, lhs)) };
}

function place(w: Writer, lhs: ExpressionElem): string {
  switch (lhs.kind) {
    case 'ref': {
      const decl = w.program.decl_of(lhs.ident);
      if (!decl) throw new Error('an unbound name was not refused');
      return w.tangent_name(decl);
    }
    case 'parenthesized-expression':
      return place(w, lhs.expression);
    case 'component-expression':
      return `${place(w, lhs.base)}[${w.printer.index(lhs.base, lhs.access)}]`;
    case 'component-member-expression': {
      const { name } = lhs.access;
      if (w.program.type_of(lhs.base).kind !== 'vector') return `${place(w, lhs.base)}.${name}`;
      return `${place(w, lhs.base)}[${'xyzw'.indexOf(name) + 'rgba'.indexOf(name) + 1}]`;
    }
    default:
      throw new Error(`cannot assign to a ${lhs.kind}`);
  }
}

/**
 * Totals: variables that a function only adds to and returns, like `lp` in `lp += normal_log_density(…); … return lp;`. The adjoint of one is
 * the seed (or its negative) everywhere, so what is added can be differentiated where it is added; a loop that does nothing else
 * needs one run and not two (loops.ts).
 */

import type { AbstractElem, BlockElem, DeclIdent, ExpressionElem, FnElem, Statement } from 'wesl/core';
import { childElems, visitAst } from 'wesl/core';
import { assigned_variable } from '../activity.ts';
import type { Program } from '../program.ts';

/**
 * The totals of a function, each with the sign it has in the result. Where a passive value can be returned instead (a guard),
 * that must be before the first loop: what a loop has added to adjoints by then cannot be taken back.
 */
export function find_totals(
  program: Program,
  fn: FnElem,
  is_active: (e: ExpressionElem) => boolean,
): Map<DeclIdent, 1 | -1> {
  const totals = new Map<DeclIdent, 1 | -1>();
  visitAst(fn.body, (block) => {
    if (block.kind !== 'block') return;
    for (const s of block.body) {
      if (s.kind !== 'var') continue;
      const type = program.type_of_decl(s.name.decl.ident);
      if (type.kind !== 'scalar' || !/float|f32/.test(type.scalar)) continue;
      const sign = sign_of_total(program, s.name.decl.ident, block, s, is_active);
      if (sign) totals.set(s.name.decl.ident, sign);
    }
  });
  return totals;
}

function sign_of_total(
  program: Program,
  decl: DeclIdent,
  block: BlockElem,
  from: Statement,
  is_active: (e: ExpressionElem) => boolean,
): 1 | -1 | 0 {
  const after = block.body.slice(block.body.indexOf(from) + 1);
  const signs = new Set<number>();
  let seen_loop = false;
  const is_total = (e: ExpressionElem) => e.kind === 'ref' && program.decl_of(e.ident) === decl;
  const reads = (elem: AbstractElem): boolean => {
    let found = false;
    visitAst(elem, (node) => {
      if (node.kind === 'ref' && program.decl_of(node.ident) === decl) found = true;
    });
    return found;
  };
  /** Whether the variable is used in no other way than a total may be. */
  const is_proper = (elem: AbstractElem): boolean => {
    if (elem.kind === 'return') {
      if (elem.value && !is_active(elem.value) && !seen_loop) return true;
      const sign = elem.value ? sign_in(elem.value) : 0;
      signs.add(sign);
      return sign !== 0;
    }
    if (elem.kind === 'assign' && elem.lhs.kind !== 'phony' && assigned_variable(elem.lhs, program) === decl) {
      if (elem.op.value === '+=' || elem.op.value === '-=') return !reads(elem.rhs);
      // x = x + …, and x = … - … with x at the far left
      return elem.op.value === '=' && reads(elem.rhs) && sign_in(elem.rhs) === 1;
    }
    if (elem.kind === 'for' || elem.kind === 'while' || elem.kind === 'loop') seen_loop = true;
    if (elem.kind === 'ref') return program.decl_of(elem.ident) !== decl;
    return childElems(elem).every(is_proper);
  };
  /** The sign of the variable where `e` is a sum with the variable as one term and not used otherwise, else 0. */
  const sign_in = (e: ExpressionElem): 1 | -1 | 0 => {
    if (is_total(e)) return 1;
    if (e.kind === 'parenthesized-expression') return sign_in(e.expression);
    if (e.kind === 'unary-expression' && e.operator.value === '-') return negative(sign_in(e.expression));
    if (e.kind !== 'binary-expression' || !/^[+-]$/.test(e.operator.value)) return 0;
    if (reads(e.left)) return reads(e.right) ? 0 : sign_in(e.left);
    return e.operator.value === '+' ? sign_in(e.right) : negative(sign_in(e.right));
  };
  if (!after.every(is_proper) || signs.size !== 1 || !returns_last(after)) return 0;
  return [...signs][0] as 1 | -1;
}

const negative = (sign: 1 | -1 | 0): 1 | -1 | 0 => (sign === 0 ? 0 : sign === 1 ? -1 : 1);

/** Whether every way through the list ends in a return. */
function returns_last(list: readonly Statement[]): boolean {
  const last = list.at(-1);
  if (last?.kind === 'return') return true;
  if (last?.kind === 'block') return returns_last(last.body);
  if (last?.kind === 'if') return last.else !== undefined && returns_last(last.body.body) && returns_last([last.else]);
  return false;
}

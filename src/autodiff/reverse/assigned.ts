/** Which variables a piece of code assigns, and where. */

import type { AbstractElem, DeclIdent } from 'wesl/core';
import { visitAst } from 'wesl/core';
import { assigned_variable } from '../activity.ts';
import type { Program } from '../program.ts';

/** Offsets in the source of the left sides, per variable; declarations do not count. */
export function assigned_in(program: Program, elem: AbstractElem): Map<DeclIdent, number[]> {
  const assigned = new Map<DeclIdent, number[]>();
  visitAst(elem, (node) => {
    const target =
      node.kind === 'assign' ? node.lhs : node.kind === 'increment' || node.kind === 'decrement' ? node.target : null;
    if (!target || target.kind === 'phony') return;
    const decl = assigned_variable(target, program);
    if (decl) assigned.set(decl, [...(assigned.get(decl) ?? []), target.start]);
  });
  return assigned;
}

/** How much code a statement comes to: its declarations, assignments and calls, with those of the functions it calls, times the iterations of its loops. */

import type { AbstractElem, FnElem } from 'wesl/core';
import { childElems, visitAst } from 'wesl/core';
import type { Program } from '../program.ts';

/** `trips_of` gives the iterations of a loop; 1 counts a loop that stays a loop. */
export function size_of(program: Program, elem: AbstractElem, trips_of: (loop: AbstractElem) => number): number {
  const inside = (node: AbstractElem): number =>
    childElems(node).reduce((sum, child) => sum + size_of(program, child, trips_of), 0);
  switch (elem.kind) {
    case 'assign':
    case 'let':
    case 'var':
      return 1 + inside(elem);
    case 'call-expression': {
      const callee = program.callee_of(elem);
      const body = callee.kind === 'user' ? size_of(program, callee.fn.body, () => 1) : 0;
      return 1 + body + inside(elem);
    }
    case 'for':
    case 'while':
    case 'loop':
      return inside(elem) * trips_of(elem);
    default:
      return inside(elem);
  }
}

/** In how many places of the program a function is called. */
export function call_sites(program: Program, fn: FnElem): number {
  let count = 0;
  for (const caller of program.functions.values())
    visitAst(caller.body, (node) => {
      if (node.kind !== 'call-expression') return;
      const callee = program.callee_of(node);
      if (callee.kind === 'user' && callee.fn === fn) count++;
    });
  return count;
}

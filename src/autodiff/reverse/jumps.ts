/** Where statements jump to: which `return`, `break` and `continue` are inside, and whether one is always met. */

import type { ExpressionElem, Statement } from 'wesl/core';

export interface Jumps {
  /** Out of the function with a value that counts; a passive one ends the function on the spot (statements.ts). */
  returns: boolean;
  /** Out of the loop or switch around. */
  breaks: boolean;
  /** To the next iteration of the loop around. */
  continues: boolean;
}

export function jumps_in(list: readonly Statement[], is_active: (e: ExpressionElem) => boolean): Jumps {
  const found: Jumps = { returns: false, breaks: false, continues: false };
  const visit = (s: Statement, in_loop: boolean, in_switch: boolean): void => {
    const inside = (body: readonly Statement[], loop = in_loop, choice = in_switch) => {
      for (const part of body) visit(part, loop, choice);
    };
    switch (s.kind) {
      case 'return':
        if (s.value && is_active(s.value)) found.returns = true;
        break;
      case 'break':
        if (!in_loop && !in_switch) found.breaks = true;
        break;
      case 'continue':
        if (!in_loop) found.continues = true;
        break;
      case 'block':
        inside(s.body);
        break;
      case 'if':
        inside(s.body.body);
        if (s.else) visit(s.else, in_loop, in_switch);
        break;
      case 'for':
      case 'while':
      case 'loop':
        inside(s.body.body, true, false);
        break;
      case 'switch':
        for (const clause of s.clauses) inside(clause.body.body, in_loop, true);
        break;
    }
  };
  for (const s of list) visit(s, false, false);
  return found;
}

export function has_jump({ returns, breaks, continues }: Jumps): boolean {
  return returns || breaks || continues;
}

/** Whether what follows the list is never reached. */
export function always_jumps(list: readonly Statement[]): boolean {
  return list.some((s) => {
    switch (s.kind) {
      case 'return':
      case 'continue':
        return true;
      case 'break':
        return !s.condition;
      case 'block':
        return always_jumps(s.body);
      case 'if':
        return s.else !== undefined && always_jumps(s.body.body) && always_jumps([s.else]);
      default:
        return false;
    }
  });
}

/** The parts of a loop statement, and what its iterations read and write of the variables around it. */

import type { AbstractElem, DeclIdent, ExpressionElem, Statement } from 'wesl/core';
import { visitAst } from 'wesl/core';
import { assigned_in } from './assigned.ts';
import { type Counted, counted_loop } from './counted.ts';
import { type Jumps, jumps_in } from './jumps.ts';
import { concrete } from './types.ts';
import { declare, is_assigned_after, is_reversed_return, type Variable, type Writer } from './writer.ts';

export type LoopStatement = Extract<Statement, { kind: 'for' | 'while' | 'loop' }>;

export interface LoopParts {
  loop: LoopStatement;
  init: Statement | null;
  /** Goes on while it holds; null: always. */
  condition: ExpressionElem | null;
  body: readonly Statement[];
  /** Ends every iteration, those that were cut short by `continue` included. */
  update: readonly Statement[];
  /** `break if` at the end of `continuing`. */
  exit: ExpressionElem | null;
  jumps: Jumps;
  /** A header that only counts. */
  counted: Counted | undefined;
  /** Variables that the loop assigns. */
  assigned: ReadonlySet<DeclIdent>;
}

export function loop_parts(w: Writer, loop: LoopStatement): LoopParts {
  const assigned = new Set(assigned_in(w.program, loop).keys());
  const is_fixed = (e: ExpressionElem) => !refers_to(w, e, assigned);
  const jumps = (body: readonly Statement[]) => jumps_in(body, (e) => is_reversed_return(w, e));
  const last = loop.body.body.at(-1);
  if (loop.kind === 'loop' && last?.kind === 'continuing') {
    const body = loop.body.body.slice(0, -1);
    const end = last.body.body.at(-1);
    const exit = end?.kind === 'break' ? (end.condition ?? null) : null;
    const update = exit ? last.body.body.slice(0, -1) : last.body.body;
    return { loop, init: null, condition: null, body, update, exit, jumps: jumps(body), counted: undefined, assigned };
  }
  const { body } = loop.body;
  const plain = { loop, body, exit: null, jumps: jumps(body), assigned };
  if (loop.kind === 'loop') return { ...plain, init: null, condition: null, update: [], counted: undefined };
  const condition = loop.condition ?? null;
  if (loop.kind === 'while') return { ...plain, init: null, condition, update: [], counted: undefined };
  return {
    ...plain,
    init: (loop.init as Statement | undefined) ?? null,
    condition,
    update: loop.update ? [loop.update as Statement] : [],
    counted: counted_loop(w.program, loop, is_fixed),
  };
}

function refers_to(w: Writer, e: AbstractElem, decls: ReadonlySet<DeclIdent>): boolean {
  let found = false;
  visitAst(e, (node) => {
    const decl = node.kind === 'ref' && w.program.decl_of(node.ident);
    if (decl && decls.has(decl)) found = true;
  });
  return found;
}

/** Variables from around the loop that its iterations hand on and may have to get back. */
export function carried_variables(w: Writer, { assigned }: LoopParts): Variable[] {
  return [...assigned].flatMap((decl) => {
    const variable = w.env.get(decl);
    return variable && !variable.settled && variable.total === undefined ? [variable] : [];
  });
}

/** The writer of a loop: to it, variables that the loop does not assign are settled, if need be by a copy. */
export function settle_outer(w: Writer, { loop, assigned }: LoopParts): Writer {
  const env = new Map(w.env);
  visitAst(loop, (node) => {
    const decl = node.kind === 'ref' && w.program.decl_of(node.ident);
    const variable = decl && env.get(decl);
    if (!decl || !variable || variable.settled || assigned.has(decl)) return;
    let { name } = variable;
    if (is_assigned_after(w, decl, loop)) {
      name = w.fresh('t');
      declare(w.block, name, w.printer.type(concrete(variable.type)), variable.name);
    }
    env.set(decl, { ...variable, name, settled: true });
  });
  return { ...w, env, printer: w.printer_of(env) };
}

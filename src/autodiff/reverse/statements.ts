/** Statements: straight through forward, back to front in reverse. Branches are taken again by the conditions of the forward sweep. */

import type { ExpressionElem, Statement, SwitchElem } from 'wesl/core';
import { write_assignment, write_declaration, write_step } from './assignments.ts';
import type { Code } from './code.ts';
import { node_of } from './expressions.ts';
import { always_jumps, has_jump, type Jumps, jumps_in } from './jumps.ts';
import { write_loop } from './loops.ts';
import { adjoint_at, keep } from './node.ts';
import { bool, concrete } from './types.ts';
import {
  type Backward,
  type Block,
  inside,
  is_active,
  is_reversed_return,
  reverse_all,
  type Writer,
} from './writer.ts';

/**
 * Writes a list of statements. What comes after a statement that may jump is put into the branch that does not, or behind a
 * test of the flags that the jump sets, so that the structure that is left has one way in and one way out.
 */
export function write_list(w: Writer, list: readonly Statement[]): void {
  for (const [i, s] of list.entries()) {
    const rest = list.slice(i + 1);
    const jumps = jumps_in([s], (e) => is_reversed_return(w, e));
    if (rest.length === 0 || !has_jump(jumps)) {
      write_statement(w, s);
      if (s.kind === 'return' || s.kind === 'continue' || (s.kind === 'break' && !s.condition)) return;
      continue;
    }
    if (s.kind === 'return' || s.kind === 'continue' || s.kind === 'break') {
      write_statement(w, s);
      return;
    }
    if (s.kind === 'if' && always_jumps(s.body.body)) {
      write_if(w, s.condition, s.body.body, [...(s.else ? [s.else] : []), ...rest]);
      return;
    }
    if (s.kind === 'if' && s.else && always_jumps([s.else])) {
      write_if(w, s.condition, [...s.body.body, ...rest], [s.else]);
      return;
    }
    write_statement(w, s);
    write_guarded(w, jumps, rest);
    return;
  }
}

/** What follows a jump, where none was made. */
export function write_guarded(w: Writer, jumps: Jumps, rest: readonly Statement[]): void {
  const { done, stop, skip } = w.targets;
  const flags = [jumps.returns && done, jumps.breaks && stop, jumps.continues && skip].filter(
    (f) => f !== false && f !== null,
  );
  const condition = keep(w, { value: `!(${flags.join(' || ')})`, type: bool, settled: false, pull: null }).value;
  write_branches(w, [rest], ([body]) => ({ kind: 'if', condition, yes: body as Code[], no: [] }));
}

function write_statement(w: Writer, s: Statement): void {
  switch (s.kind) {
    case 'let':
    case 'var':
      write_declaration(w, s);
      break;
    case 'const':
      write_const(w, s);
      break;
    case 'assign':
      write_assignment(w, s);
      break;
    case 'increment':
    case 'decrement':
      write_step(w, s);
      break;
    case 'block':
      write_list(w, s.body);
      break;
    case 'if':
      write_if(w, s.condition, s.body.body, s.else ? [s.else] : []);
      break;
    case 'switch':
      write_switch(w, s);
      break;
    case 'for':
    case 'while':
    case 'loop':
      write_loop(w, s);
      break;
    case 'return':
      write_return(w, s.value);
      break;
    case 'break':
      set_flag(w, w.targets.stop);
      break;
    case 'continue':
      set_flag(w, w.targets.skip);
      break;
    case 'call':
    case 'assert':
    case 'empty':
      // A call for nothing has no effect, and assertions were written with the function itself.
      break;
    default:
      throw new Error(`a statement of kind ${s.kind} was not refused`);
  }
}

function set_flag(w: Writer, name: string | null): void {
  if (name) w.block.code.push({ kind: 'set', root: name, place: name, operator: '=', value: 'true' });
}

/** A const needs nothing that changes, so it may stand at the top. */
function write_const(w: Writer, s: Extract<Statement, { kind: 'const' }>): void {
  if (s.init && is_active(w, s.init))
    w.program.fail(s.init, 'a const cannot depend on the arguments', 'Write let instead of const.');
  const { decl, typeRef } = s.name;
  const name = w.own_name(decl.ident);
  const type = w.program.type_of_decl(decl.ident);
  const value = s.init ? w.printer.expression(s.init) : '';
  w.env.set(decl.ident, { name, type, settled: true, adjoint: null, has_adjoint: () => false, home: null });
  w.prelude.push({ kind: 'const', name, type: typeRef ? w.printer.written_type(typeRef) : '', value });
}

/** Branches whose conditions are already in variables. `build` makes the statement, forward and in reverse. */
function write_branches(
  w: Writer,
  bodies: readonly (readonly Statement[])[],
  build: (bodies: Code[][]) => Code,
  make: (branch: Writer) => Writer = (branch) => branch,
): void {
  const reversed: Backward[][] = [];
  const forward = bodies.map((body) => {
    const block: Block = { code: [], hoisted: w.backward ? w.prelude : null };
    const backward: Backward[] = [];
    write_list(make(inside(w, { block, backward: w.backward && backward })), body);
    reversed.push(backward);
    return block.code;
  });
  w.block.code.push(build(forward));
  w.backward?.push((r) => {
    const back = reversed.map((backward) => {
      const block: Block = { code: [], hoisted: null };
      reverse_all(backward, block);
      return block.code;
    });
    r.code.push(build(back));
  });
}

function write_if(w: Writer, e: ExpressionElem, then: readonly Statement[], otherwise: readonly Statement[]): void {
  const inner = e.kind === 'parenthesized-expression' ? e.expression : e;
  const condition = keep(w, node_of(w, inner)).value;
  write_branches(w, [then, otherwise], ([yes, no]) => ({
    kind: 'if',
    condition,
    yes: yes as Code[],
    no: no as Code[],
  }));
}

/** A break in a clause leaves the switch: a flag of its own. */
function write_switch(w: Writer, s: SwitchElem): void {
  const inner = s.selector.kind === 'parenthesized-expression' ? s.selector.expression : s.selector;
  const node = node_of(w, inner);
  const selector = keep(w, { ...node, type: concrete(node.type) }).value;
  const selectors = s.clauses.map((clause) => {
    if (clause.selectors.length === 1 && clause.selectors[0] === 'default') return 'default:';
    return `case ${clause.selectors.map((x) => (x === 'default' ? x : w.printer.expression(x))).join(', ')}:`;
  });
  const stop = w.fresh('stop');
  (w.backward ? w.prelude : w.block.code).push({ kind: 'var', name: stop, type: 'bool', value: '' });
  const build = (bodies: Code[][]): Code => ({
    kind: 'switch',
    selector,
    clauses: bodies.map((body, i) => ({ selectors: selectors[i] as string, body })),
  });
  write_branches(
    w,
    s.clauses.map((clause) => clause.body.body),
    build,
    (branch) => inside(branch, { targets: { ...w.targets, stop } }),
  );
}

/** A passive value ends the function: its derivative is zero whatever came before. */
function write_return(w: Writer, value: ExpressionElem | undefined): void {
  const { name, seed, type } = w.result;
  if (!value) return;
  if (!is_reversed_return(w, value)) {
    w.block.code.push({ kind: 'return', value: name ? w.printer.expression(value) : '' });
    return;
  }
  const node = node_of(w, value);
  if (name) w.block.code.push({ kind: 'set', root: name, place: name, operator: '=', value: node.value });
  set_flag(w, w.targets.done);
  w.backward?.push((r) => node.pull?.(r, adjoint_at(seed, type)));
}

/**
 * One function to WGSL: the primal when nothing is active, else the primal with a tangent statement in front of every
 * statement that changes an active variable (in front, because it reads the values of before).
 */

import type { ExpressionElem, ForElem, Statement, SwitchClauseElem, Type } from 'wesl/core';
import { assigned_variable } from './activity.ts';
import { write_assignment } from './assignments.ts';
import { type Dual, is_active, tangent_text, type Writer } from './dual.ts';
import { bears_f32 } from './dual_types.ts';
import { dual } from './expressions.ts';

export interface BodyWriter extends Writer {
  indent(by: 1 | -1): void;
  /** Type of Dual_R that the function returns, or null in a primal function. */
  result: Type | null;
}

export function write_block(w: BodyWriter, statements: readonly Statement[]): void {
  w.indent(1);
  for (const s of statements) write_statement(w, s);
  w.indent(-1);
}

function write_braces(w: BodyWriter, before: string, statements: readonly Statement[], after = ''): void {
  w.line(`${before}{`.trimStart());
  write_block(w, statements);
  w.line(`}${after}`);
}

function write_statement(w: BodyWriter, s: Statement): void {
  const text = w.printer.expression;
  switch (s.kind) {
    case 'let':
    case 'var':
      if (is_variable_active(w, s)) write_declaration(w, s);
      else w.line(`${simple(w, s)};`);
      break;
    case 'assign':
      if (is_assignment_active(w, s)) write_assignment(w, s);
      else w.line(`${simple(w, s)};`);
      break;
    case 'const':
      if (s.init && is_active(w, s.init))
        w.program.fail(s.init, 'a const cannot depend on the arguments', 'Write let instead of const.');
      w.line(`${simple(w, s)};`);
      break;
    case 'increment':
    case 'decrement':
    case 'call':
      w.line(`${simple(w, s)};`);
      break;
    case 'block':
      write_braces(w, '', s.body);
      break;
    case 'if': {
      w.line(`if (${condition(w, s.condition)}) {`);
      write_block(w, s.body.body);
      let rest = s.else;
      while (rest?.kind === 'if') {
        w.line(`} else if (${condition(w, rest.condition)}) {`);
        write_block(w, rest.body.body);
        rest = rest.else;
      }
      if (rest) {
        w.line('} else {');
        write_block(w, rest.body);
      }
      w.line('}');
      break;
    }
    case 'for':
      write_for(w, s);
      break;
    case 'while':
      write_braces(w, `while (${condition(w, s.condition)}) `, s.body.body);
      break;
    case 'loop':
      write_braces(w, 'loop ', s.body.body);
      break;
    case 'continuing':
      write_braces(w, 'continuing ', s.body.body);
      break;
    case 'switch':
      w.line(`switch (${condition(w, s.selector)}) {`);
      w.indent(1);
      for (const clause of s.clauses) write_braces(w, `${selectors(w, clause)} `, clause.body.body);
      w.indent(-1);
      w.line('}');
      break;
    case 'return':
      write_return(w, s.value);
      break;
    case 'break':
      w.line(s.condition ? `break if (${condition(w, s.condition)});` : 'break;');
      break;
    case 'continue':
      w.line('continue;');
      break;
    case 'assert':
      w.line(`const_assert ${text(s.expression)};`);
      break;
    case 'empty':
      break;
    default:
      throw new Error(`a statement of kind ${s.kind} was not refused`);
  }
}

/** A condition, without the author's parentheses around the whole. */
function condition(w: BodyWriter, e: ExpressionElem): string {
  return w.printer.expression(e.kind === 'parenthesized-expression' ? e.expression : e);
}

type Declaration = Extract<Statement, { kind: 'let' | 'var' }>;
type Assignment = Extract<Statement, { kind: 'assign' }>;

function is_variable_active(w: BodyWriter, s: Declaration): boolean {
  return w.specialisation.active.has(s.name.decl.ident);
}

function is_assignment_active(w: BodyWriter, s: Assignment): boolean {
  if (s.lhs.kind === 'phony') return false;
  const root = assigned_variable(s.lhs, w.program);
  return root !== undefined && w.specialisation.active.has(root) && bears_f32(w.program.type_of(s.lhs));
}

/** A statement with no tangent, without its semicolon. */
function simple(w: BodyWriter, s: Statement): string {
  const text = w.printer.expression;
  switch (s.kind) {
    case 'let':
    case 'var':
    case 'const': {
      return `${s.kind} ${declared(w, s)}${initial(w, s, s.init && text(s.init))}`;
    }
    case 'assign':
      return `${s.lhs.kind === 'phony' ? '_' : text(s.lhs)} ${s.op.value} ${text(s.rhs)}`;
    case 'increment':
      return `${text(s.target)}++`;
    case 'decrement':
      return `${text(s.target)}--`;
    case 'call':
      return text(s.call);
    default:
      throw new Error(`a ${s.kind} is not a simple statement`);
  }
}

/** Zero is written out: in a loop SwiftShader gives a `var` without a value that of the turn before, and not zero as WGSL §7.3 has it. */
function initial(w: BodyWriter, s: Extract<Statement, { kind: 'let' | 'var' | 'const' }>, value?: string): string {
  if (value !== undefined) return ` = ${value}`;
  return ` = ${s.name.typeRef ? w.printer.written_type(s.name.typeRef) : ''}()`;
}

function declared(w: BodyWriter, s: Extract<Statement, { kind: 'let' | 'var' | 'const' }>): string {
  const { decl, typeRef } = s.name;
  return w.printer.name(decl.ident) + (typeRef ? `: ${w.printer.written_type(typeRef)}` : '');
}

function write_declaration(w: BodyWriter, s: Declaration): void {
  const { ident } = s.name.decl;
  const type = w.program.type_of_decl(ident);
  const value: Dual | undefined = s.init && dual(w, s.init);
  // Only now: in `let x = x * 2.0` the tangent on the right is that of the outer x.
  const tangent = w.tangent_name(ident);
  if (value?.tangent) w.line(`${s.kind} ${tangent} = ${tangent_text(w, { ...value, type })};`);
  else w.line(`var ${tangent} = ${w.types.tangent(type)}();`);
  w.line(`${s.kind} ${declared(w, s)}${initial(w, s, value?.value)};`);
}

/** `for` stays as it is unless its header needs tangents; then it is the loop that WGSL defines it to be. */
function write_for(w: BodyWriter, s: ForElem): void {
  const header = [s.init, s.update];
  const has_tangent = header.some(
    (h) =>
      ((h?.kind === 'let' || h?.kind === 'var') && is_variable_active(w, h)) ||
      (h?.kind === 'assign' && is_assignment_active(w, h)),
  );
  const until = s.condition ? condition(w, s.condition) : '';
  if (!has_tangent) {
    const [init, update] = header.map((h) => (h ? simple(w, h) : ''));
    write_braces(w, `for (${init}; ${until}; ${update}) `, s.body.body);
    return;
  }
  w.line('{');
  w.indent(1);
  if (s.init) write_statement(w, s.init);
  w.line('loop {');
  w.indent(1);
  if (until) {
    w.line(`if (!(${until})) {`);
    w.line('  break;');
    w.line('}');
  }
  write_braces(w, '', s.body.body);
  if (s.update) write_braces(w, 'continuing ', [s.update]);
  w.indent(-1);
  w.line('}');
  w.indent(-1);
  w.line('}');
}

function selectors(w: BodyWriter, clause: SwitchClauseElem): string {
  if (clause.selectors.length === 1 && clause.selectors[0] === 'default') return 'default:';
  const texts = clause.selectors.map((s) => (s === 'default' ? s : w.printer.expression(s)));
  return `case ${texts.join(', ')}:`;
}

function write_return(w: BodyWriter, value: ExpressionElem | undefined): void {
  const { result } = w;
  if (!result || !value) {
    w.line(value ? `return ${w.printer.expression(value)};` : 'return;');
    return;
  }
  const returned: Dual = is_active(w, value)
    ? dual(w, value)
    : { value: w.printer.expression(value), type: result, tangent: null };
  w.line(`return ${w.types.dual(result)}(${returned.value}, ${tangent_text(w, { ...returned, type: result })});`);
}

/**
 * A call of one of the author's functions written out: its statements become part of the caller's sweep, so that its values are
 * computed once, while a reversed function (calls.ts) has to compute them again.
 */

import type { DeclIdent, FnElem, FunctionCallExpression, Statement } from 'wesl/core';
import type { Specialisation } from '../activity.ts';
import { in_parentheses } from '../terms.ts';
import { declare_var } from './assignments.ts';
import { node_of } from './expressions.ts';
import { jumps_in } from './jumps.ts';
import { adjoint_at, keep, type Node } from './node.ts';
import { printers } from './printers.ts';
import { call_sites, size_of } from './size.ts';
import { write_list } from './statements.ts';
import { component_count, concrete } from './types.ts';
import { new_variable, placed, variable_node } from './variables.ts';
import { declare, is_unused, type Variable, type Writer } from './writer.ts';

export function is_inlined({ program, inline }: Writer, fn: FnElem): boolean {
  return inline > 0 && (call_sites(program, fn) === 1 || inline >= size_of(program, fn.body, () => 1));
}

export function write_inlined(w: Writer, e: FunctionCallExpression, fn: FnElem, given: readonly Node[]): Node {
  const specialisation = w.activity.called(e, fn, w.specialisation.active);
  const facts = { ...w.facts_of(fn), totals: new Map() };
  const env = new Map<DeclIdent, Variable>();
  fn.params.forEach((parameter, i) => {
    const { ident } = parameter.name.decl;
    env.set(ident, bind(w, ident, given[i] as Node, specialisation.pattern[i] as boolean));
  });
  const printer_of = printers(w.program, w.names, facts.trace);
  const assigned_elsewhere = new Set([...w.assigned_elsewhere, ...w.facts.assigned.keys()]);
  const own = { specialisation, facts, env, printer: printer_of(env), printer_of, assigned_elsewhere };
  return write_body({ ...w, ...own, is_inlined: true }, fn, specialisation);
}

/** A parameter: another name for the argument where that is a struct or array, else a variable of its own. */
function bind(w: Writer, ident: DeclIdent, node: Node, is_active: boolean): Variable {
  const type = concrete(w.program.type_of_decl(ident));
  if (component_count(type) === 0) {
    const { value, place } = keep(w, is_active ? placed(w, node) : node);
    return {
      name: value,
      type,
      settled: true,
      adjoint: (is_active && place) || null,
      has_adjoint: () => true,
      home: null,
    };
  }
  const variable = new_variable(w, w.own_name(ident), type, true);
  declare(w.block, variable.name, w.printer.type(type), node.value);
  if (!is_active) return { ...variable, adjoint: null };
  w.backward?.push((r) => {
    if (variable.adjoint && !is_unused(w, variable)) node.pull?.(r, adjoint_at(variable.adjoint().text, type));
  });
  return variable;
}

/** The value of the function: an expression where it returns only at its end, else a variable that the returns set. */
function write_body(w: Writer, fn: FnElem, { name }: Specialisation): Node {
  const { body } = fn.body;
  const last = body.at(-1);
  const rest = body.slice(0, -1);
  if (last?.kind === 'return' && last.value && !rest.some(returns)) {
    const targets = { done: '', stop: null, skip: null };
    write_list({ ...w, targets }, rest);
    const node = node_of(w, last.value);
    return { ...node, value: in_parentheses(node.value) };
  }
  if (!fn.returnType) throw new Error(`${name} returns nothing`);
  const type = concrete(w.program.type_of(fn.returnType));
  const result = new_variable(w, w.fresh('t'), type, true);
  const done = w.fresh('done');
  declare_var(w.block, done, 'bool', '');
  declare_var(w.block, result.name, w.printer.type(type), '');
  const seed = result.adjoint?.().text as string;
  write_list({ ...w, targets: { done, stop: null, skip: null }, result: { type, name: result.name, seed } }, body);
  return variable_node(w, result);
}

function returns(s: Statement): boolean {
  return jumps_in([s], () => true).returns;
}

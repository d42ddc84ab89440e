/**
 * A call of one of the author's functions with active arguments. Forward it is the call as written; its reverse calls the function
 * reversed, which computes forward again what it needs and adds to the adjoints of the arguments through pointers.
 */

import type { FnElem, FunctionCallExpression } from 'wesl/core';
import { adjoint_at, adjoint_text, keep, type Node } from './node.ts';
import { concrete } from './types.ts';
import { new_variable, variable_node } from './variables.ts';
import { declare, type Writer } from './writer.ts';

export function write_call(w: Writer, e: FunctionCallExpression, fn: FnElem, given: readonly Node[]): Node {
  const result = new_variable(w, w.fresh('t'), concrete(w.program.type_of(e)), true);
  const specialisation = w.activity.called(e, fn, w.specialisation.active);
  const nodes = given.map((node) => keep(w, node));
  const values = nodes.map(({ value }) => value).join(', ');
  declare(w.block, result.name, w.printer.type(concrete(result.type)), `${w.printer.callee(e)}(${values})`);
  w.backward?.push((r) => {
    if (!result.adjoint || !result.has_adjoint()) return;
    const roots = new Set<string>();
    const changes: string[] = [];
    const pointers: string[] = [];
    const after: (() => void)[] = [];
    nodes.forEach((node, i) => {
      if (!specialisation.pattern[i]) return;
      const type = w.program.type_of_decl((fn.params[i] as FnElem['params'][number]).name.decl.ident);
      const place = node.place?.();
      // A pointer may point to a whole variable, and two may not point to the same.
      if (place && !roots.has(place.root) && (place.text === place.root || place.text === `*${place.root}`)) {
        roots.add(place.root);
        changes.push(place.root);
        pointers.push(place.text === place.root ? `&${place.root}` : place.root);
        return;
      }
      const name = w.fresh('t_b');
      r.code.push({ kind: 'var', name, type: w.printer.type(type), value: '' });
      changes.push(name);
      pointers.push(`&${name}`);
      after.push(() => node.pull?.(r, adjoint_at(name, type)));
    });
    const seed = adjoint_text(w, adjoint_at(result.adjoint().text, result.type), result.type);
    const name = w.reversed_name(specialisation);
    r.code.push({ kind: 'call', text: `${name}(${[values, seed, ...pointers].join(', ')})`, changes });
    for (const step of after) step();
  });
  return variable_node(w, result);
}

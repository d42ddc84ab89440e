/** Variables of a sweep as nodes, and their parts. */

import type { DeclIdent, Type } from 'wesl/core';
import { accumulate, adjoint_at, type Node, part_of } from './node.ts';
import { concrete } from './types.ts';
import { declare, type Place, type Variable, type Writer } from './writer.ts';

/** A variable of this sweep; the adjoint is declared at its top when it is asked for. */
export function new_variable(
  w: Writer,
  name: string,
  type: Type,
  settled: boolean,
  decl: DeclIdent | null = null,
): Variable {
  const { prelude } = w;
  let adjoint: string | undefined;
  return {
    name,
    type,
    settled,
    home: prelude,
    has_adjoint: () => adjoint !== undefined,
    adjoint() {
      if (adjoint === undefined) {
        adjoint = w.fresh(`${name}_b`);
        w.adjoints.set(adjoint, decl);
        prelude.push({ kind: 'var', name: adjoint, type: w.printer.type(type), value: '' });
      }
      return { root: adjoint, text: adjoint };
    },
  };
}

export function variable_node(w: Writer, variable: Variable): Node {
  const { name, type, settled, adjoint, total } = variable;
  const place = total === undefined ? adjoint : null;
  const at = { value: name, type, settled, place };
  if (place) return { ...at, pull: (r, given) => accumulate(w, r, place(), type, given) };
  return { ...at, pull: total === undefined ? null : () => {} };
}

/** A part of a node that has a place. */
export function part(w: Writer, base: Node, suffix: string, type: Type): Node {
  const of_base = base.place;
  if (!of_base) throw new Error('a part of a total');
  const place = (): Place => part_of(of_base(), suffix);
  return {
    value: base.value + suffix,
    type,
    settled: base.settled,
    place,
    pull: (r, adjoint) => accumulate(w, r, place(), type, adjoint),
  };
}

/** Puts a value into a variable with an adjoint of its own, unless it has a place. */
export function placed(w: Writer, node: Node): Node {
  if (node.place) return node;
  const variable = new_variable(w, w.fresh('t'), concrete(node.type, true), true);
  declare(w.block, variable.name, w.printer.type(variable.type), node.value);
  w.backward?.push((r) => {
    if (variable.adjoint && variable.has_adjoint()) node.pull?.(r, adjoint_at(variable.adjoint().text, variable.type));
  });
  return variable_node(w, variable);
}

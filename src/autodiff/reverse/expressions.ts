/** An expression of the author to a node: its value as WGSL, with what its reverse will need kept in variables. */

import type { DeclIdent, ExpressionElem, FunctionCallExpression, Type } from 'wesl/core';
import { bears_f32 } from '../dual_types.ts';
import { choice_rules, smooth_rules, vector_builtins } from '../rules.ts';
import { in_parentheses } from '../terms.ts';
import { write_call } from './calls.ts';
import { accumulate, adjoint_at, type Node, part_of } from './node.ts';
import { binary, by_partials, chosen, smooth } from './partials.ts';
import { concrete, swizzle } from './types.ts';
import { vector_rule } from './vector_rules.ts';
import { declare, is_active, is_settled, type Place, type Variable, type Writer } from './writer.ts';

/** `into`: what holds the value of the whole expression once the statement is done, if something does, good in the reverse too. */
export function node_of(w: Writer, e: ExpressionElem, into?: string): Node {
  const type = w.program.type_of(e);
  if (w.backward === null || !is_active(w, e))
    return { value: w.printer.expression(e), type, settled: is_settled(w, e), pull: null };
  switch (e.kind) {
    case 'parenthesized-expression': {
      const inner = node_of(w, e.expression, into);
      return { ...inner, value: in_parentheses(inner.value) };
    }
    case 'ref':
      return variable_node(w, w.env.get(w.program.decl_of(e.ident) as DeclIdent) as Variable);
    case 'unary-expression':
      return smooth(w, '-x', [node_of(w, e.expression)], type, ([a]) => `-${in_parentheses(a ?? '')}`);
    case 'binary-expression':
      return binary(w, e.operator.value, node_of(w, e.left), node_of(w, e.right), type, into);
    case 'component-expression': {
      const base = placed(w, node_of(w, e.base));
      const index = settled_index(w, e.base, e.access);
      return part(w, base, `[${index}]`, type);
    }
    case 'component-member-expression':
      return member(w, node_of(w, e.base), e.access.name, type);
    case 'call-expression':
      return call(w, e, type, into);
    default:
      throw new Error(`a ${e.kind} cannot be active`);
  }
}

export function variable_node(w: Writer, variable: Variable): Node {
  const { name, type, settled, adjoint, total } = variable;
  const place = total === undefined ? adjoint : null;
  const at = { value: name, type, settled, place };
  if (place) return { ...at, pull: (r, given) => accumulate(w, r, place(), type, given) };
  return { ...at, pull: total === undefined ? null : () => {} };
}

/** An index as it stands between brackets, good in the reverse too. */
export function settled_index(w: Writer, base: ExpressionElem, access: ExpressionElem): string {
  const text = w.printer.index(base, access);
  if (w.backward === null || /^\d+$/.test(text) || is_settled(w, access)) return text;
  const is_clamped = text !== w.printer.expression(access);
  const name = w.fresh('i');
  declare(w.block, name, is_clamped ? 'u32' : w.printer.type(concrete(w.program.type_of(access))), text);
  return name;
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
function placed(w: Writer, node: Node): Node {
  if (node.place) return node;
  const variable = new_variable(w, w.fresh('t'), concrete(node.type, true), true);
  declare(w.block, variable.name, w.printer.type(variable.type), node.value);
  w.backward?.push((r) => {
    if (variable.adjoint && variable.has_adjoint()) node.pull?.(r, adjoint_at(variable.adjoint().text, variable.type));
  });
  return variable_node(w, variable);
}

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

/** `base.name`: a struct member or a swizzle. */
function member(w: Writer, base: Node, name: string, type: Type): Node {
  if (base.type.kind !== 'vector') return part(w, placed(w, base), `.${name}`, type);
  if (base.place && name.length === 1) return part(w, base, `.${name}`, type);
  const { size } = base.type;
  const taken = swizzle(name);
  return {
    value: `${in_parentheses(base.value)}.${name}`,
    type,
    settled: base.settled,
    pull(r, adjoint) {
      const parts = Array.from({ length: size }, (_, i) =>
        taken.flatMap((of, j) => (of === i && adjoint.parts[j] ? [adjoint.parts[j]] : [])).join(' + '),
      );
      base.pull?.(r, { parts });
    },
  };
}

function call(w: Writer, e: FunctionCallExpression, type: Type, into: string | undefined): Node {
  const callee = w.program.callee_of(e);
  const print = (values: string[]) => `${w.printer.callee(e)}(${values.join(', ')})`;
  if (callee.kind === 'user') {
    const result = new_variable(w, w.fresh('t'), type, true);
    write_call(
      w,
      e,
      callee.fn,
      e.arguments.map((argument) => node_of(w, argument)),
      result,
    );
    return variable_node(w, result);
  }
  const operands = e.arguments.map((argument) => node_of(w, argument));
  if (callee.kind === 'constructor') return construct(operands, type, print);
  const { name } = callee;
  if (callee.kind === 'library') {
    const partials = callee.rule.partials.map((partial, i) => {
      if (partial === null && operands[i]?.pull)
        w.program.fail(
          e.arguments[i] ?? e,
          `\`${name}\` has no derivative with respect to this argument`,
          'Pass a value that depends on no parameter or state.',
        );
      return partial ?? '0.0';
    });
    return by_partials(w, partials, operands, type, print, into);
  }
  const choice = choice_rules[name];
  if (choice) return chosen(w, choice, operands, type, print);
  if (smooth_rules[name]) return smooth(w, name, operands, type, print, into);
  if (vector_builtins.has(name)) return vector_rule(w, name, operands, type, print);
  return w.program.fail(
    e,
    `\`${name}\` has no derivative here`,
    'Write the value with arithmetic and the elementary functions, or apply it to constants and data only.',
  );
}

function construct(operands: Node[], type: Type, print: (values: string[]) => string): Node {
  const node = { value: print(operands.map(({ value }) => value)), type, settled: false };
  if (type.kind === 'scalar') return { ...node, pull: operands[0]?.pull ?? null };
  if (type.kind === 'vector') {
    const { size } = type;
    return {
      ...node,
      pull(r, adjoint) {
        let next = 0;
        for (const { type: given, pull } of operands) {
          const count = given.kind === 'vector' ? given.size : operands.length === 1 ? size : 1;
          const parts = adjoint.parts.slice(next, next + count);
          next += count;
          if (given.kind === 'vector') pull?.(r, { parts });
          else pull?.(r, { parts: [parts.filter((p) => p !== '').join(' + ')] });
        }
      },
    };
  }
  return {
    ...node,
    pull(r, adjoint) {
      operands.forEach((operand, i) => {
        const wanted = type.kind === 'array' ? type.elem : type.kind === 'struct' ? type.members[i]?.type : undefined;
        if (!operand.pull || !wanted || !bears_f32(wanted)) return;
        const suffix = type.kind === 'struct' ? `.${type.members[i]?.name}` : `[${i}]`;
        operand.pull(r, adjoint_at(part_of({ root: '', text: adjoint.whole as string }, suffix).text, wanted));
      });
    },
  };
}

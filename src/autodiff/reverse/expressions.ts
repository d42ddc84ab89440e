/** An expression of the author to a node: its value as WGSL, with what its reverse will need kept in variables. */

import type { DeclIdent, ExpressionElem, FunctionCallExpression, Type } from 'wesl/core';
import { choice_rules, smooth_rules, vector_builtins } from '../rules.ts';
import { in_parentheses } from '../terms.ts';
import { write_call } from './calls.ts';
import { construct } from './constructors.ts';
import { is_inlined, write_inlined } from './inline.ts';
import type { Node } from './node.ts';
import { binary, by_partials, chosen, smooth } from './partials.ts';
import { concrete, swizzle } from './types.ts';
import { part, placed, variable_node } from './variables.ts';
import { vector_rule } from './vector_rules.ts';
import { declare, is_active, is_settled, type Variable, type Writer } from './writer.ts';

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

/** An index as it stands between brackets, good in the reverse too. */
export function settled_index(w: Writer, base: ExpressionElem, access: ExpressionElem): string {
  const text = w.printer.index(base, access);
  if (w.backward === null || /^\d+$/.test(text) || is_settled(w, access)) return text;
  const is_clamped = text !== w.printer.expression(access);
  const name = w.fresh('i');
  declare(w.block, name, is_clamped ? 'u32' : w.printer.type(concrete(w.program.type_of(access))), text);
  return name;
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
    const given = e.arguments.map((argument) => node_of(w, argument));
    return is_inlined(w, callee.fn) ? write_inlined(w, e, callee.fn, given) : write_call(w, e, callee.fn, given);
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

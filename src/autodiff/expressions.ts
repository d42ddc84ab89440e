/**
 * An expression to its value and tangent, both as WGSL text. What is needed twice goes into `let` temporaries in front of
 * the statement, so nothing is evaluated twice and text stays linear in the source; expressions have no side effects, so that is safe.
 */

import type { DeclIdent, ExpressionElem, FunctionCallExpression, Type } from 'wesl/core';
import { binary, by_partials, chosen, smooth } from './apply_rules.ts';
import { type Dual, is_active, name_tangent, name_value, part, stored, tangent_text, type Writer } from './dual.ts';
import { bears_f32 } from './dual_types.ts';
import { choice_rules, smooth_rules, vector_builtins } from './rules.ts';
import { in_parentheses } from './terms.ts';
import { vector_rule } from './vector_rules.ts';

export function dual(w: Writer, e: ExpressionElem): Dual {
  const type = w.program.type_of(e);
  if (!is_active(w, e)) return { value: w.printer.expression(e), type, tangent: null };
  switch (e.kind) {
    case 'parenthesized-expression': {
      const inner = dual(w, e.expression);
      return { ...inner, value: in_parentheses(inner.value) };
    }
    case 'ref': {
      const decl = w.program.decl_of(e.ident) as DeclIdent;
      return { value: w.printer.expression(e), type, tangent: stored(type, w.tangent_name(decl)) };
    }
    case 'unary-expression':
      return smooth(w, '-x', [dual(w, e.expression)], type, ([a]) => `-${in_parentheses(a ?? '')}`);
    case 'binary-expression': {
      const operator = e.operator.value;
      return binary(w, operator, dual(w, e.left), dual(w, e.right), type);
    }
    case 'component-expression':
      return element(w, dual(w, e.base), w.printer.index(e.base, e.access), type);
    case 'component-member-expression':
      return member(w, dual(w, e.base), e.access.name, type);
    case 'call-expression':
      return call(w, e, type);
    default:
      throw new Error(`a ${e.kind} cannot be active`);
  }
}

/** `base[index]`, `index` in range. */
function element(w: Writer, base: Dual, index: string, type: Type): Dual {
  const value = `${name_value(w, base.value, base.type)}[${index}]`;
  const whole = name_tangent(w, tangent_text(w, base));
  return { value, type, tangent: stored(type, `${whole}[${index}]`) };
}

/** `base.name`: a struct member or a swizzle. */
function member(w: Writer, base: Dual, name: string, type: Type): Dual {
  const value = `${name_value(w, base.value, base.type)}.${name}`;
  if (base.type.kind === 'vector') {
    const picked = [...name].map((c) => part(base, 'xyzw'.indexOf(c) + 'rgba'.indexOf(c) + 1));
    return { value, type, tangent: { parts: picked } };
  }
  return { value, type, tangent: stored(type, `${name_tangent(w, tangent_text(w, base))}.${name}`) };
}

function call(w: Writer, e: FunctionCallExpression, type: Type): Dual {
  const callee = w.program.callee_of(e);
  const print = (values: string[]) => `${w.printer.callee(e)}(${values.join(', ')})`;
  if (callee.kind === 'user') {
    const specialisation = w.activity.called(e, callee.fn, w.specialisation.active);
    w.activity.need(specialisation);
    const given = e.arguments.flatMap((argument, i) => {
      const a = dual(w, argument);
      return specialisation.pattern[i] ? [a.value, tangent_text(w, a)] : [a.value];
    });
    const result = w.fresh('t');
    w.line(`let ${result} = ${specialisation.name}(${given.join(', ')});`);
    return { value: `${result}.v`, type, tangent: stored(type, `${result}.d`) };
  }
  const operands = e.arguments.map((argument) => dual(w, argument));
  if (callee.kind === 'constructor') return construct(w, operands, type, print);
  const { name } = callee;
  if (callee.kind === 'library') {
    const partials = callee.rule.partials.map((partial, i) => {
      if (partial === null && operands[i]?.tangent)
        w.program.fail(
          e.arguments[i] ?? e,
          `\`${name}\` has no derivative with respect to this argument`,
          'Pass a value that depends on no parameter or state.',
        );
      return partial ?? '0.0';
    });
    return by_partials(w, partials, operands, type, print);
  }
  const choice = choice_rules[name];
  if (choice) return chosen(w, choice, operands, type, print);
  if (smooth_rules[name]) return smooth(w, name, operands, type, print);
  if (vector_builtins.has(name)) return vector_rule(w, name, operands, type, print);
  return w.program.fail(
    e,
    `\`${name}\` has no derivative here`,
    'Write the value with arithmetic and the elementary functions, or apply it to constants and data only.',
  );
}

function construct(w: Writer, operands: Dual[], type: Type, print: (values: string[]) => string): Dual {
  const value = print(operands.map((operand) => operand.value));
  if (type.kind === 'scalar') return { value, type, tangent: operands[0]?.tangent ?? null };
  if (type.kind === 'vector') {
    const given = operands.flatMap((operand) => {
      const size = operand.type.kind === 'vector' ? operand.type.size : 1;
      return Array.from({ length: size }, (_, i) => part(operand, i));
    });
    const parts = Array.from({ length: type.size }, (_, i) => given[given.length === 1 ? 0 : i] ?? []);
    return { value, type, tangent: { parts } };
  }
  const texts = operands.flatMap((operand, i) => {
    const wanted = type.kind === 'array' ? type.elem : type.kind === 'struct' ? type.members[i]?.type : undefined;
    return wanted && bears_f32(wanted) ? [tangent_text(w, { ...operand, type: wanted })] : [];
  });
  return { value, type, tangent: { text: `${w.types.tangent(type)}(${texts.join(', ')})` } };
}

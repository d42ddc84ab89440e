/** WGSL's integer and boolean arithmetic (§8.7), on values that are known when the code is generated. */

import type { ExpressionElem, Type } from 'wesl/core';
import type { Program } from '../program.ts';

/** undefined: not known. */
export type Known = number | boolean | undefined;

/** Wraps as the type does; f32 is never known. */
function wrap(value: number, type: Type): Known {
  if (type.kind !== 'scalar' || !Number.isFinite(value)) return undefined;
  switch (type.scalar) {
    case 'i32':
      return Number(BigInt.asIntN(32, BigInt(Math.trunc(value))));
    case 'u32':
      return Number(BigInt.asUintN(32, BigInt(Math.trunc(value))));
    case 'abstract-int':
      return value;
    default:
      return undefined;
  }
}

export function known_literal(text: string): Known {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^(0[xX][\da-fA-F]+|\d+)[iu]?$/.test(text) ? Number(text.replace(/[iu]$/, '')) : undefined;
}

export function known_binary(operator: string, a: Known, b: Known, type: Type): Known {
  if (operator === '&&' || operator === '||') {
    const decides = operator === '||';
    if (a === decides || b === decides) return decides;
    return a === undefined || b === undefined ? undefined : !decides;
  }
  if (typeof a === 'number' && typeof b === 'number') return known_comparison(operator, a, b) ?? arithmetic();
  if (typeof a === 'boolean' && typeof b === 'boolean')
    return operator === '==' ? a === b : operator === '!=' ? a !== b : undefined;
  return undefined;

  function arithmetic(): Known {
    const [x, y] = [a as number, b as number];
    switch (operator) {
      case '+':
        return wrap(x + y, type);
      case '-':
        return wrap(x - y, type);
      case '*':
        return Math.abs(x * y) > Number.MAX_SAFE_INTEGER ? undefined : wrap(x * y, type);
      case '/':
        return y === 0 ? undefined : wrap(Math.trunc(x / y), type);
      case '%':
        return y === 0 ? undefined : wrap(x % y, type);
      default:
        return undefined;
    }
  }
}

function known_comparison(operator: string, x: number, y: number): boolean | undefined {
  switch (operator) {
    case '==':
      return x === y;
    case '!=':
      return x !== y;
    case '<':
      return x < y;
    case '<=':
      return x <= y;
    case '>':
      return x > y;
    case '>=':
      return x >= y;
    default:
      return undefined;
  }
}

/** A unary operator, a conversion or a built-in function. */
export function known_call(name: string, values: readonly Known[], type: Type): Known {
  if (name === '!') return typeof values[0] === 'boolean' ? !values[0] : undefined;
  const numbers = values.filter((v) => typeof v === 'number');
  if (name === 'select') return typeof values[2] === 'boolean' ? values[values[2] ? 1 : 0] : undefined;
  if (numbers.length !== values.length) return undefined;
  const [a = 0, b = 0, c = 0] = numbers;
  switch (name) {
    case '-':
      return wrap(-a, type);
    case 'u32':
    case 'i32':
      return wrap(a, type);
    case 'min':
      return wrap(Math.min(a, b), type);
    case 'max':
      return wrap(Math.max(a, b), type);
    case 'abs':
      return wrap(Math.abs(a), type);
    case 'clamp':
      return wrap(Math.min(Math.max(a, b), c), type);
    default:
      return undefined;
  }
}

/** Evaluates an expression; `leaf` gives the values of names and of whatever else is no operator. */
export function evaluate_known(program: Program, e: ExpressionElem, leaf: (e: ExpressionElem) => Known): Known {
  const value = (part: ExpressionElem) => evaluate_known(program, part, leaf);
  switch (e.kind) {
    case 'literal':
      return known_literal(e.value);
    case 'parenthesized-expression':
      return value(e.expression);
    case 'unary-expression':
      return known_call(e.operator.value, [value(e.expression)], program.type_of(e));
    case 'binary-expression':
      return known_binary(e.operator.value, value(e.left), value(e.right), program.type_of(e));
    case 'call-expression': {
      const values = e.arguments.map(value);
      const callee = program.callee_of(e);
      if (callee.kind === 'user' || callee.kind === 'library') return leaf(e);
      return known_call(program.text_of(e.function), values, program.type_of(e));
    }
    default:
      return leaf(e);
  }
}

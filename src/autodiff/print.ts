/**
 * Expressions and types back to WGSL text, with every index that is not a constant clamped into range: a device may run
 * without robustness checks, and then an index out of range is read from wherever it points.
 */

import type { DeclIdent, ExpressionElem, FunctionCallExpression, RefIdent, Type, TypeRefElem } from 'wesl/core';
import { evalConstExpr, scalarToNumber } from 'wesl/core';
import { guarded_callee } from './guarded.ts';
import type { Names } from './names.ts';
import type { Program } from './program.ts';

export interface Printer {
  /** The name of a declaration. */
  name(decl: DeclIdent): string;
  expression(e: ExpressionElem): string;
  /** The name in front of a call's parentheses, with template arguments. */
  callee(call: FunctionCallExpression): string;
  /** What stands between the brackets of `base[access]`, in range. */
  index(base: ExpressionElem, access: ExpressionElem): string;
  /** A type as written. */
  written_type(type: TypeRefElem): string;
  /** A type as inferred. */
  type(type: Type): string;
}

/** `a < b` becomes `b > a`: wesl 0.7.31 takes `f(a < b), c > d` for a template list, and flattening moves expressions together. */
function binary(left: string, operator: string, right: string): string {
  if (operator === '<') return `${right} > ${left}`;
  if (operator === '<=') return `${right} >= ${left}`;
  return `${left} ${operator} ${right}`;
}

/** `range_of` tells what is known of an index that is no constant. */
export function create_printer(
  program: Program,
  names: Pick<Names, 'of'>,
  range_of: (access: ExpressionElem) => { low: number; high: number } | undefined = () => undefined,
): Printer {
  const reference = (ident: RefIdent): string => {
    const decl = program.decl_of(ident);
    const is_library = decl?.declElem && !program.elements.includes(decl.declElem) && decl.isGlobal;
    return decl && !is_library ? names.of(decl) : ident.originalName;
  };
  const template = (parameters: readonly ExpressionElem[] | undefined): string =>
    parameters?.length ? `<${parameters.map(expression).join(', ')}>` : '';
  const written_type = (type: TypeRefElem): string => reference(type.name) + template(type.templateParams);

  function callee(call: FunctionCallExpression): string {
    const f = call.function;
    const guarded = guarded_callee(program, call);
    if (guarded !== undefined) return guarded;
    return f.kind === 'type' ? written_type(f) : reference(f.ident) + template(call.templateArgs);
  }

  function index(base: ExpressionElem, access: ExpressionElem): string {
    const text = expression(access);
    const of = program.type_of(base);
    const count = of.kind === 'vector' ? of.size : of.kind === 'array' ? of.count : undefined;
    const value = evalConstExpr(access, program.context);
    const constant = value ? scalarToNumber(value) : undefined;
    if (constant !== undefined) {
      if (constant < 0 || (count !== undefined && constant >= count))
        program.fail(access, `index ${constant} is out of range`, `Indices here go from 0 to ${(count ?? 1) - 1}.`);
      return text;
    }
    const range = range_of(access);
    if (range && count !== undefined && range.low >= 0 && count > range.high)
      return range.low === range.high ? `${range.low}` : text;
    const last = count === undefined ? `arrayLength(&${expression(base)}) - 1u` : `${count - 1}u`;
    const type = program.type_of(access);
    const unsigned = type.kind === 'scalar' && type.scalar === 'u32' ? text : `u32(${text})`;
    return `min(${unsigned}, ${last})`;
  }

  function expression(e: ExpressionElem): string {
    switch (e.kind) {
      case 'literal':
        return e.value;
      case 'ref':
        return reference(e.ident);
      case 'type':
        return written_type(e);
      case 'parenthesized-expression':
        return `(${expression(e.expression)})`;
      case 'unary-expression': {
        const operand = expression(e.expression);
        return operand.startsWith('-') ? `${e.operator.value}(${operand})` : e.operator.value + operand;
      }
      case 'binary-expression':
        return binary(expression(e.left), e.operator.value, expression(e.right));
      case 'component-expression':
        return `${expression(e.base)}[${index(e.base, e.access)}]`;
      case 'component-member-expression':
        return `${expression(e.base)}.${e.access.name}`;
      case 'call-expression':
        return `${callee(e)}(${e.arguments.map(expression).join(', ')})`;
    }
  }

  function type(t: Type): string {
    switch (t.kind) {
      case 'scalar':
        return t.scalar === 'abstract-float' ? 'f32' : t.scalar === 'abstract-int' ? 'i32' : t.scalar;
      case 'vector':
        return `vec${t.size}<${type(t.elem)}>`;
      case 'array':
        return `array<${type(t.elem)}${t.count === undefined ? '' : `, ${t.count}`}>`;
      case 'struct':
        return t.structElem ? names.of(t.structElem.name.ident) : t.name;
      default:
        throw new Error(`no text for a type of kind ${t.kind}`);
    }
  }

  return { name: names.of, expression, callee, index, written_type, type };
}

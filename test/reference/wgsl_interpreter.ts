/**
 * Runs WGSL functions on the CPU, in float64: the twin of what a GPU computes, written for clarity, not for speed.
 *
 * It walks the syntax tree that wesl parses and shares nothing else with src/autodiff: no name binding, no types; a name means what the
 * scopes at run time say. Floats are JavaScript numbers, integers bigints (exact; they wrap only when converted), vectors and
 * arrays are JavaScript arrays, matrices arrays of columns (component-wise operators only, as tangents use them), structs plain objects.
 *
 * `round: Math.fround` rounds every float operation to f32, as a correctly rounding device would.
 */

import type { ExpressionElem, FnElem, Statement, StructElem, TypeRefElem } from 'wesl/core';
import { firstError, parseSrcModule } from 'wesl/core';
import { builtins } from './wgsl_builtins.ts';
import { binary, clone, map1, Pointer, repeat, swizzle, type Value } from './wgsl_values.ts';

export type { Value };

export interface Interpreter {
  /** Calls a function. Arguments are converted to the parameters' types; nothing the caller holds is changed. */
  call(name: string, ...values: Value[]): Value;
}

type Scope = Map<string, Value>;
type Signal = 'next' | 'break' | 'continue' | { value: Value };

/**
 * `texts` are module texts; together they are one module (imports are ignored, so give the imported text too). `variables`: values
 * of module-scope variables.
 */
export function interpret(
  texts: readonly string[],
  options: { round?: (x: number) => number; variables?: Readonly<Record<string, Value>> } = {},
): Interpreter {
  const round = options.round ?? ((x: number) => x);
  const functions = new Map<string, FnElem>();
  const structs = new Map<string, StructElem>();
  const aliases = new Map<string, TypeRefElem>();
  const constants = new Map<string, ExpressionElem>();
  const globals: Scope = new Map(Object.entries(options.variables ?? {}));
  const typed = new Map<string, TypeRefElem>();
  for (const text of texts) {
    const ast = parseSrcModule({ modulePath: 'package::main', debugFilePath: 'main.wgsl', src: text });
    const error = firstError(ast.diagnostics);
    if (error) throw new Error(`${error.message} at ${text.slice(error.start - 40, error.end + 40)}`);
    for (const elem of ast.moduleElem.decls) {
      if (elem.kind === 'fn') functions.set(elem.name.ident.originalName, elem);
      if (elem.kind === 'struct') structs.set(elem.name.ident.originalName, elem);
      if (elem.kind === 'alias') aliases.set(elem.name.ident.originalName, elem.typeRef);
      if (elem.kind === 'const' && elem.init) {
        const name = elem.name.decl.ident.originalName;
        constants.set(name, elem.init);
        if (elem.name.typeRef) typed.set(name, elem.name.typeRef);
      }
    }
  }

  const deep_round = (v: Value): Value => (typeof v === 'number' ? round(v) : Array.isArray(v) ? v.map(deep_round) : v);

  // ---- types -------------------------------------------------------------------------------------------------------

  /** A scalar kind for each number in a value of the type, by shape. */
  type Shape = 'f32' | 'int' | 'u32' | 'bool' | 'pointer' | Shape[] | { [member: string]: Shape };

  function shape_of(type: ExpressionElem, scopes: Scope[]): Shape {
    const name = type.kind === 'type' ? type.name.originalName : type.kind === 'ref' ? type.ident.originalName : '';
    const template = type.kind === 'type' ? (type.templateParams ?? []) : [];
    return shape_of_name(name, template, scopes);
  }

  function shape_of_name(name: string, template: readonly ExpressionElem[], scopes: Scope[]): Shape {
    const alias = aliases.get(name);
    if (alias) return shape_of(alias, [globals]);
    const struct = structs.get(name);
    if (struct) return Object.fromEntries(struct.members.map((m) => [m.name.name, shape_of(m.typeRef, [globals])]));
    if (name === 'f32') return 'f32';
    if (name === 'i32') return 'int';
    if (name === 'u32') return 'u32';
    if (name === 'bool') return 'bool';
    if (name === 'ptr') return 'pointer';
    const matrix = /^mat(\d)x(\d)/.exec(name);
    if (matrix) return repeat(Number(matrix[1]), () => repeat<Shape>(Number(matrix[2]), () => 'f32'));
    const vector = /^vec(\d)([fiu]?)$/.exec(name);
    if (vector) {
      const suffixed: Shape | undefined = ({ f: 'f32', i: 'int', u: 'u32' } as const)[vector[2] ?? ''];
      const elem = suffixed ?? shape_of(template[0] as ExpressionElem, scopes);
      return repeat(Number(vector[1]), () => elem);
    }
    if (name === 'array') {
      const elem = shape_of(template[0] as ExpressionElem, scopes);
      return repeat(Number(evaluate(template[1] as ExpressionElem, scopes)), () => elem);
    }
    throw new Error(`unknown type ${name}`);
  }

  function zero(shape: Shape): Value {
    if (shape === 'f32') return 0;
    if (shape === 'int' || shape === 'u32') return 0n;
    if (shape === 'bool') return false;
    if (Array.isArray(shape)) return shape.map(zero);
    return Object.fromEntries(Object.entries(shape).map(([name, s]) => [name, zero(s)]));
  }

  /** Copies a value into a shape, converting numbers as constructors and annotations do. */
  function convert(v: Value, shape: Shape): Value {
    if (shape === 'f32') return round(Number(v));
    if (shape === 'int') return BigInt.asIntN(32, typeof v === 'bigint' ? v : BigInt(Math.trunc(Number(v))));
    if (shape === 'u32')
      return typeof v === 'bigint' ? BigInt.asUintN(32, v) : BigInt(Math.max(0, Math.trunc(Number(v))));
    if (shape === 'bool') return Boolean(v);
    if (shape === 'pointer') return v;
    if (Array.isArray(shape)) return shape.map((s, i) => convert((v as Value[])[i] as Value, s));
    return Object.fromEntries(
      Object.entries(shape).map(([name, s]) => [name, convert((v as { [m: string]: Value })[name] as Value, s)]),
    );
  }

  // ---- expressions -------------------------------------------------------------------------------------------------

  function lookup(name: string, scopes: Scope[]): Value {
    const scope = scopes.findLast((s) => s.has(name));
    if (scope) return scope.get(name) as Value;
    const constant = constants.get(name);
    if (!constant) throw new Error(`${name} is not declared`);
    const type = typed.get(name);
    const value = evaluate(constant, [globals]);
    const converted = type ? convert(value, shape_of(type, [globals])) : value;
    globals.set(name, converted);
    return converted;
  }

  function evaluate(e: ExpressionElem, scopes: Scope[]): Value {
    switch (e.kind) {
      case 'literal':
        return literal(e.value);
      case 'ref':
        return lookup(e.ident.originalName, scopes);
      case 'parenthesized-expression':
        return evaluate(e.expression, scopes);
      case 'unary-expression': {
        if (e.operator.value === '&') return point(e.expression, scopes);
        const v = evaluate(e.expression, scopes);
        if (e.operator.value === '-') return map1(v, (x) => -(x as number));
        if (e.operator.value === '*') return (v as Pointer).get();
        if (e.operator.value === '!') return map1(v, (x) => !x);
        return map1(v, (x) => ~(x as bigint));
      }
      case 'binary-expression': {
        const op = e.operator.value;
        const left = evaluate(e.left, scopes);
        if (op === '&&' && !left) return false;
        if (op === '||' && left) return true;
        return binary(op, left, evaluate(e.right, scopes), round);
      }
      case 'component-expression': {
        const base = evaluate(e.base, scopes) as Value[];
        const index = Number(evaluate(e.access, scopes));
        if (index < 0 || index >= base.length) throw new RangeError(`index ${index} of ${base.length}`);
        return base[index] as Value;
      }
      case 'component-member-expression': {
        const base = evaluate(e.base, scopes);
        const { name } = e.access;
        if (!Array.isArray(base)) return (base as { [m: string]: Value })[name] as Value;
        const picked = [...name].map((c) => base[swizzle(c)] as Value);
        return picked.length === 1 ? (picked[0] as Value) : picked;
      }
      case 'call-expression': {
        const f = e.function;
        const name = f.kind === 'type' ? f.name.originalName : f.ident.originalName;
        const template = f.kind === 'type' ? (f.templateParams ?? []) : [];
        const values = e.arguments.map((a) => evaluate(a, scopes));
        return call_name(name, template, values, scopes);
      }
      default:
        throw new Error(`cannot evaluate a ${e.kind}`);
    }
  }

  function point(e: ExpressionElem, scopes: Scope[]): Pointer {
    return new Pointer(
      () => evaluate(e, scopes),
      (value) => assign(e, value, scopes),
    );
  }

  function literal(text: string): Value {
    if (text === 'true' || text === 'false') return text === 'true';
    if (/^0[xX]/.test(text)) return BigInt(text.replace(/[iu]$/, ''));
    if (/^\d+[iu]?$/.test(text)) return BigInt(text.replace(/[iu]$/, ''));
    return round(Number(text.replace(/f$/, '')));
  }

  function call_name(name: string, template: readonly ExpressionElem[], values: Value[], scopes: Scope[]): Value {
    const fn = functions.get(name);
    if (fn) return call(fn, values);
    const struct = structs.get(name);
    if (struct) {
      const shape = shape_of_name(name, [], scopes) as { [m: string]: Shape };
      if (values.length === 0) return zero(shape);
      return convert(Object.fromEntries(struct.members.map((m, i) => [m.name.name, values[i] as Value])), shape);
    }
    if (/^(vec[234]|array)$/.test(name) && template.length < (name === 'array' ? 2 : 1)) {
      // The type is that of the arguments, or array<T>(…) with the count left out.
      const flat = name === 'array' ? values : values.flat();
      const all = flat.length === 1 && name !== 'array' ? repeat(Number(name[3]), () => flat[0] as Value) : flat;
      const is_float = all.some((v) => typeof v === 'number');
      return clone(is_float ? all.map((v) => (typeof v === 'bigint' ? Number(v) : v)) : all);
    }
    if (name === 'arrayLength') return BigInt(((values[0] as Pointer).get() as Value[]).length);
    if (aliases.has(name) || /^(f32|i32|u32|bool|vec|mat|array)/.test(name)) {
      const shape = shape_of_name(name, template, scopes);
      return values.length === 0 ? zero(shape) : construct(shape, values);
    }
    const builtin = builtins[name];
    if (!builtin) throw new Error(`unknown function ${name}`);
    return deep_round(builtin(...values));
  }

  function construct(shape: Shape, values: Value[]): Value {
    if (!Array.isArray(shape)) return convert(values[0] as Value, shape);
    const first = shape[0] as Shape;
    if (Array.isArray(first)) {
      const flat = values.flat();
      const is_columns = flat.length === values.length && !Array.isArray(flat[0]);
      if (is_columns && first.every((s) => s === 'f32') && flat.length === shape.length * first.length)
        return shape.map((_, c) => flat.slice(c * first.length, (c + 1) * first.length).map((v) => round(Number(v))));
      return convert(values, shape);
    }
    const flat = typeof first === 'string' ? values.flat() : values;
    const is_splat = flat.length === 1 && shape.length > 1;
    return convert(is_splat ? shape.map(() => flat[0] as Value) : flat, shape);
  }

  // ---- statements --------------------------------------------------------------------------------------------------

  function call(fn: FnElem, values: Value[]): Value {
    const scope: Scope = new Map();
    fn.params.forEach((parameter, i) => {
      const shape = shape_of(parameter.name.typeRef as TypeRefElem, [globals]);
      scope.set(parameter.name.decl.ident.originalName, convert(values[i] as Value, shape));
    });
    const signal = run(fn.body.body, [globals, scope]);
    if (typeof signal === 'string') return false;
    return fn.returnType ? convert(signal.value, shape_of(fn.returnType, [globals])) : signal.value;
  }

  function run(list: readonly Statement[], scopes: Scope[]): Signal {
    for (const s of list) {
      const signal = execute(s, scopes);
      if (signal !== 'next') return signal;
    }
    return 'next';
  }

  function nested(list: readonly Statement[], scopes: Scope[]): Signal {
    return run(list, [...scopes, new Map()]);
  }

  function execute(s: Statement, scopes: Scope[]): Signal {
    switch (s.kind) {
      case 'let':
      case 'var':
      case 'const': {
        const { decl, typeRef } = s.name;
        const shape = typeRef && shape_of(typeRef, scopes);
        const value = s.init ? evaluate(s.init, scopes) : zero(shape as Shape);
        scopes.at(-1)?.set(decl.ident.originalName, shape ? convert(value, shape) : clone(value));
        return 'next';
      }
      case 'assign': {
        const rhs = evaluate(s.rhs, scopes);
        if (s.lhs.kind === 'phony') return 'next';
        const op = s.op.value;
        assign(s.lhs, op === '=' ? rhs : binary(op.slice(0, -1), evaluate(s.lhs, scopes), rhs, round), scopes);
        return 'next';
      }
      case 'increment':
      case 'decrement':
        assign(s.target, binary(s.kind === 'increment' ? '+' : '-', evaluate(s.target, scopes), 1n, round), scopes);
        return 'next';
      case 'call':
        evaluate(s.call, scopes);
        return 'next';
      case 'block':
        return nested(s.body, scopes);
      case 'if':
        if (evaluate(s.condition, scopes)) return nested(s.body.body, scopes);
        return s.else ? execute(s.else, scopes) : 'next';
      case 'while':
        while (evaluate(s.condition, scopes)) {
          const signal = nested(s.body.body, scopes);
          if (signal === 'break') break;
          if (typeof signal !== 'string') return signal;
        }
        return 'next';
      case 'for': {
        const inner = [...scopes, new Map()];
        if (s.init) execute(s.init as Statement, inner);
        while (!s.condition || evaluate(s.condition, inner)) {
          const signal = nested(s.body.body, inner);
          if (signal === 'break') break;
          if (typeof signal !== 'string') return signal;
          if (s.update) execute(s.update as Statement, inner);
        }
        return 'next';
      }
      case 'loop':
        for (;;) {
          const inner = [...scopes, new Map()];
          const last = s.body.body.at(-1);
          const continuing = last?.kind === 'continuing' ? last : undefined;
          const signal = run(continuing ? s.body.body.slice(0, -1) : s.body.body, inner);
          if (signal === 'break') return 'next';
          if (typeof signal !== 'string') return signal;
          if (continuing && nested(continuing.body.body, inner) === 'break') return 'next';
        }
      case 'switch': {
        const selector = evaluate(s.selector, scopes);
        const matches = (c: (typeof s.clauses)[number]) =>
          c.selectors.some((x) => x !== 'default' && evaluate(x, scopes) === selector);
        const clause = s.clauses.find(matches) ?? s.clauses.find((c) => c.selectors.includes('default'));
        const signal = clause ? nested(clause.body.body, scopes) : 'next';
        return signal === 'break' ? 'next' : signal;
      }
      case 'return':
        return { value: s.value ? evaluate(s.value, scopes) : false };
      case 'break':
        return !s.condition || evaluate(s.condition, scopes) ? 'break' : 'next';
      case 'continue':
        return 'continue';
      case 'assert':
      case 'empty':
        return 'next';
      default:
        throw new Error(`cannot run a ${s.kind}`);
    }
  }

  function assign(lhs: ExpressionElem, value: Value, scopes: Scope[]): void {
    const before = evaluate(lhs, scopes);
    const converted = typeof before === 'number' ? round(Number(value)) : clone(value);
    if (lhs.kind === 'parenthesized-expression') assign(lhs.expression, value, scopes);
    else if (lhs.kind === 'unary-expression') (evaluate(lhs.expression, scopes) as Pointer).set(converted);
    else if (lhs.kind === 'ref') {
      const name = lhs.ident.originalName;
      scopes.findLast((s) => s.has(name))?.set(name, converted);
    } else if (lhs.kind === 'component-expression') {
      (evaluate(lhs.base, scopes) as Value[])[Number(evaluate(lhs.access, scopes))] = converted;
    } else if (lhs.kind === 'component-member-expression') {
      const base = evaluate(lhs.base, scopes);
      if (Array.isArray(base)) base[swizzle(lhs.access.name)] = converted;
      else (base as { [m: string]: Value })[lhs.access.name] = converted;
    } else throw new Error(`cannot assign to a ${lhs.kind}`);
  }

  return {
    call(name, ...values) {
      const fn = functions.get(name);
      if (!fn) throw new Error(`there is no function ${name}`);
      return call(fn, values);
    },
  };
}

/**
 * Refuses, with line, column and advice, what the pass does not cover, so that nothing is differentiated wrongly in silence.
 * `check_syntax` needs no names or types; `check_types` comes after names are resolved.
 */

import type { AbstractElem, ExpressionElem, FnElem, Type } from 'wesl/core';
import { childElems, convertible, typeToString, visitAst } from 'wesl/core';
import type { Program } from './program.ts';

type Fail = Program['fail'];

const unsupported_types: readonly [RegExp, string, string][] = [
  [/^ptr$/, 'pointers are not supported', 'Return a struct instead.'],
  [/^mat[234]x[234][fh]?$/, 'matrices are not supported', 'Use vectors or arrays.'],
  [/^(f16|vec[234]h)$/, 'f16 is not supported', 'Use f32.'],
  [/^(texture_|sampler)/, 'textures are not supported', 'Put the numbers into constants or observations.'],
  [/^atomic/, 'atomics are not supported', 'A model function works on its own values only.'],
  [/Barrier$|^workgroupUniformLoad$/, 'barriers are not supported', 'A model function works on its own values only.'],
  [/^(subgroup|quad)[A-Z]/, 'subgroup operations are not supported', 'A model function works on its own values only.'],
  [/^(dpd[xy]|fwidth)/, 'screen-space derivatives are not supported', 'Gradients are made for you; remove the call.'],
  [/^texture[A-Z]/, 'textures are not supported', 'Put the numbers into constants or observations.'],
];

/** What can be refused from the shape of the author's text alone. */
export function check_syntax(elements: readonly AbstractElem[], fail: Fail): void {
  for (const elem of elements) visitAst(elem, (node) => check_node(node, fail));
}

function check_node(node: AbstractElem, fail: Fail): void {
  switch (node.kind) {
    case 'gvar':
      fail(node, 'module-scope variables are not supported', 'Use const, or pass the value as an argument.');
      break;
    case 'override':
      fail(node, 'override is not supported', 'Use const, or put the number under constants.');
      break;
    case 'directive':
      fail(node, 'directives are not supported', 'Remove it.');
      break;
    case 'do':
      fail(node, 'do blocks are not supported', 'Use functions.');
      break;
    case 'attribute':
      fail(node, 'attributes are not supported', 'Remove it; entry points are made for you.');
      break;
    case 'discard':
      fail(node, 'discard is not supported', 'Return a value instead.');
      break;
    case 'var':
      if (node.template?.some((t) => t.name !== 'function'))
        fail(node, 'address spaces are not supported', 'Write var without <…>.');
      break;
    case 'unary-expression':
      if (node.operator.value === '&' || node.operator.value === '*')
        fail(node, 'pointers are not supported', 'Return a struct instead.');
      break;
    case 'ref': {
      const name = node.ident.originalName;
      if (name.includes('::')) fail(node, `\`${name}\` is a path`, 'Write the bare name of the library function.');
      const found = unsupported_types.find(([pattern]) => pattern.test(name));
      if (found) fail(node, found[1], found[2]);
      break;
    }
  }
}

/** Recursion, and expressions that have no type: WGSL refuses both too, but not with the author's line. */
export function check_types(program: Program): void {
  for (const fn of program.functions.values()) {
    if (!program.is_author(fn)) continue;
    check_recursion(program, fn, []);
    check_function(program, fn);
  }
}

function check_recursion(program: Program, fn: FnElem, path: readonly FnElem[]): void {
  if (path.includes(fn)) {
    const name = fn.name.ident.originalName;
    program.fail(fn.name, `\`${name}\` calls itself`, 'WGSL has no recursion. Use a loop.');
  }
  visitAst(fn.body, (node) => {
    if (node.kind !== 'call-expression') return;
    const callee = program.callee_of(node);
    if (callee.kind === 'user') check_recursion(program, callee.fn, [...path, fn]);
  });
}

function check_function(program: Program, fn: FnElem): void {
  const { fail, type_of } = program;
  const result = fn.returnType && type_of(fn.returnType);
  const expect = (value: ExpressionElem, wanted: Type, where: string): void => {
    const given = type_of(value);
    if (!convertible(given, wanted))
      fail(value, `${where} is ${typeToString(wanted)}, but this is ${typeToString(given)}`, advice_for(wanted));
  };
  const check = (node: AbstractElem): void => {
    switch (node.kind) {
      case 'let':
      case 'var':
      case 'const':
        if (node.init && node.name.typeRef) expect(node.init, type_of(node.name.typeRef), 'the declared type');
        break;
      case 'assign':
        if (node.lhs.kind === 'phony') break;
        check_target(program, node.lhs);
        if (node.op.value === '=') expect(node.rhs, type_of(node.lhs), 'the left side');
        break;
      case 'return':
        if (node.value && result) expect(node.value, result, 'the result');
        break;
      case 'call-expression':
        check_call(program, node, expect);
        check_typed(program, node);
        break;
      case 'binary-expression':
      case 'component-expression':
      case 'component-member-expression':
      case 'unary-expression':
        check_typed(program, node);
        break;
    }
  };
  // Children first, so that the message is about the smallest expression that is wrong.
  const visit = (node: AbstractElem): void => {
    for (const child of childElems(node)) visit(child);
    check(node);
  };
  visit(fn.body);
}

const advice_for = (wanted: Type): string =>
  wanted.kind === 'scalar' ? `Convert it with ${typeToString(wanted)}(…).` : 'Make the two types agree.';

function check_target(program: Program, lhs: ExpressionElem): void {
  if (lhs.kind === 'component-member-expression' && program.type_of(lhs.base).kind === 'vector') {
    if (lhs.access.name.length > 1)
      program.fail(lhs, `\`.${lhs.access.name}\` cannot be assigned`, 'Assign the components one by one.');
  }
}

function check_call(
  program: Program,
  call: Extract<AbstractElem, { kind: 'call-expression' }>,
  expect: (value: ExpressionElem, wanted: Type, where: string) => void,
): void {
  const ident = call.function.kind === 'type' ? call.function.name : call.function.ident;
  const elem = program.decl_of(ident)?.declElem;
  if (elem?.kind !== 'fn') return;
  if (elem.params.length !== call.arguments.length) {
    const what = `\`${ident.originalName}\` takes ${elem.params.length} arguments, not ${call.arguments.length}`;
    program.fail(call, what, 'Give each parameter a value.');
  }
  elem.params.forEach((parameter, i) => {
    const argument = call.arguments[i];
    const { decl, typeRef } = parameter.name;
    if (argument && typeRef) expect(argument, program.type_of(typeRef), `\`${decl.ident.originalName}\``);
  });
}

/** Reports an expression whose parts have types but which has none itself. */
function check_typed(program: Program, node: ExpressionElem): void {
  if (program.type_of(node).kind !== 'unknown') return;
  const shown = (e: ExpressionElem) => typeToString(program.type_of(e));
  const text = program.text_of(node);
  switch (node.kind) {
    case 'binary-expression': {
      const what = `${shown(node.left)} ${node.operator.value} ${shown(node.right)} does not exist`;
      program.fail(node, what, 'Convert one side, for example with f32(…).');
      break;
    }
    case 'component-member-expression': {
      const base = program.type_of(node.base);
      const members = base.kind === 'struct' ? base.members.map((m) => m.name).join(', ') : 'x, y, z, w';
      const what = `${shown(node.base)} has no member \`${node.access.name}\``;
      program.fail(
        node,
        what,
        base.kind === 'struct' || base.kind === 'vector' ? `It has ${members}.` : 'Check the type.',
      );
      break;
    }
    case 'call-expression': {
      const name = program.text_of(node.function);
      const what = `\`${name}\` does not take (${node.arguments.map(shown).join(', ')})`;
      program.fail(node, what, 'Convert the arguments to one type, for example with f32(…).');
      break;
    }
    default:
      program.fail(node, `\`${text}\` has no type`, 'Check the types of its parts.');
  }
}

/**
 * Built-in functions that WGSL leaves open outside their domain, and those of shaders/lib/domain.wgsl that are NaN there: a device's log of a negative number may be any number, and
 * a model would have a density where it has none.
 */

import type { AbstractElem, FunctionCallExpression } from 'wesl/core';
import { visitAst } from 'wesl/core';
import type { Program } from './program.ts';

const guarded: readonly string[] = ['log', 'log2', 'acosh', 'atanh', 'pow'];
const suffixes = ['', '_2', '_3', '_4'];

/** Names that the generated text may call: those of scalars, and with _n those of vectors of n. */
export const guarded_names: readonly string[] = guarded.flatMap((name) =>
  suffixes.map((suffix) => `${name}_or_nan${suffix}`),
);

export const guarded_module = 'domain';

/** What to call in place of a built-in function; undefined where the built-in itself will do. Constants keep it: a compiler refuses those outside the domain. */
export function guarded_callee(program: Program, call: FunctionCallExpression): string | undefined {
  const callee = program.callee_of(call);
  if (callee.kind !== 'builtin' || !guarded.includes(callee.name) || is_constant(program, call)) return undefined;
  const type = program.type_of(call);
  return `${callee.name}_or_nan${type.kind === 'vector' ? `_${type.size}` : ''}`;
}

function is_constant(program: Program, call: AbstractElem): boolean {
  let constant = true;
  visitAst(call, (node) => {
    if (node.kind !== 'ref') return;
    const elem = program.decl_of(node.ident)?.declElem;
    if (elem && elem.kind !== 'const' && elem.kind !== 'struct' && elem.kind !== 'alias') constant = false;
  });
  return constant;
}

/** One function to WGSL, as it is or with tangents. */

import type { DeclIdent, FnElem } from 'wesl/core';
import type { Specialisation } from './activity.ts';
import type { Names } from './names.ts';
import { type BodyWriter, write_block } from './statements.ts';

export type Output = Pick<BodyWriter, 'program' | 'printer' | 'types' | 'activity' | 'width'> & { names: Names };

export const primal = (fn: FnElem): Specialisation => ({
  fn,
  name: '',
  pattern: fn.params.map(() => false),
  active: new Set(),
  result_active: false,
});

export function write_function(output: Output, specialisation: Specialisation, is_primal: boolean): string {
  const { program, printer, types, names } = output;
  const { fn, pattern } = specialisation;
  const result = fn.returnType ? program.type_of(fn.returnType) : null;
  const lines: string[] = [];
  let depth = 0;
  const fresh = names.locals();
  const tangents = new Map<DeclIdent, string>();
  const writer: BodyWriter = {
    ...output,
    specialisation,
    fresh,
    result: is_primal ? null : result,
    line: (text) => lines.push(`${'  '.repeat(depth)}${text}\n`),
    indent: (by) => {
      depth += by;
    },
    tangent_name(decl) {
      const name = tangents.get(decl) ?? fresh(`${printer.name(decl)}_d`);
      tangents.set(decl, name);
      return name;
    },
  };
  const parameters = fn.params.flatMap((parameter, i) => {
    const { decl, typeRef } = parameter.name;
    const own = `${printer.name(decl.ident)}: ${typeRef ? printer.written_type(typeRef) : ''}`;
    if (!pattern[i]) return [own];
    return [own, `${writer.tangent_name(decl.ident)}: ${types.tangent(program.type_of_decl(decl.ident))}`];
  });
  const name = is_primal ? printer.name(fn.name.ident) : specialisation.name;
  const returned = is_primal ? fn.returnType && printer.written_type(fn.returnType) : result && types.dual(result);
  const arrow = returned ? ` -> ${returned}` : '';
  write_block(writer, fn.body.body);
  return `fn ${name}(${parameters.join(', ')})${arrow} {\n${lines.join('')}}\n`;
}

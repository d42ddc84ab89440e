/** What forward and reverse mode put around the functions they write: the entries asked for, module scope, imports. */

import type { Requested } from './activity.ts';
import { bears_f32 } from './dual_types.ts';
import { guarded_module, guarded_names } from './guarded.ts';
import { library } from './library.ts';
import type { Printer } from './print.ts';
import type { Program } from './program.ts';
import { SourceError } from './source_error.ts';

export interface Entry {
  name: string;
  /** Per parameter of the function: is the result differentiated with respect to it? */
  active: readonly boolean[];
}

/** Checks an entry against the program; `name` is what its generated function shall be called. */
export function request(program: Program, entry: Entry, generated: string): Requested {
  const { name, active } = entry;
  const fn = program.functions.get(name);
  if (!fn) throw new SourceError(1, 1, `there is no function \`${name}\``, 'Write it; the model needs it.');
  if (fn.params.length !== active.length) {
    const what = `\`${name}\` has ${fn.params.length} parameters, not ${active.length}`;
    program.fail(fn.name, what, 'See the list of model functions for its parameters.');
  }
  if (!fn.returnType || !bears_f32(program.type_of(fn.returnType)))
    program.fail(fn.name, `\`${name}\` returns no f32`, 'Return an f32, or a struct or array of f32.');
  fn.params.forEach((parameter, i) => {
    if (active[i] && !bears_f32(program.type_of_decl(parameter.name.decl.ident)))
      program.fail(parameter, 'this parameter holds no f32', 'See the list of model functions for its type.');
  });
  return { fn, pattern: active, name: generated };
}

/** Structs, aliases, constants and, from the declarations, module-scope variables. */
export function module_scope(program: Program, printer: Printer): string {
  const lines = program.elements.flatMap((elem) => {
    switch (elem.kind) {
      case 'struct': {
        const members = elem.members.map((m) => `  ${m.name.name}: ${printer.written_type(m.typeRef)},\n`);
        return [`struct ${printer.name(elem.name.ident)} {\n${members.join('')}}`];
      }
      case 'alias':
        return [`alias ${printer.name(elem.name.ident)} = ${printer.written_type(elem.typeRef)};`];
      case 'const': {
        const { decl, typeRef } = elem.name;
        const type = typeRef ? `: ${printer.written_type(typeRef)}` : '';
        return [`const ${printer.name(decl.ident)}${type} = ${elem.init ? printer.expression(elem.init) : ''};`];
      }
      case 'gvar':
        return [program.text_of(elem)];
      case 'assert':
        return [`const_assert ${printer.expression(elem.expression)};`];
      default:
        return [];
    }
  });
  return lines.map((line) => `${line}\n`).join('');
}

/** One import per function of shaders/lib that the text names. */
export function imports(text: string): string {
  const used = new Set(text.match(/(?<![\w.])[a-z]\w*(?=\()/g));
  const modules = [
    ...Object.entries(library).map(([name, { module }]) => [name, module] as const),
    ...guarded_names.map((name) => [name, guarded_module] as const),
  ];
  const lines = modules.flatMap(([name, module]) =>
    used.has(name) ? [`import package::lib::${module}::${name};\n`] : [],
  );
  return lines.length > 0 ? `${lines.join('')}\n` : '';
}

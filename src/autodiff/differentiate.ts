/**
 * Forward-mode differentiation of WGSL by source transformation: WGSL in, WGSL that carries tangents out (Griewank and
 * Walther 2008, "Evaluating Derivatives", chapters 3 and 6). No tape and no pointers: every f32 that depends on an active argument gets a Tangent beside it.
 */

import type { DeclIdent, FnElem } from 'wesl/core';
import { create_activity, type Requested, type Specialisation } from './activity.ts';
import { bears_f32, create_dual_types } from './dual_types.ts';
import { library } from './library.ts';
import { create_names, type Names } from './names.ts';
import { create_printer, type Printer } from './print.ts';
import { type Program, parse_program } from './program.ts';
import { SourceError } from './source_error.ts';
import { type BodyWriter, write_block } from './statements.ts';
import { max_tangent_width, tangent_declarations } from './tangent.ts';
import { check_types } from './validate.ts';

export interface Entry {
  name: string;
  /** Per parameter of the function: does it carry a tangent? */
  active: readonly boolean[];
}

export interface Differentiated {
  /**
   * Text of a WESL module: imports from package::lib, the declarations, tangent types, all primal functions, and for each
   * entry `NAME_d`, with a tangent parameter after every active parameter and the result `Dual_R { v: R, d: tangent of R }`.
   */
  wgsl: string;
}

/**
 * source: the author's WGSL (functions, consts, structs, aliases). declarations: generated WGSL put beside it.
 * width: number of tangent lanes, 0…16; 0 emits only the primal, with its indices clamped.
 * Throws SourceError where the source is wrong or uses what is not supported.
 */
export function differentiate(input: {
  source: string;
  declarations: string;
  width: number;
  entries: readonly Entry[];
}): Differentiated {
  const { source, declarations, width, entries } = input;
  if (!Number.isInteger(width) || width < 0 || width > max_tangent_width)
    throw new RangeError(`tangent width ${width} is not a whole number in 0…${max_tangent_width}`);
  const program = parse_program(source, declarations);
  check_types(program);

  const structs = program.elements.flatMap((elem) =>
    elem.kind === 'struct' ? [`${elem.name.ident.originalName}_d`] : [],
  );
  const generated = ['Tangent', 'select_tangent', ...structs, ...entries.map((entry) => `${entry.name}_d`)];
  const names = create_names(program, generated);
  const printer = create_printer(program, names);
  const types = create_dual_types(printer);
  const requested = width > 0 ? entries.map((entry) => request(program, entry)) : [];
  const activity = create_activity(program, names.fresh, requested);
  const output: Output = { program, printer, names, types, activity, width };

  const parts = [module_scope(program, printer)];
  for (const fn of program.functions.values()) parts.push(write_function(output, primal(fn), true));
  if (width > 0) {
    const functions: string[] = [];
    for (const { fn, pattern } of requested) activity.need(activity.specialise(fn, pattern));
    // A set hands out what is added while it is walked: the helpers that the functions written so far call.
    for (const specialisation of activity.needed) functions.push(write_function(output, specialisation, false));
    parts.push(tangent_declarations(width), types.declarations(), ...functions);
  }
  const body = parts.filter((part) => part !== '').join('\n');
  return { wgsl: imports(body) + body };
}

type Output = Pick<BodyWriter, 'program' | 'printer' | 'types' | 'activity' | 'width'> & { names: Names };

function request(program: Program, { name, active }: Entry): Requested {
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
  return { fn, pattern: active, name: `${name}_d` };
}

const primal = (fn: FnElem): Specialisation => ({
  fn,
  name: '',
  pattern: fn.params.map(() => false),
  active: new Set(),
  result_active: false,
});

/** Structs, aliases, constants and, from the declarations, module-scope variables. */
function module_scope(program: Program, printer: Printer): string {
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

function write_function(output: Output, specialisation: Specialisation, is_primal: boolean): string {
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

/** One import per library function that the text names. */
function imports(text: string): string {
  const used = new Set(text.match(/(?<![\w.])[a-z]\w*(?=\()/g));
  const lines = Object.entries(library).flatMap(([name, { module }]) =>
    used.has(name) ? [`import package::lib::${module}::${name};\n`] : [],
  );
  return lines.length > 0 ? `${lines.join('')}\n` : '';
}

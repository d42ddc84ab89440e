/**
 * Forward-mode differentiation of WGSL by source transformation: WGSL in, WGSL that carries tangents out (Griewank and
 * Walther 2008, "Evaluating Derivatives", chapters 3 and 6). No tape and no pointers: every f32 that depends on an active argument gets a Tangent beside it.
 */

import { create_activity } from './activity.ts';
import { create_dual_types } from './dual_types.ts';
import { type Output, primal, write_function } from './functions.ts';
import { type Entry, imports, module_scope, request } from './module_text.ts';
import { create_names } from './names.ts';
import { create_printer } from './print.ts';
import { parse_program } from './program.ts';
import { max_tangent_width, tangent_declarations } from './tangent.ts';
import { check_types } from './validate.ts';

export type { Entry };

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
  const requested = width > 0 ? entries.map((entry) => request(program, entry, `${entry.name}_d`)) : [];
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

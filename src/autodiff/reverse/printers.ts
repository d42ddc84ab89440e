/** Printers that know what this function calls the author's variables, and what values its indices take. */

import type { DeclIdent } from 'wesl/core';
import type { Names } from '../names.ts';
import { create_printer, type Printer } from '../print.ts';
import type { Program } from '../program.ts';
import { known_value } from './counted.ts';
import type { Trace } from './trace.ts';
import type { Variable } from './writer.ts';

export function printers(program: Program, names: Names, trace: Trace) {
  return (env: ReadonlyMap<DeclIdent, Variable>): Printer =>
    create_printer(program, { of: (decl) => env.get(decl)?.name ?? names.of(decl) }, (access) => {
      const known = known_value(program, env, access);
      return typeof known === 'number' ? { low: known, high: known } : trace.range_of(access);
    });
}

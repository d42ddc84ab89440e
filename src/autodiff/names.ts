/**
 * Names in the generated text. The author's stay, except those that would hide a WGSL built-in, a library function, a
 * generated name, or (for locals) a module-scope name: these get a number, so that generated code can use all of them freely.
 */

import type { DeclIdent } from 'wesl/core';
import { stdWgsl } from 'wesl/core';
import { guarded_names } from './guarded.ts';
import { library } from './library.ts';
import type { Program } from './program.ts';
import { declared_name } from './scopes.ts';

export interface Names {
  /** Name of a declaration in the generated text. */
  of(decl: DeclIdent): string;
  /** A new module-scope name. */
  fresh(wanted: string): string;
  /** A maker of names that are new within one function; different functions may get the same. */
  locals(): (wanted: string) => string;
}

/** `generated`: module-scope names that the output gives away by rule (`Tangent`, `State_d`, `transition_d`, …). */
export function create_names(program: Program, generated: Iterable<string>): Names {
  const globals = new Set(program.elements.map((elem) => declared_name(elem)?.ident.originalName));
  const reserved = new Set([...generated, ...Object.keys(library), ...guarded_names]);
  const is_reserved = (name: string) => reserved.has(name) || stdWgsl(name) || name.startsWith('Dual_');
  const taken = new Set(program.text.match(/[A-Za-z_]\w*/g));
  const chosen = new Map<DeclIdent, string>();

  const fresh = (wanted: string): string => {
    const name = unused(wanted, (candidate) => taken.has(candidate) || is_reserved(candidate));
    taken.add(name);
    return name;
  };
  return {
    of(decl) {
      const wanted = decl.originalName;
      const hides = is_reserved(wanted) || (!decl.isGlobal && globals.has(wanted));
      if (!hides) return wanted;
      const name = chosen.get(decl) ?? fresh(wanted.startsWith('Dual_') ? `own_${wanted}` : `${wanted}_1`);
      chosen.set(decl, name);
      return name;
    },
    fresh,
    locals() {
      const own = new Set<string>();
      return (wanted) => {
        const name = unused(
          wanted,
          (candidate) => own.has(candidate) || taken.has(candidate) || is_reserved(candidate),
        );
        own.add(name);
        return name;
      };
    },
  };
}

function unused(wanted: string, is_used: (name: string) => boolean): string {
  if (!is_used(wanted)) return wanted;
  const stem = wanted.replace(/_?\d+$/, '');
  for (let i = 1; ; i++) if (!is_used(`${stem}_${i}`)) return `${stem}_${i}`;
}

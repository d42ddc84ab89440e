/**
 * Reverse-mode differentiation of WGSL by source transformation: one sweep gives the derivatives of a function with respect to all its
 * arguments, at the cost of a few evaluations however many they are (Griewank and Walther 2008, "Evaluating Derivatives", chapters 3, 4, 6).
 *
 * A function becomes one that runs forward, keeping in variables what its reverse needs, and then back to front: every active
 * variable v has an adjoint v_b, the derivative of the result with respect to v, to which every use of v adds its share. Loops
 * are run again iteration by iteration rather than stored (loops.ts), and what is kept in vain is taken out (liveness.ts).
 */

import type { FnElem } from 'wesl/core';
import { create_activity, type Specialisation } from '../activity.ts';
import { create_dual_types } from '../dual_types.ts';
import { primal, write_function } from '../functions.ts';
import { type Entry, imports, module_scope, request } from '../module_text.ts';
import { create_names } from '../names.ts';
import { create_printer } from '../print.ts';
import { parse_program } from '../program.ts';
import { check_types } from '../validate.ts';
import { type FunctionFacts, facts_of } from './facts.ts';
import { type Output, write_reversed } from './function.ts';
import { create_sums } from './sums.ts';

export interface ReverseDifferentiated {
  /**
   * Text of a WESL module: imports from package::lib, the declarations, all primal functions, and for each entry
   *
   *     fn NAME_r(…, seed: R, A_b: ptr<function, T>, …) -> R
   *
   * with the arguments of NAME, the adjoint of the result, and a pointer for every active argument A of type T. It returns the
   * value and adds seed · ∂value/∂A to *A_b (for a struct or array, member by member; integers in it are left alone).
   */
  wgsl: string;
}

/**
 * source, declarations and entries as in `differentiate`. unroll: a loop with constant bounds is written out where its copies come to
 * no more statements than this; 0 writes out none. inline: so is a function, wherever it is called, that has no more statements than
 * this or is called in one place; 0 writes out none.
 *
 * Throws SourceError where the source is wrong, uses what is not supported, or has a loop that reverse mode cannot go back through.
 */
export function reverse_differentiate(input: {
  source: string;
  declarations: string;
  entries: readonly Entry[];
  unroll?: number;
  inline?: number;
}): ReverseDifferentiated {
  const { source, declarations, entries, unroll = 256, inline = 40 } = input;
  const program = parse_program(source, declarations);
  check_types(program);

  const names = create_names(
    program,
    entries.map((entry) => `${entry.name}_r`),
  );
  const printer = create_printer(program, names);
  const requested = entries.map((entry) => request(program, entry, `${entry.name}_r`));
  const activity = create_activity(program, names.fresh, requested, 'r');
  const sums = create_sums(printer, names.fresh);
  const wanted = new Set<Specialisation>(requested.map(({ fn, pattern }) => activity.specialise(fn, pattern)));
  const has_value = new Set(wanted);
  const known_facts = new Map<FnElem, FunctionFacts>();
  const output: Output = {
    ...{ program, names, activity, sums, unroll, inline },
    reversed_name(specialisation) {
      wanted.add(specialisation);
      return specialisation.name;
    },
    facts_of(fn) {
      const facts = known_facts.get(fn) ?? facts_of(program, fn, () => true);
      known_facts.set(fn, facts);
      return facts;
    },
  };
  const types = create_dual_types(printer);
  const functions = [...program.functions.values()].map((fn) =>
    write_function({ program, printer, names, types, activity, width: 0 }, primal(fn), true),
  );
  // A set hands out what is added while it is walked: the helpers that the functions written so far call.
  const reversed: string[] = [];
  for (const specialisation of wanted)
    reversed.push(write_reversed(output, specialisation, has_value.has(specialisation)));
  const parts = [module_scope(program, printer), ...functions, sums.declarations(), ...reversed];
  const body = parts.filter((part) => part !== '').join('\n');
  return { wgsl: imports(body) + body };
}

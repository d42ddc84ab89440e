/** One function reversed: its forward sweep, and in the same body the reverse sweep. */

import type { DeclIdent, ExpressionElem } from 'wesl/core';
import type { Activity, Specialisation } from '../activity.ts';
import type { Names } from '../names.ts';
import type { Program } from '../program.ts';
import { type Code, code_text } from './code.ts';
import { facts_of } from './facts.ts';
import { declarations_in, without_dead_code } from './liveness.ts';
import { merge_additions } from './merge.ts';
import { printers } from './printers.ts';
import { write_list } from './statements.ts';
import type { Sums } from './sums.ts';
import { reverse_all, type Variable, type Writer } from './writer.ts';

export interface Output {
  program: Program;
  names: Names;
  activity: Activity;
  sums: Sums;
  unroll: number;
  inline: number;
  reversed_name(specialisation: Specialisation): string;
  facts_of: Writer['facts_of'];
}

/** Most f32s that the tapes of one function may hold: 64 KiB. */
const most_taped = 16_384;

/** `has_value`: whether it returns the value of the function too. */
export function write_reversed(output: Output, specialisation: Specialisation, has_value: boolean): string {
  const { program, names, activity, sums } = output;
  const { fn, pattern } = specialisation;
  const { fresh, own_name } = create_locals(names);
  const is_active = (e: ExpressionElem) => activity.is_active(e, specialisation.active);
  const facts = facts_of(program, fn, is_active);
  const env = new Map<DeclIdent, Variable>();
  const printer_of = printers(program, names, facts.trace);
  const printer = printer_of(env);
  const own = fn.params.map((parameter) => own_name(parameter.name.decl.ident));
  const seed = fresh('seed');
  const pointers = fn.params.map((_, i) => (pattern[i] ? fresh(`${own[i]}_b`) : ''));
  fn.params.forEach((parameter, i) => {
    const { ident } = parameter.name.decl;
    const root = pointers[i] as string;
    const adjoint = root ? () => ({ root, text: `*${root}` }) : null;
    const type = program.type_of_decl(ident);
    env.set(ident, { name: own[i] as string, type, settled: true, adjoint, has_adjoint: () => true, home: null });
  });

  const outputs = pointers.filter((name) => name !== '');
  const prelude: Code[] = [];
  const block = { code: [] as Code[], hoisted: null };
  const result_type = fn.returnType ? program.type_of(fn.returnType) : null;
  if (!result_type || !fn.returnType) throw new Error(`${fn.name.ident.originalName} returns nothing`);
  const result = { type: result_type, name: has_value ? fresh('value') : null, seed };
  const done = fresh('done');
  const backward: Writer['backward'] = [];
  write_list(
    {
      ...{ program, activity, specialisation, facts, sums, printer, printer_of, env, fresh, own_name },
      ...{ prelude, block, backward, result, unroll: output.unroll, inline: output.inline, unrolled: [] },
      ...{ names, facts_of: output.facts_of, reversed_name: output.reversed_name },
      ...{ is_inlined: false, assigned_elsewhere: new Set() },
      frozen: new Set(),
      targets: { done, stop: null, skip: null },
      adjoints: new Map(outputs.map((name) => [name, null])),
      fused: new Map(),
    },
    fn.body.body,
  );
  const reverse: Code[] = [];
  reverse_all(backward, { code: reverse, hoisted: null });
  const written_type = printer.written_type(fn.returnType);
  const flags: Code[] = [{ kind: 'var', name: done, type: 'bool', value: '' }];
  const last: Code[] = [];
  if (result.name) {
    flags.push({ kind: 'var', name: result.name, type: written_type, value: '' });
    last.push({ kind: 'return', value: result.name });
  }
  const body = without_dead_code([...flags, ...prelude, ...block.code, ...reverse, ...last], outputs);
  check_tapes(body);

  const parameters = fn.params.map(({ name }, i) => `${own[i]}: ${name.typeRef && printer.written_type(name.typeRef)}`);
  const adjoints = fn.params.flatMap(({ name }, i) =>
    pattern[i] ? [`${pointers[i]}: ptr<function, ${name.typeRef && printer.written_type(name.typeRef)}>`] : [],
  );
  const all = [...parameters, `${seed}: ${written_type}`, ...adjoints].join(', ');
  const arrow = has_value ? ` -> ${written_type}` : '';
  return `fn ${output.reversed_name(specialisation)}(${all})${arrow} {\n${code_text(merge_additions(body), 1)}}\n`;
}

function create_locals(names: Names): Pick<Writer, 'fresh' | 'own_name'> {
  const used = new Set<string>();
  const local = names.locals();
  const fresh = (wanted: string): string => {
    const name = local(wanted);
    if (used.has(name)) return fresh(wanted);
    used.add(name);
    return name;
  };
  return {
    fresh,
    own_name(decl) {
      const name = names.of(decl);
      if (used.has(name)) return fresh(name);
      used.add(name);
      return name;
    },
  };
}

function check_tapes(body: readonly Code[]): void {
  let sum = 0;
  for (const { tape } of declarations_in(body)) {
    if (!tape) continue;
    if (Number.isNaN(tape.scalars))
      tape.fail(
        'reverse mode needs the number of iterations of this loop, which depends on more than constants and counters',
        'Use a for loop with constant bounds, or let no iteration need what the one before computed.',
      );
    sum += tape.scalars;
    if (sum > most_taped)
      tape.fail(
        `reverse mode would have to store ${sum} numbers for the iterations up to this loop, more than ${most_taped}`,
        'Write each element of an array once, or hand fewer variables from one iteration to the next.',
      );
  }
}

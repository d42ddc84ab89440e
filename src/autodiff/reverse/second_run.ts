/** The second run of a loop, in the reverse sweep: every iteration forward once more, keeping what its reverse needs, and reversed. */

import type { Code } from './code.ts';
import { count_text, counter_text, known_counts } from './counted.ts';
import { type Header, write_iteration } from './iteration.ts';
import { declarations_in, type Effects, effects_of, without_dead_code } from './liveness.ts';
import { carried_variables, type LoopParts } from './loop_parts.ts';
import { keep } from './node.ts';
import { u32 } from './types.ts';
import { reverse_all, type Variable, type Writer } from './writer.ts';

export interface SecondRun {
  code: Code[];
  /** Name of the counter of a counted loop. */
  counter: string;
  /** Index of the iteration in the tapes. */
  at: string;
  tapes: { name: string; variable: Variable }[];
  is_ordered: boolean;
}

/** Writes one iteration of the second run. */
export function second_run(w: Writer, parts: LoopParts, header: Header | null): SecondRun {
  const counter = header ? w.fresh(header.name) : '';
  const frozen = new Set(w.frozen);
  for (const decl of parts.assigned) if (w.env.get(decl)?.settled) frozen.add(decl);
  const renamed = header && { ...header, name: counter };
  const { prelude, forward, backward } = write_iteration({ ...w, backward: [], frozen }, parts, renamed);
  const reverse: Code[] = [];
  reverse_all(backward, { code: reverse, hoisted: null });
  const at = w.fresh('at');
  const tapes = carried_variables(w, parts).map((variable) => ({ variable, name: w.fresh(`${variable.name}_tape`) }));
  const restore = tapes.map(
    ({ name, variable }): Code => ({
      kind: 'set',
      root: variable.name,
      place: variable.name,
      operator: '=',
      value: `${name}[${at}]`,
    }),
  );
  // Within an iteration that is run again, the function has not returned yet.
  const { done } = w.targets;
  if (parts.jumps.returns) restore.push({ kind: 'set', root: done, place: done, operator: '=', value: 'false' });
  const all = [...restore, ...prelude, ...forward, ...reverse];
  const { read, changed } = outer_adjoints(w, all);
  const needed = without_dead_code(all, changed);
  const needed_tapes = tapes.filter(({ name }) => effects_of(needed).read.has(name));
  const { breaks, returns } = parts.jumps;
  const is_ordered =
    !header || breaks || returns || needed_tapes.length > 0 || [...changed].some((name) => read.has(name));
  return { code: needed, counter, at, tapes: needed_tapes, is_ordered };
}

/** The second run from the last iteration to the first. `count` is the variable in which the first run counted its iterations. */
export function ordered(w: Writer, parts: LoopParts, header: Header | null, run: SecondRun, count: string): Code {
  const { counted, jumps, loop } = parts;
  const k = w.fresh('k');
  const body: Code[] = [{ kind: 'let', name: run.at, type: 'u32', value: `${k} - 1u` }];
  let start = count;
  if (counted && header) {
    const value = counter_text(counted, header.start, run.at);
    body.push({ kind: 'let', name: run.counter, type: counted.type, value });
    if (!jumps.breaks && !jumps.returns) {
      const trips = w.facts.trace.trips_of(loop);
      const known = known_counts(w.program, w.env, counted)?.count;
      if (known !== undefined || (trips && trips.low === trips.high)) start = `${known ?? trips?.high}u`;
      else {
        const value = count_text(counted, header.start, header.end);
        start = keep(w, { value, type: u32, settled: false, pull: null }).value;
      }
    }
  }
  return {
    kind: 'for',
    name: k,
    type: 'u32',
    start,
    condition: `${k} > 0u`,
    update: `${k}--`,
    body: [...body, ...run.code],
  };
}

/** What the code of an iteration does to the adjoints of variables around the loop; loops in it that run once reverse in its forward part. */
export function outer_adjoints(w: Writer, code: readonly Code[]): Effects {
  const own = new Set(declarations_in(code).map(({ name }) => name));
  const is_outer = (name: string) => w.adjoints.has(name) && !own.has(name);
  const { read, changed } = effects_of(code);
  return { read: new Set([...read].filter(is_outer)), changed: new Set([...changed].filter(is_outer)) };
}

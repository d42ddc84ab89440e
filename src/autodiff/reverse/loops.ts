/**
 * Loops. The first run is the loop as written. The reverse goes through the iterations again, the last first: it brings back what the
 * iteration started from, runs it forward once more, now keeping what its reverse needs, and reverses it. So a tape holds
 * only variables that one iteration hands to the next, and values inside an iteration are computed twice and never stored.
 *
 * Two kinds of loop need less. Where iterations are independent they are reversed in the order of the first run. And where all that a
 * loop contributes goes to totals, whose adjoints are known beforehand, each iteration is reversed in the first run: one run in all.
 */

import type { Code } from './code.ts';
import { count_text, counter_text, known_counts } from './counted.ts';
import { type Header, header_of, loop_code, write_iteration } from './iteration.ts';
import { declarations_in, type Effects, effects_of, without_dead_code } from './liveness.ts';
import { carried_variables, type LoopParts, type LoopStatement, loop_parts, settle_outer } from './loop_parts.ts';
import { keep } from './node.ts';
import { write_list } from './statements.ts';
import { concrete, scalar_count, u32 } from './types.ts';
import { is_unrolled, write_unrolled } from './unroll.ts';
import { is_assigned_after, reverse_all, type Variable, type Writer } from './writer.ts';

export function write_loop(w: Writer, s: LoopStatement): void {
  const parts = loop_parts(w, s);
  if (parts.counted && is_unrolled(w, parts)) {
    write_unrolled(w, parts, parts.counted);
    return;
  }
  // A header that does more than count is a statement in front and one at the end of every iteration.
  if (!parts.counted && parts.init) write_list(w, [parts.init]);
  const settled = w.backward ? settle_outer(w, parts) : w;
  const header = header_of(settled, parts);
  if (w.backward === null) {
    const { prelude, forward, ends } = write_iteration({ ...settled, backward: null }, parts, header);
    w.block.code.push(loop_code(settled, parts, header, [...prelude, ...forward], ends));
  } else if (!write_fused(settled, parts, header)) write_twice(settled, parts, header);
}

/** Every iteration forward and reversed at once, where that is right; else nothing is written. */
function write_fused(w: Writer, parts: LoopParts, header: Header | null): boolean {
  if (w.fused.get(parts.loop) === false) return false;
  const { prelude, forward, backward, ends } = write_iteration({ ...w, backward: [] }, parts, header);
  const reverse: Code[] = [];
  reverse_all(backward, { code: reverse, hoisted: null });
  const code = [...prelude, ...forward, ...reverse];
  const { read, changed } = outer_adjoints(w, code);
  const is_known = [...w.adjoints].every(([name, decl]) => {
    // An adjoint from outside that is read may still grow; one of a variable that is assigned later would mix two values' adjoints.
    return !read.has(name) && !(changed.has(name) && decl && is_assigned_after(w, decl, parts.loop));
  });
  w.fused.set(parts.loop, is_known);
  if (is_known) w.block.code.push(loop_code(w, parts, header, code, ends));
  return is_known;
}

/** A first run that only computes, and a second in the reverse sweep. */
function write_twice(w: Writer, parts: LoopParts, header: Header | null): void {
  const second = second_run(w, parts, header);
  const first = write_iteration({ ...w, backward: null }, parts, header);
  const count = w.fresh('count');
  const at_start: Code[] = second.tapes.map(({ variable, name }) => ({
    kind: 'set',
    root: name,
    place: `${name}[${count}]`,
    operator: '=',
    value: variable.name,
  }));
  const counting: Code = { kind: 'set', root: count, place: count, operator: '+=', value: '1u' };
  for (const { name, variable } of second.tapes) declare_tape(w, parts, name, variable);
  declare_zero(w, count, 'u32');
  w.block.code.push(
    loop_code(w, parts, header, [...at_start, counting, ...first.prelude, ...first.forward], first.ends),
  );
  const code = second.is_ordered ? ordered(w, parts, header, second, count) : null;
  w.backward?.push((r) => {
    r.code.push(code ?? loop_code(w, parts, { ...(header as Header), name: second.counter }, second.code, []));
  });
}

interface SecondRun {
  code: Code[];
  /** Name of the counter of a counted loop. */
  counter: string;
  /** Index of the iteration in the tapes. */
  at: string;
  tapes: { name: string; variable: Variable }[];
  is_ordered: boolean;
}

function second_run(w: Writer, parts: LoopParts, header: Header | null): SecondRun {
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
  const is_ordered = !header || breaks || returns || needed_tapes.length > 0 || [...changed].some((name) => read.has(name));
  return { code: needed, counter, at, tapes: needed_tapes, is_ordered };
}

/** What the code of an iteration does to the adjoints of variables around the loop; loops in it that run once reverse in its forward part. */
function outer_adjoints(w: Writer, code: readonly Code[]): Effects {
  const own = new Set(declarations_in(code).map(({ name }) => name));
  const is_outer = (name: string) => w.adjoints.has(name) && !own.has(name);
  const { read, changed } = effects_of(code);
  return { read: new Set([...read].filter(is_outer)), changed: new Set([...changed].filter(is_outer)) };
}

/** The second run from the last iteration to the first. */
function ordered(w: Writer, parts: LoopParts, header: Header | null, run: SecondRun, count: string): Code {
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

function declare_tape(w: Writer, { loop, counted }: LoopParts, name: string, variable: Variable): void {
  const iterations =
    w.facts.trace.trips_of(loop)?.high ?? (counted && known_counts(w.program, w.env, counted)?.count) ?? Number.NaN;
  const type = concrete(variable.type);
  (w.block.hoisted ?? w.block.code).push({
    kind: 'var',
    name,
    type: `array<${w.printer.type(type)}, ${Math.max(1, iterations)}>`,
    value: '',
    tape: {
      scalars: iterations * scalar_count(type),
      fail: (what, advice) => w.program.fail(loop, what, advice),
    },
  });
}

function declare_zero(w: Writer, name: string, type: string): void {
  (w.block.hoisted ?? w.block.code).push({ kind: 'var', name, type, value: '' });
}

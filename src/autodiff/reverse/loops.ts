/**
 * Loops. The first run is the loop as written. The reverse goes through the iterations again, the last first: it brings back what the
 * iteration started from, runs it forward once more, now keeping what its reverse needs, and reverses it. So a tape holds
 * only variables that one iteration hands to the next, and values inside an iteration are computed twice and never stored.
 *
 * Two kinds of loop need less. Where iterations are independent they are reversed in the order of the first run. And where all that a
 * loop contributes goes to totals, whose adjoints are known beforehand, each iteration is reversed in the first run: one run in all.
 */

import type { Code } from './code.ts';
import { known_counts } from './counted.ts';
import { type Header, header_of, loop_code, write_iteration } from './iteration.ts';
import { type LoopParts, type LoopStatement, loop_parts, settle_outer } from './loop_parts.ts';
import { ordered, outer_adjoints, second_run } from './second_run.ts';
import { write_list } from './statements.ts';
import { concrete, scalar_count } from './types.ts';
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

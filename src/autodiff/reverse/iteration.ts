/** One iteration of a loop, and the loop statement around it. */

import type { Code } from './code.ts';
import type { Counted } from './counted.ts';
import type { LoopParts } from './loop_parts.ts';
import { keep } from './node.ts';
import { write_guarded, write_list } from './statements.ts';
import { type Backward, type Block, is_settled, type Writer } from './writer.ts';

/** WGSL of the header of a loop that counts; start and end are good in the reverse too. */
export interface Header {
  name: string;
  start: string;
  end: string;
}

export function header_of(w: Writer, { counted }: LoopParts): Header | null {
  if (!counted) return null;
  const text = (e: Counted['start']) => {
    const bare = e.kind === 'parenthesized-expression' ? e.expression : e;
    const value = w.printer.expression(bare);
    const type = { kind: 'scalar', scalar: counted.type } as const;
    return /^\d+[iu]?$/.test(value) ? value : keep(w, { value, type, settled: is_settled(w, bare), pull: null }).value;
  };
  return { name: w.own_name(counted.decl), start: text(counted.start), end: text(counted.end) };
}

export interface Iteration {
  /** Declarations that come first; the reverse may still add to them. */
  prelude: Code[];
  forward: Code[];
  backward: Backward[];
  /** Conditions that end the loop after the iteration. */
  ends: string[];
}

/** Writes the body and the update; `w.backward` is null for an iteration that is not reversed. */
export function write_iteration(w: Writer, parts: LoopParts, header: Header | null): Iteration {
  const { jumps, counted, body, update, exit } = parts;
  const env = new Map(w.env);
  if (counted && header)
    env.set(counted.decl, {
      name: header.name,
      type: { kind: 'scalar', scalar: counted.type },
      settled: true,
      adjoint: null,
      has_adjoint: () => false,
      home: null,
    });
  const prelude: Code[] = [];
  const block: Block = { code: [], hoisted: null };
  const flag = (name: string, is_used: boolean) => {
    if (!is_used) return null;
    const fresh = w.fresh(name);
    prelude.push({ kind: 'var', name: fresh, type: 'bool', value: '' });
    return fresh;
  };
  const targets = { done: w.targets.done, stop: flag('stop', jumps.breaks), skip: flag('skip', jumps.continues) };
  const within: Writer = { ...w, env, printer: w.printer_of(env), prelude, block, targets };
  write_list(within, body);
  if (!counted && update.length > 0) {
    if (jumps.breaks || jumps.returns) write_guarded(within, { ...jumps, continues: false }, update);
    else write_list(within, update);
  }
  const ends = [
    jumps.breaks ? targets.stop : null,
    jumps.returns ? targets.done : null,
    exit && within.printer.expression(exit),
  ];
  return {
    prelude,
    forward: block.code,
    backward: w.backward ?? [],
    ends: ends.filter((end) => end !== null),
  };
}

/** The loop statement around an iteration. */
export function loop_code(
  w: Writer,
  parts: LoopParts,
  header: Header | null,
  body: readonly Code[],
  ends: string[],
): Code {
  const exits: Code[] = ends.length > 0 ? [{ kind: 'exit', condition: ends.join(' || ') }] : [];
  const { counted, condition } = parts;
  if (!counted || !header) {
    const entry: Code[] = condition ? [{ kind: 'exit', condition: `!(${w.printer.expression(condition)})` }] : [];
    return { kind: 'loop', body: [...entry, ...body, ...exits] };
  }
  const { name, start, end } = header;
  const { comparison, step, type } = counted;
  const by = Math.abs(step);
  const ascending = comparison.endsWith('=') ? '>=' : '>';
  return {
    kind: 'for',
    name,
    type,
    start,
    condition: step > 0 ? `${end} ${ascending} ${name}` : `${name} ${ascending} ${end}`,
    update: by === 1 ? `${name}${step > 0 ? '++' : '--'}` : `${name} ${step > 0 ? '+=' : '-='} ${by}`,
    body: [...body, ...exits],
  };
}

/** Loops written out: with the counter known, indices are constants and small arrays can live in registers. */

import type { AbstractElem } from 'wesl/core';
import { type Counted, known_counts } from './counted.ts';
import type { LoopParts } from './loop_parts.ts';
import { size_of } from './size.ts';
import { write_list } from './statements.ts';
import { declare, type Writer } from './writer.ts';

/** Whether a loop is worth writing out: constant bounds, no way out in the middle, and copies that stay under the limit. */
export function is_unrolled(w: Writer, { counted, jumps, body }: LoopParts): boolean {
  if (!counted || w.unroll === 0 || jumps.breaks || jumps.continues || jumps.returns) return false;
  const counts = known_counts(w.program, w.env, counted);
  if (!counts) return false;
  const trips_of = (loop: AbstractElem) => w.facts.trace.trips_of(loop)?.high ?? Number.POSITIVE_INFINITY;
  const size = body.reduce((sum, s) => sum + size_of(w.program, s, trips_of), 0);
  return size * counts.count <= w.unroll;
}

export function write_unrolled(w: Writer, { loop, body }: LoopParts, counted: Counted): void {
  const counts = known_counts(w.program, w.env, counted);
  if (!counts) throw new Error('a loop without known counts was unrolled');
  const within: Writer = { ...w, unrolled: [...w.unrolled, loop] };
  for (let i = 0; i < counts.count; i++) {
    const known = counts.first + i * counted.step;
    const name = w.own_name(counted.decl);
    // A variable and not a literal, so that the shader compiler does not refuse 1.0 / f32(0) in a branch not taken.
    declare(w.block, name, counted.type, `${known}`);
    w.env.set(counted.decl, {
      name,
      type: { kind: 'scalar', scalar: counted.type },
      settled: true,
      adjoint: null,
      has_adjoint: () => false,
      home: null,
      known,
    });
    write_list(within, body);
  }
}

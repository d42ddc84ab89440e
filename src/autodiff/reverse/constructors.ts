/** Values put together: conversions, vectors, structs and arrays. The adjoint of a whole goes to its parts. */

import type { Type } from 'wesl/core';
import { bears_f32 } from '../dual_types.ts';
import { adjoint_at, type Node, part_of } from './node.ts';

export function construct(operands: Node[], type: Type, print: (values: string[]) => string): Node {
  const node = { value: print(operands.map(({ value }) => value)), type, settled: false };
  if (type.kind === 'scalar') return { ...node, pull: operands[0]?.pull ?? null };
  if (type.kind === 'vector') {
    const { size } = type;
    return {
      ...node,
      pull(r, adjoint) {
        let next = 0;
        for (const { type: given, pull } of operands) {
          const count = given.kind === 'vector' ? given.size : operands.length === 1 ? size : 1;
          const parts = adjoint.parts.slice(next, next + count);
          next += count;
          if (given.kind === 'vector') pull?.(r, { parts });
          else pull?.(r, { parts: [parts.filter((p) => p !== '').join(' + ')] });
        }
      },
    };
  }
  return {
    ...node,
    pull(r, adjoint) {
      operands.forEach((operand, i) => {
        const wanted = type.kind === 'array' ? type.elem : type.kind === 'struct' ? type.members[i]?.type : undefined;
        if (!operand.pull || !wanted || !bears_f32(wanted)) return;
        const suffix = type.kind === 'struct' ? `.${type.members[i]?.name}` : `[${i}]`;
        operand.pull(r, adjoint_at(part_of({ root: '', text: adjoint.whole as string }, suffix).text, wanted));
      });
    },
  };
}

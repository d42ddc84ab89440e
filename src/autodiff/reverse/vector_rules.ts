/**
 * Adjoints of the built-in functions that mix the components of vectors.
 *
 * length and distance have derivative 0 where they are 0 (as in forward mode).
 */

import type { Type } from 'wesl/core';
import { type Adjoint, keep, type Node, name_part, times } from './node.ts';
import { component } from './types.ts';
import type { Block, Writer } from './writer.ts';

export function vector_rule(
  w: Writer,
  name: string,
  operands: Node[],
  type: Type,
  print: (values: string[]) => string,
): Node {
  const kept = operands.map((operand) => keep(w, operand));
  const [a, b] = kept as [Node, Node];
  const indices = Array.from({ length: a.type.kind === 'vector' ? a.type.size : 1 }, (_, i) => i);
  const at = (operand: Node, i: number) => component(operand.value, operand.type, i);
  const value = print(kept.map((operand) => operand.value));
  const plain: Node = { value, type, settled: false, pull: null };
  const parts_of = (f: (i: number) => string): Adjoint => ({ parts: indices.map(f) });
  const one = (r: Block, adjoint: Adjoint) => name_part(w, r, adjoint.parts[0] ?? '');

  switch (name) {
    case 'dot':
      return {
        ...plain,
        pull(r, adjoint) {
          const s = one(r, adjoint);
          a.pull?.(
            r,
            parts_of((i) => times(s, at(b, i))),
          );
          b.pull?.(
            r,
            parts_of((i) => times(s, at(a, i))),
          );
        },
      };
    case 'length':
    case 'distance': {
      const text = name === 'length' ? a.value : `${a.value} - ${b.value}`;
      const difference = keep(w, { value: text, type: a.type, settled: name === 'length', pull: null });
      const result = keep(w, plain);
      return {
        ...result,
        pull(r, adjoint) {
          const s = one(r, adjoint);
          const parts = indices.map((i) =>
            name_part(w, r, times(s, `select(0.0, ${at(difference, i)} / ${result.value}, ${result.value} > 0.0)`)),
          );
          a.pull?.(r, { parts });
          if (name === 'distance')
            b.pull?.(
              r,
              parts_of((i) => times(parts[i] as string, '-1.0')),
            );
        },
      };
    }
    case 'normalize': {
      // With r = v / n and s its adjoint, that of v is (s - r (r·s)) / n.
      const result = keep(w, plain);
      return {
        ...result,
        pull(r, adjoint) {
          const parts = adjoint.parts.map((part) => name_part(w, r, part));
          const dot = parts.map((part, i) => times(part, at(result, i))).filter((part) => part !== '');
          const along = name_part(w, r, dot.join(' + '));
          const n = name_part(w, r, `length(${a.value})`);
          const across = (i: number) => `${parts[i] || '0.0'} - ${at(result, i)} * ${along}`;
          a.pull?.(
            r,
            parts_of((i) => `(${across(i)}) / ${n}`),
          );
        },
      };
    }
    case 'cross':
      // r = a × b: the adjoint of a is b × s, that of b is s × a.
      return {
        ...plain,
        pull(r, adjoint) {
          const s = adjoint.parts.map((part) => name_part(w, r, part || '0.0'));
          const cross = (x: (i: number) => string, y: (i: number) => string): Adjoint =>
            parts_of((i) => {
              const [j, k] = [(i + 1) % 3, (i + 2) % 3];
              return `${x(j)} * ${y(k)} - ${x(k)} * ${y(j)}`;
            });
          const of_s = (i: number) => s[i] as string;
          a.pull?.(
            r,
            cross((i) => at(b, i), of_s),
          );
          b.pull?.(
            r,
            cross(of_s, (i) => at(a, i)),
          );
        },
      };
    default:
      throw new Error(`no rule for ${name}`);
  }
}

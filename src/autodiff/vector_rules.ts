/**
 * Derivatives of the built-in functions that mix the components of vectors.
 *
 * length and distance have derivative 0 where they are 0 (as sqrt in rules.ts).
 */

import type { Type, VectorType } from 'wesl/core';
import { component, type Dual, name_factor, name_tangent, name_value, part, type Writer } from './dual.ts';
import { scale, sum, type Terms, terms_text } from './terms.ts';

export function vector_rule(
  w: Writer,
  name: string,
  operands: Dual[],
  type: Type,
  print: (values: string[]) => string,
): Dual {
  const factor_name = name_factor(w);
  const times = (terms: Terms, factor: string) => scale(terms, factor, factor_name);
  const named = operands.map((operand) => ({ ...operand, value: name_value(w, operand.value, operand.type) }));
  const [a, b] = named as [Dual, Dual];
  const indices = Array.from({ length: a.type.kind === 'vector' ? a.type.size : 1 }, (_, i) => i);
  const at = (operand: Dual, i: number) => component(operand.value, operand.type, i);
  const value = print(named.map((operand) => operand.value));

  switch (name) {
    case 'dot': {
      const terms = indices.flatMap((i) => [times(part(a, i), at(b, i)), times(part(b, i), at(a, i))]);
      return { value, type, tangent: { parts: [sum(...terms)] } };
    }
    case 'length':
    case 'distance': {
      const difference = name === 'length' ? a.value : name_value(w, `${a.value} - ${b.value}`, a.type);
      const r = name_value(w, value, type);
      const terms = indices.flatMap((i) => {
        const factor = `select(0.0, ${component(difference, a.type, i)} / ${r}, ${r} > 0.0)`;
        return name === 'length'
          ? [times(part(a, i), factor)]
          : [times(part(a, i), factor), times(times(part(b, i), factor), '-1.0')];
      });
      return { value: r, type, tangent: { parts: [sum(...terms)] } };
    }
    case 'normalize': {
      // d(v/n) = (dv - r (r·dv)) / n with n the length and r the result
      const r = name_value(w, value, type);
      const inverse = factor_name(`1.0 / length(${a.value})`);
      const along = sum(...indices.map((i) => times(part(a, i), component(r, type, i))));
      const leaf = [{ factor: '', leaf: name_tangent(w, terms_text(along)) }];
      const parts = indices.map((i) =>
        sum(times(part(a, i), inverse), times(leaf, `-${component(r, type, i)} * ${inverse}`)),
      );
      return { value: r, type, tangent: { parts } };
    }
    case 'cross': {
      const parts = indices.map((i) => {
        const [j, k] = [(i + 1) % 3, (i + 2) % 3];
        return sum(
          times(part(a, j), at(b, k)),
          times(part(b, k), at(a, j)),
          times(part(b, j), `-${at(a, k)}`),
          times(part(a, k), `-${at(b, j)}`),
        );
      });
      return { value, type: type as VectorType, tangent: { parts } };
    }
    default:
      throw new Error(`no rule for ${name}`);
  }
}

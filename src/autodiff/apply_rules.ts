/** Applies the tables of rules.ts and library.ts to operands, component by component where they are vectors. */

import type { Type } from 'wesl/core';
import { component, type Dual, name_factor, name_tangent, name_value, part, type Writer } from './dual.ts';
import { type Choice, mentions, smooth_rules, substitute } from './rules.ts';
import { tangent_select } from './tangent.ts';
import { scale, sum, terms_text } from './terms.ts';

const letters = ['a', 'b', 'c', 'd'];

export function binary(w: Writer, operator: string, left: Dual, right: Dual, type: Type): Dual {
  return smooth(w, operator, [left, right], type, ([a, b]) => `${a} ${operator} ${b}`);
}

/** A function that the table of smooth rules, or a library rule, describes. */
export function smooth(
  w: Writer,
  name: string,
  operands: Dual[],
  type: Type,
  text: (values: string[]) => string,
): Dual {
  const partials = smooth_rules[name];
  if (!partials) throw new Error(`no rule for ${name}`);
  return by_partials(w, partials, operands, type, text);
}

export function by_partials(
  w: Writer,
  partials: readonly string[],
  operands: Dual[],
  type: Type,
  text: (values: string[]) => string,
): Dual {
  const needed = partials.filter((_, i) => operands[i]?.tangent);
  const repeated = (letter: string) => needed.some((partial) => mentions(partial, letter));
  const named = operands.map((operand, i) =>
    repeated(letters[i] as string) ? { ...operand, value: name_value(w, operand.value, operand.type) } : operand,
  );
  const plain = text(named.map((operand) => operand.value));
  const value = repeated('r') ? name_value(w, plain, type) : plain;
  const size = type.kind === 'vector' ? type.size : 1;
  const parts = Array.from({ length: size }, (_, i) => {
    const texts: Record<string, string> = { r: component(value, type, i) };
    named.forEach((operand, j) => {
      texts[letters[j] as string] = component(operand.value, operand.type, i);
    });
    const scaled = named.map((operand, j) => {
      const partial = partials[j];
      if (!operand.tangent || partial === undefined) return [];
      return scale(part(operand, i), substitute(partial, texts), name_factor(w));
    });
    return sum(...scaled);
  });
  return { value, type, tangent: { parts } };
}

/** A function whose tangent is that of one of its arguments. */
export function chosen(
  w: Writer,
  rule: Choice,
  operands: Dual[],
  type: Type,
  text: (values: string[]) => string,
): Dual {
  const repeated = (letter: string) => rule.cases.some(({ when }) => mentions(when, letter));
  const named = operands.map((operand, i) =>
    repeated(letters[i] as string) ? { ...operand, value: name_value(w, operand.value, operand.type) } : operand,
  );
  const size = type.kind === 'vector' ? type.size : 1;
  const parts = Array.from({ length: size }, (_, i) => {
    const texts: Record<string, string> = {};
    named.forEach((operand, j) => {
      texts[letters[j] as string] = component(operand.value, operand.type, i);
    });
    const of = (index: number | 'zero') => terms_text(index === 'zero' ? [] : part(named[index] as Dual, i));
    const tangent = rule.cases.reduce(
      (no, { when, take }) => tangent_select(w.width, no, of(take), substitute(when, texts)),
      of(rule.otherwise),
    );
    return [{ factor: '', leaf: name_tangent(w, tangent) }];
  });
  return { value: text(named.map((operand) => operand.value)), type, tangent: { parts } };
}

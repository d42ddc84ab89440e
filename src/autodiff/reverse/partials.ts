/** Applies the tables of rules.ts and library.ts backwards: the adjoint of a result, times the partial, is the adjoint of an operand. */

import type { Type } from 'wesl/core';
import { type Choice, choice_rules, mentions, smooth_rules, substitute } from '../rules.ts';
import { type Adjoint, keep, type Node, name_part, times } from './node.ts';
import { component } from './types.ts';
import type { Block, Writer } from './writer.ts';

const letters = ['a', 'b', 'c', 'd'];

type Print = (values: string[]) => string;

/** `into`, here and below: see node_of. */
export function binary(w: Writer, operator: string, left: Node, right: Node, type: Type, into?: string): Node {
  if (operator === '/' && right.pull) return quotient(w, left, right, type, into);
  return smooth(w, operator, [left, right], type, ([a, b]) => `${a} ${operator} ${b}`, into);
}

/** The value of a result in the reverse. */
function result_of(w: Writer, plain: Node, into: string | undefined): { node: Node; r: string } {
  if (into !== undefined) return { node: plain, r: into };
  const node = keep(w, plain);
  return { node, r: node.value };
}

/** a / b by one division: with s the adjoint of the result over b, that of a is s and that of b is -s·r. */
function quotient(w: Writer, left: Node, right: Node, type: Type, into: string | undefined): Node {
  const b = keep(w, right);
  const plain = { value: `${left.value} / ${b.value}`, type, settled: false, pull: null };
  const result = result_of(w, plain, into);
  return {
    ...result.node,
    pull(r, adjoint) {
      const shares = adjoint.parts.map((part, i) =>
        name_part(w, r, times(part, `1.0 / ${component(b.value, b.type, i)}`)),
      );
      left.pull?.(r, spread(shares, left.type));
      const down = shares.map((share, i) => times(share, `-${component(result.r, type, i)}`));
      right.pull?.(r, spread(down, right.type));
    },
  };
}

/** Parts of a result's adjoint for an operand: those of a scalar beside vectors are added up. */
function spread(parts: readonly string[], operand: Type): Adjoint {
  if (operand.kind === 'vector') return { parts };
  return { parts: [parts.filter((part) => part !== '').join(' + ')] };
}

/** A function that the table of smooth rules describes. */
export function smooth(w: Writer, name: string, operands: Node[], type: Type, print: Print, into?: string): Node {
  const partials = smooth_rules[name];
  if (!partials) throw new Error(`no rule for ${name}`);
  return by_partials(w, partials, operands, type, print, into);
}

export function by_partials(
  w: Writer,
  partials: readonly string[],
  operands: Node[],
  type: Type,
  print: Print,
  into?: string,
): Node {
  const needed = partials.filter((_, i) => operands[i]?.pull);
  const is_needed = (letter: string) => needed.some((partial) => mentions(partial, letter));
  const kept = operands.map((operand, i) => (is_needed(letters[i] as string) ? keep(w, operand) : operand));
  const plain: Node = { value: print(kept.map(({ value }) => value)), type, settled: false, pull: null };
  const result = is_needed('r') ? result_of(w, plain, into) : { node: plain, r: '' };
  return {
    ...result.node,
    pull(r, adjoint) {
      const is_repeated = needed.length > 1;
      const parts = is_repeated ? adjoint.parts.map((part) => name_part(w, r, part)) : adjoint.parts;
      kept.forEach((operand, j) => {
        const partial = partials[j];
        if (!operand.pull || partial === undefined) return;
        const shares = parts.map((part, i) => {
          const texts: Record<string, string> = { r: component(result.r, type, i) };
          kept.forEach(({ value, type: of }, k) => {
            texts[letters[k] as string] = component(value, of, i);
          });
          return part === '' ? '' : times(part, substitute(partial, texts));
        });
        operand.pull(r, spread(shares, operand.type));
      });
    },
  };
}

/**
 * A function whose adjoint goes to one of its arguments. Where the condition is one for all components, an argument that
 * was not chosen is not reversed at all, so that an infinite derivative in it does no harm.
 */
export function chosen(w: Writer, rule: Choice, operands: Node[], type: Type, print: Print): Node {
  const is_needed = (letter: string) => rule.cases.some(({ when }) => mentions(when, letter));
  const kept = operands.map((operand, i) => (is_needed(letters[i] as string) ? keep(w, operand) : operand));
  const is_common = type.kind === 'scalar' || (rule === choice_rules.select && kept[2]?.type.kind === 'scalar');
  const when_at = (when: string, i: number) => {
    const texts: Record<string, string> = {};
    kept.forEach(({ value, type: of }, k) => {
      texts[letters[k] as string] = component(value, of, i);
    });
    return substitute(when, texts);
  };
  /** Whether argument `j` is the one, as a condition; null where it always or never is. */
  const condition = (j: number): string =>
    rule.cases.reduce(
      (before, { when, take }) => {
        const text = when_at(when, 0);
        if (take === j) return before === 'false' ? text : `(${text}) || (${before})`;
        return before === 'false' ? before : before === 'true' ? `!(${text})` : `!(${text}) && (${before})`;
      },
      rule.otherwise === j ? 'true' : 'false',
    );
  const share = (part: string, j: number, i: number): string =>
    rule.cases.reduce(
      (no, { when, take }) => {
        const yes = take === j ? part : '0.0';
        return no === yes ? no : `select(${no}, ${yes}, ${when_at(when, i)})`;
      },
      rule.otherwise === j ? part : '0.0',
    );
  return {
    value: print(kept.map(({ value }) => value)),
    type,
    settled: false,
    pull(r, adjoint) {
      const parts = adjoint.parts.map((part) => name_part(w, r, part));
      kept.forEach((operand, j) => {
        if (!operand.pull) return;
        if (operand.place === undefined && is_common) {
          const yes: Block = { code: [], hoisted: null };
          operand.pull(yes, spread(parts, operand.type));
          r.code.push({ kind: 'if', condition: condition(j), yes: yes.code, no: [] });
        } else
          operand.pull(
            r,
            spread(
              parts.map((part, i) => (part === '' ? '' : share(part, j, i))),
              operand.type,
            ),
          );
      });
    },
  };
}

/**
 * The tangent of an f32 inside one statement: a sum of factor × leaf, where the leaves are tangents of variables and the factors scalars.
 *
 * The chain rule multiplies factors only, so a long expression costs one multiplication of a whole Tangent per leaf and
 * not one per operation (the statement-level preaccumulation of Adept and Sacado; Hogan 2014, ACM TOMS 40:26).
 */

import { tangent_zero } from './tangent.ts';

/** `factor` is WGSL of an f32, empty for 1; `leaf` is WGSL of a Tangent: a name or a path. */
interface Term {
  factor: string;
  leaf: string;
}
/** An empty list is the zero tangent. */
export type Terms = readonly Term[];

/** A name, or members and elements of one: cheap to repeat, and needs no parentheses. */
export function is_path(text: string): boolean {
  return /^[A-Za-z_]\w*(\.\w+|\[[^[\]]*\])*$/.test(text);
}

/** A positive number. Zero is not one: it goes into a variable, since log(0.0) or 1.0 / 0.0 of literals does not compile. */
export function is_literal(text: string): boolean {
  return /^(\d|\.\d)[\w.]*([eE][+-]?\d+f?)?$/.test(text) && Number.parseFloat(text) > 0;
}

export function in_parentheses(text: string): string {
  return is_path(text) || is_literal(text) || /^\w+\([^()]*\)$/.test(text) ? text : `(${text})`;
}

/** Multiplies by a scalar. `name_of` moves a text that would be repeated into a variable and returns its name. */
export function scale(terms: Terms, factor: string, name_of: (text: string) => string): Terms {
  if (factor === '1.0' || terms.length === 0) return terms;
  const long = factor !== '-1.0' && !is_path(factor) && (terms.length > 1 || factor.length > 60);
  const by = long ? name_of(factor) : factor;
  return terms.map(({ factor: f, leaf }) => {
    if (f === '') return { factor: by, leaf };
    if (by === '-1.0' && f === '-1.0') return { factor: '', leaf };
    return { factor: `${by === '-1.0' ? by : in_parentheses(by)} * ${in_parentheses(f)}`, leaf };
  });
}

/** Adds, with one term per leaf. */
export function sum(...lists: readonly Terms[]): Terms {
  const by_leaf = new Map<string, string>();
  for (const { factor, leaf } of lists.flat()) {
    const before = by_leaf.get(leaf);
    const one = factor || '1.0';
    by_leaf.set(leaf, before === undefined ? factor : `${before || '1.0'} + ${one.startsWith('-') ? `(${one})` : one}`);
  }
  return [...by_leaf].map(([leaf, factor]) => ({ factor, leaf }));
}

/** WGSL of the sum: a Tangent. */
export function terms_text(terms: Terms): string {
  if (terms.length === 0) return tangent_zero;
  return terms
    .map(({ factor, leaf }, i) => {
      const operator = i === 0 ? '' : factor === '-1.0' ? ' - ' : ' + ';
      if (factor === '' || (i > 0 && factor === '-1.0')) return operator + leaf;
      return `${operator}${factor === '-1.0' ? factor : in_parentheses(factor)} * ${leaf}`;
    })
    .join('');
}

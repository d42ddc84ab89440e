/** The pieces of `package::model_space` that the kinds of parameters have in common. */

import type { ParameterField } from './types.ts';

/** One field's part of the module. In both bodies phi, theta (or theta_bar and gradient) are pointers, and `sum` is the log density so far. */
export interface FieldText {
  /** Module-scope functions. */
  functions: string[];
  /** Statements of `constrain`. */
  constrain: string;
  /** Statements of `pull_back`. */
  pull_back: string;
  /** What is to be added to the log density: the same for every phi. */
  constant: number;
}

/** Arrays up to this length are written out: a software adapter finds private arrays cheap at constant indices only. */
export const most_written_out = 64;

/**
 * A statement for each of `first` … `first + count − 1`, written out or as a loop. The text is made of an index into the array `base` + i: a number, or an expression of
 * `i` for a loop. `descending` for sweeps backwards.
 */
export function for_each(
  first: number,
  count: number,
  statement: (at: (base: number) => string) => string,
  order: 'ascending' | 'descending' = 'ascending',
): string {
  const last = first + count - 1;
  if (count <= most_written_out) {
    const indices = Array.from({ length: count }, (_, n) => (order === 'ascending' ? first + n : last - n));
    return indices.map((i) => statement((base) => String(base + i))).join('\n  ');
  }
  const body = statement((base) => (base === 0 ? 'i' : `i + ${base}u`));
  const counting = order === 'ascending' ? `var i = ${first}u; i <= ${last}u; i++` : `var n = 0u; n < ${count}u; n++`;
  const index = order === 'ascending' ? '' : `let i = ${last}u - n;\n    `;
  return `for (${counting}) {\n    ${index}${body}\n  }`;
}

/** The element of a struct's field that a pointer points to. */
export const element = ({ name, size }: ParameterField, pointer: string, index: string) =>
  size === 0 ? `(*${pointer}).${name}` : `(*${pointer}).${name}[${index}]`;

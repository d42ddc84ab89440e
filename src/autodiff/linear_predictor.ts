/**
 * Finds linear predictors in a model's `log_likelihood(row, theta)`: loops of the one form that regressions are written in,
 *
 *   for (var i = 0u; i < 24u; i++) { score += theta.beta[i + 1u] * row.x[i]; }
 *
 * and takes them out, so that a kernel can compute Σ_i β_i·x_i and, from the derivative w with respect to it, the gradients w·x_i for several chains at once, while the
 * rest of the function is differentiated as any other. The model's text stays what its author wrote; what does not have this form is left alone.
 */

import type { FnElem, ForElem } from 'wesl/core';
import { visitAst } from 'wesl/core';
import { parse_program } from './program.ts';

/** Σ over i < count of theta.`parameter`[i + parameter_first] · row.`column`[i + column_first]. */
export interface LinearPredictor {
  parameter: string;
  parameter_first: number;
  column: string;
  column_first: number;
  count: number;
}

export interface WithoutPredictors {
  /** The function takes a third argument, `langevin_linear: LinearPredictors`, and reads its member `p0`, `p1`, … where the loops stood. */
  source: string;
  predictors: LinearPredictor[];
  /** Does the text still read this member of its row? */
  reads(column: string): boolean;
}

/** The struct to declare beside the rewritten source. */
export const predictors_struct = (count: number) =>
  `struct LinearPredictors {\n${Array.from({ length: count }, (_, i) => `  p${i}: f32,\n`).join('')}}\n`;

/** Undefined where there is no such loop. Throws SourceError as `differentiate` does. */
export function take_out_predictors(source: string, declarations: string): WithoutPredictors | undefined {
  const program = parse_program(source, declarations);
  const fn = program.functions.get('log_likelihood');
  const [row, theta] = fn?.params.map((p) => p.name.decl.ident.originalName) ?? [];
  if (!fn || row === undefined || theta === undefined || is_shadowed(program.text_of(fn), [row, theta]))
    return undefined;
  const found: { loop: ForElem; sum: string; predictor: LinearPredictor }[] = [];
  visitAst(fn.body, (s) => {
    if (s.kind !== 'for') return;
    const matched = match_loop(program.text_of(s), row, theta, source);
    const [statement] = s.body.body;
    if (!matched || statement?.kind !== 'assign' || statement.lhs.kind === 'phony') return;
    const type = program.type_of(statement.lhs);
    if (type.kind === 'scalar' && type.scalar === 'f32') found.push({ loop: s, ...matched });
  });
  if (found.length === 0) return undefined;
  const last = fn.params[1] as FnElem['params'][number];
  const edits = [
    { start: last.end, end: last.end, text: ', langevin_linear: LinearPredictors' },
    ...found.map(({ loop, sum }, i) => ({
      start: loop.start,
      end: loop.end,
      text: `${sum} += langevin_linear.p${i};`,
    })),
  ];
  let text = source;
  for (const { start, end, text: inserted } of edits.sort((a, b) => b.start - a.start)) {
    text = text.slice(0, start) + inserted + text.slice(end);
  }
  return {
    source: text,
    predictors: found.map(({ predictor }) => predictor),
    reads: (column) => new RegExp(`\\.${column}\\b`).test(text),
  };
}

/** Is one of the arguments hidden by a local of its name? */
const is_shadowed = (text: string, names: readonly string[]) =>
  names.some((name) => new RegExp(`\\b(?:var|let|const)\\s+${name}\\b`).test(text));

const whole = '(\\d+)[ui]?';

function match_loop(text: string, row: string, theta: string, source: string) {
  const plain = text.replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\//g, ' ');
  const head = new RegExp(
    `^for\\s*\\(\\s*var\\s+(\\w+)(?:\\s*:\\s*[ui]32)?\\s*=\\s*${whole}\\s*;\\s*\\1\\s*<\\s*(\\w+)\\s*;\\s*(?:\\1\\s*\\+\\+|\\1\\s*\\+=\\s*1[ui]?|\\1\\s*=\\s*\\1\\s*\\+\\s*1[ui]?)\\s*\\)\\s*\\{\\s*(\\w+)\\s*\\+=\\s*([^;]+);\\s*\\}\\s*$`,
  ).exec(plain);
  if (!head) return undefined;
  const [, index, first, limit, sum, product] = head as unknown as [string, string, string, string, string, string];
  const end = read_limit(limit, source);
  if (end === undefined || end <= Number(first)) return undefined;
  const factors = product.split('*').map((factor) => {
    const at = new RegExp(`^\\s*(\\w+)\\.(\\w+)\\s*\\[\\s*${index}\\s*(?:\\+\\s*${whole}\\s*)?\\]\\s*$`).exec(factor);
    return at && { of: at[1], member: at[2] as string, first: Number(at[3] ?? 0) + Number(first) };
  });
  const parameter = factors.find((f) => f?.of === theta);
  const column = factors.find((f) => f?.of === row);
  if (factors.length !== 2 || !parameter || !column) return undefined;
  return {
    sum,
    predictor: {
      parameter: parameter.member,
      parameter_first: parameter.first,
      column: column.member,
      column_first: column.first,
      count: end - Number(first),
    },
  };
}

/** A literal, or a constant of the author's. */
function read_limit(limit: string, source: string): number | undefined {
  const constant = new RegExp(`\\bconst\\s+${limit}\\s*(?::\\s*[ui]32)?\\s*=\\s*${whole}\\s*;`).exec(source)?.[1];
  const value = constant ?? /^(\d+)[ui]?$/.exec(limit)?.[1];
  return value === undefined ? undefined : Number(value);
}

/**
 * The three German credit targets' rows, made from the raw file (UCI Statlog German Credit, numeric: 1000 rows of 24 whole numbers and a label, 1 good or 2 bad, separated by white space).
 * The file is in the data folder beside the repository, not in it; without it there are no rows.
 *
 * Standardised means (value − mean) / sd of the column, in float64. What differs:
 *
 *   a   sd with n − 1, y = 1 for good   (arXiv 1810.04449)
 *   b   sd with n,     y = 1 for bad    (TensorFlow Probability's inference gym)
 *   c   raw attributes, y = 1 for good  (jstoehr/eHMC, examples/BLP)
 */

import { existsSync, readFileSync } from 'node:fs';

export type GermanCredit = 'a' | 'b' | 'c';

export const attributes = 24;

const file = new URL('../../../shared/data/german-credit/german_data_numeric.csv', import.meta.url);

/** Is the raw file there? What needs it runs only then. */
export const has_german_credit = existsSync(file);

/** [1000][25]: y, then the 24 attributes. */
export function german_credit_rows(variant: GermanCredit): number[][] {
  const raw = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const bad = raw.map((row) => Number(row[attributes] === 2));
  const y = variant === 'b' ? bad : bad.map((label) => 1 - label);
  const columns = Array.from({ length: attributes }, (_, i) => raw.map((row) => row[i] as number));
  const used = variant === 'c' ? columns : columns.map((column) => standardise(column, variant === 'a' ? 1 : 0));
  return y.map((label, row) => [label, ...used.map((column) => column[row] as number)]);
}

/** The rows as a CSV text that `langevin sample` and bench/peers/rstan/nuts.R read: y, x[0] … x[23]. */
export function german_credit_csv(variant: GermanCredit): string {
  const names = Array.from({ length: attributes }, (_, i) => `x[${i}]`);
  return [['y', ...names], ...german_credit_rows(variant)].map((row) => `${row.join(',')}\n`).join('');
}

function standardise(column: readonly number[], lost_degrees: number): number[] {
  const mean = column.reduce((sum, x) => sum + x, 0) / column.length;
  const variance = column.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (column.length - lost_degrees);
  return column.map((x) => (x - mean) / Math.sqrt(variance));
}

/** Rows of the CSV files beside this one. */

import { readFileSync } from 'node:fs';

/** [row][column], in the order of the file's header. */
export function read_rows(file: string): number[][] {
  const text = readFileSync(new URL(file, import.meta.url), 'utf8');
  const [, ...lines] = text.trim().split('\n');
  return lines.map((line) => line.split(',').map(Number));
}

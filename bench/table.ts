/** The table that ends a benchmark: plain text, columns aligned, one row per measurement. */

import {
  bound_words,
  distance_words,
  duration,
  finding_words,
  peer_words,
  rate_words,
  sampling_words,
  size_words,
  timing_words,
} from './format.ts';
import type { Finding, Row, Skipped } from './record.ts';

export const table_head = ['what', 'shape', 'size', 'wall (quartiles)', 'GPU', 'rate', 'limit'] as const;

/** The cells of a row under `table_head`. */
export function table_cells(row: Row): string[] {
  return [
    row.label,
    `${row.shape ?? ''}${row.best ? ' (best)' : ''}`,
    size_words(row.sizes),
    timing_words(row.wall),
    row.gpu ? duration(row.gpu.median) : '–',
    rate_words(row),
    bound_words(row),
  ];
}

/** What stands below a row: its notes, and a line per peer. */
export function row_notes(row: Row): string[] {
  return [
    ...(row.sampling ? [sampling_words(row.sampling)] : []),
    ...(row.distances ? [distance_words(row.distances)] : []),
    ...(row.note ? [row.note] : []),
    ...(row.wall_again ? [`again after the peers: ${timing_words(row.wall_again)}`] : []),
    ...(row.gpu_note ? [`no GPU time: ${row.gpu_note}`] : []),
    ...row.peers.map(peer_words),
  ];
}

/** One row while the benchmark runs. */
export function row_line(row: Row): string {
  const [label, shape, size, wall, , rate, limit] = table_cells(row);
  const first = [label, shape, size, wall, rate, limit].filter((text) => text !== '').join(' | ');
  return [first, ...row_notes(row).map((note) => `    ${note}`)].join('\n');
}

export const skipped_line = ({ label, reason }: Skipped): string => `not run: ${label}: ${reason}`;

export function format_rows(rows: readonly Row[], findings: readonly Finding[], skipped: readonly Skipped[]): string {
  const lines = [[...table_head], ...rows.map(table_cells)];
  const widths = table_head.map((_, column) => Math.max(...lines.map((cells) => (cells[column] ?? '').length)));
  const aligned = lines.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const [head = '', ...body] = aligned;
  const with_notes = body.flatMap((line, i) => [line, ...row_notes(rows[i] as Row).map((note) => `    ${note}`)]);
  return [
    ...(rows.length > 0 ? [head, ...with_notes] : []),
    ...findings.map(finding_words),
    ...skipped.map(skipped_line),
  ].join('\n');
}

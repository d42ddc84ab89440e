/** The README's table: every result that a reader would compare, one row each, the adapter named in each, and what was wanted but is not measured. */

import { UserError } from '../../src/model/user_error.ts';
import {
  bound_words,
  distance_words,
  duration,
  finding_words,
  peer_time,
  rate_words,
  sampling_words,
  size_words,
} from '../format.ts';
import type { BenchRecord, Finding, Peer, Row } from '../record.ts';
import { wanted_rows } from './wanted.ts';

const head = ['Adapter', 'What', 'Size', 'Result', 'Of the limit', 'Beside it'] as const;

/** Subjects whose single rows only serve a fit: the fit is what is shown. */
const only_findings = ['tangents', 'sizes', 'growth'];

/** Markdown, lines ended by newlines. */
export function report_table(records: readonly BenchRecord[]): string {
  const rows = records.flatMap((record) => {
    const name = adapter_cell(record);
    const timed = only_findings.includes(record.subject) ? [] : record.rows.filter((row) => row.best !== false);
    return [
      ...timed.map((row) => [name, ...row_cells(row)]),
      ...record.findings.map((f) => [name, ...finding_cells(f)]),
      ...record.skipped.map(({ label, reason }) => [name, label, '', `not run: ${reason}`, '', '']),
      ...(record.failure === undefined ? [] : [[name, record.subject, '', `ended early: ${record.failure}`, '', '']]),
    ];
  });
  const wanted = wanted_rows(records).map(({ where, what, wanted, found }) => [
    where,
    what,
    '',
    `wanted ${wanted}: ${found}`,
    '',
    '',
  ]);
  const lines = [[...head], head.map(() => '---'), ...rows, ...wanted];
  return `${lines.map((cells) => `| ${cells.map(escape_cell).join(' | ')} |`).join('\n')}\n`;
}

/** Short, but never without saying that it is software. */
export const adapter_cell = ({ adapter }: BenchRecord): string =>
  adapter.kind === 'software' ? `${adapter.name}, software` : adapter.name;

function row_cells(row: Row): string[] {
  const shape = row.shape ? ` (${row.shape})` : '';
  return [
    `${row.label}${shape}`,
    size_words(row.sizes),
    `${duration(row.wall.median)}, ${rate_words(row)}`,
    bound_words(row),
    [
      ...(row.sampling ? [sampling_words(row.sampling)] : []),
      ...(row.distances ? [distance_words(row.distances)] : []),
      ...(row.note ? [row.note] : []),
      ...row.peers.map(peer_cell),
    ].join('<br>'),
  ];
}

/** Shorter than on the terminal: that its answers agree is why it has a time at all. */
const peer_cell = (peer: Peer): string => (peer.outcome === 'measured' ? peer_time(peer) : `${peer.tool}: skipped`);

function finding_cells(finding: Finding): string[] {
  const { label, ...rest } = finding;
  // The label has a column of its own.
  return [label, '', finding_words({ ...rest, label: '' }).replace(/^: /, ''), '', ''];
}

const escape_cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

const begin = '<!-- bench:begin -->';
const end = '<!-- bench:end -->';

/** Puts a text between the README's markers. Throws UserError where they are not there, once each and in order. */
export function between_markers(readme: string, text: string): string {
  const first = readme.indexOf(begin);
  const last = readme.indexOf(end);
  if (first < 0 || last < first || readme.indexOf(begin, first + 1) >= 0 || readme.indexOf(end, last + 1) >= 0) {
    throw new UserError(`The README needs ${begin} and, behind it, ${end}, once each.`);
  }
  return `${readme.slice(0, first + begin.length)}\n${text}\n${readme.slice(last)}`;
}

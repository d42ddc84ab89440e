/** `npm run bench -- report`: every bench/results/*.json → the table between the README's markers, and bench/results/report.svg, which the README shows. */

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BenchRecord, read_record } from './record.ts';
import { report_picture } from './report/picture.ts';
import { between_markers, report_table } from './report/table.ts';
import { subjects } from './subjects.ts';

const root = fileURLToPath(new URL('../', import.meta.url));

/** Records of a folder: hardware first, then by adapter, then in the order of the list. */
export function read_results(folder: string): BenchRecord[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const records = files.map((name) => read_record(readFileSync(join(folder, name), 'utf8'), join(folder, name)));
  const rank = ({ adapter, subject }: BenchRecord): string =>
    [
      adapter.kind,
      adapter.name,
      subjects
        .findIndex(({ name }) => name === subject)
        .toString()
        .padStart(3),
    ].join('\t');
  return records.sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
}

/** Writes both; says what it read and wrote. */
export function write_report(): string {
  const records = read_results(join(root, 'bench/results'));
  const picture = 'bench/results/report.svg';
  const readme = join(root, 'README.md');
  const text = `![Particle-steps per second of langevin and of other tools, by adapter](${picture})\n\n${report_table(records)}`;
  writeFileSync(readme, between_markers(readFileSync(readme, 'utf8'), `\n${text}`));
  writeFileSync(join(root, picture), report_picture(records));
  return `${records.length} results → README.md, ${picture}`;
}

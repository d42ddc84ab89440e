/** Reads `row` of a log-density model: the fields of struct Row and the columns of the CSV file that they take. */

import { check_keys } from './source_checks.ts';
import { read_fields } from './state_source.ts';
import type { RowField } from './types.ts';
import { UserError } from './user_error.ts';
import { is_object, show } from './values.ts';

/** `where` begins every message. */
export function read_row(where: string, source: unknown): RowField[] {
  const named = new Map<unknown, readonly string[]>();
  const entries = Array.isArray(source) ? source.map((entry) => with_size(where, entry, named)) : source;
  const fields = read_fields(where, 'row', entries, "['y', { name: 'x', size: 24 }]");
  return fields.map((field) => ({ ...field, columns: named.get(field.name) ?? numbered(field) }));
}

const numbered = ({ name, size }: { name: string; size: number }) =>
  size === 0 ? [name] : Array.from({ length: size }, (_, i) => `${name}[${i}]`);

/** An entry that names its columns has as many elements as it names; they are noted in `named`. */
function with_size(where: string, entry: unknown, named: Map<unknown, readonly string[]>): unknown {
  if (!is_object(entry)) return entry;
  const { name, size, columns } = entry;
  const at = `${where}: row ${typeof name === 'string' ? name : show(name)}`;
  check_keys(at, entry, ['name', 'size', 'columns']);
  if (columns === undefined) return entry;
  const texts = Array.isArray(columns) ? columns.filter((column) => typeof column === 'string') : [];
  if (!Array.isArray(columns) || texts.length === 0 || texts.length < columns.length)
    throw new UserError(
      `${at}: columns must be a list of column names, such as ['age', 'income'], got ${show(columns)}.`,
    );
  if (size !== undefined && size !== texts.length)
    throw new UserError(`${at}: size is ${show(size)}, but columns names ${texts.length}. Leave size out.`);
  named.set(name, texts);
  return { name, size: texts.length };
}

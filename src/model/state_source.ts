/** Reads the fields of a struct in any of the forms that an author may write: names, pairs, objects in a list, or one object of sizes. */

import type { StateField } from './types.ts';
import { UserError } from './user_error.ts';
import { is_object, is_whole, show } from './values.ts';

/** `where` begins every message. */
export function read_state(where: string, source: unknown): StateField[] {
  return read_fields(where, 'state', source, "['s', 'i'] or [['x', 3]]");
}

/** @param key what the author calls the list @param examples of it, for messages */
export function read_fields(where: string, key: string, source: unknown, examples: string): StateField[] {
  const is_list = Array.isArray(source);
  const entries = is_list ? source.map(list_entry) : is_object(source) ? Object.entries(source) : [];
  if (entries.length === 0)
    throw new UserError(`${where}: ${key} must be a list of names, such as ${examples}, got ${show(source)}.`);
  const fields: StateField[] = [];
  let offset = 0;
  for (const [name, size] of entries) {
    if (typeof name !== 'string')
      throw new UserError(`${where}: ${key}: write 'x', ['x', 3] or { name: 'x', size: 3 }, got ${show(name)}.`);
    if (size !== undefined && !is_whole(size, 1))
      throw new UserError(`${where}: ${key} ${name}: size must be a whole number ≥ 1, got ${show(size)}.`);
    // In the object form every name has a number, and 1 is how it says scalar.
    const is_scalar = size === undefined || (size === 1 && !is_list);
    fields.push({ name, size: is_scalar ? 0 : size, offset });
    offset += size ?? 1;
  }
  return fields;
}

/** Name and size of one entry of the list form, no size for a scalar. What is no entry becomes a name, to be refused. */
function list_entry(entry: unknown): [name: unknown, size: unknown] {
  if (Array.isArray(entry) && entry.length === 2) return [entry[0], entry[1]];
  if (is_object(entry) && typeof entry.name === 'string') return [entry.name, entry.size];
  return [entry, undefined];
}

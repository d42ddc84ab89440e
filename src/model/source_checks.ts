/** Readings and refusals that models of every kind share. `where` begins every message. */

import { column_problem, name_problem } from './names.ts';
import { nearest_name } from './nearest_name.ts';
import type { Model } from './types.ts';
import { UserError } from './user_error.ts';
import { is_object, show } from './values.ts';

/** A name with what it names, e.g. `['parameter', 'beta']`. */
type Named = readonly [kind: string, name: string];

export function check_keys(where: string, object: Record<string, unknown>, known: readonly string[]): void {
  for (const key of Object.keys(object)) {
    if (known.includes(key)) continue;
    const guess = nearest_name(key, known);
    const advice = guess ? `Did you mean "${guess}"?` : `There are: ${known.join(', ')}.`;
    throw new UserError(`${where}: unknown key "${key}". ${advice}`);
  }
}

export function read_constants(where: string, source: unknown = {}): Record<string, number> {
  if (!is_object(source))
    throw new UserError(`${where}: constants must be an object such as { population: 763 }, got ${show(source)}.`);
  const constants: Record<string, number> = {};
  for (const [name, value] of Object.entries(source)) {
    if (typeof value !== 'number' || !Number.isFinite(Math.fround(value)))
      throw new UserError(`${where}: constant ${name} must be a finite number that f32 can hold, got ${show(value)}.`);
    constants[name] = value;
  }
  return constants;
}

export function read_description(where: string, source: unknown = ''): string {
  if (typeof source !== 'string') throw new UserError(`${where}: description must be a text, got ${show(source)}.`);
  return source;
}

/** Names of a struct's fields, with what they are. */
export const named = (kind: string, fields: readonly { name: string }[]): Named[] =>
  fields.map(({ name }) => [kind, name]);

/** Every name is used once, so that a column of a result, or a name in a message, can mean one thing only. */
export function check_names(where: string, of: Model['kind'], names: readonly Named[]): void {
  const owner = new Map<string, string>();
  for (const [kind, name] of names) {
    const problem = name_problem(of, name) ?? column_problem(kind, name);
    if (problem) throw new UserError(`${where}: ${kind} ${name}: ${problem}`);
    const other = owner.get(name);
    if (other)
      throw new UserError(
        `${where}: ${kind} ${name}: there is already a${other === 'observation' ? 'n' : ''} ${other} of this name. Rename one of them.`,
      );
    owner.set(name, kind);
  }
}

/** A constant and a function both stand at module scope. */
export function check_constants_against(
  where: string,
  constants: Record<string, number>,
  functions: readonly string[],
): void {
  const clash = functions.find((f) => Object.hasOwn(constants, f));
  if (clash)
    throw new UserError(`${where}: constant ${clash}: the WGSL has a function of this name. Rename one of them.`);
}

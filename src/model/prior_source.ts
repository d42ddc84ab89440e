/** Reads priors as authors write them, `{ normal: [2, 1] }` with `lower` and `upper`, and refuses what is no distribution. */

import { nearest_name } from './nearest_name.ts';
import { total_mass } from './prior.ts';
import { prior_families } from './prior_families.ts';
import type { Bounds } from './transform.ts';
import type { Prior, PriorFamily } from './types.ts';
import { UserError } from './user_error.ts';
import { is_object, show } from './values.ts';

const family_names = Object.keys(prior_families) as PriorFamily[];

/** `where` begins every message, e.g. `models/foo.mjs: parameter beta`. */
export function read_prior(where: string, source: unknown): Pick<Prior, 'family' | 'arguments'> {
  const entries = is_object(source) ? Object.entries(source) : [];
  const [entry] = entries;
  if (!entry || entries.length > 1)
    throw new UserError(
      `${where}: a prior is one family with its arguments, such as { normal: [0, 1] }, got ${show(source)}.`,
    );
  const family = read_family(where, entry[0]);
  const read = family === 'dirichlet' ? read_concentrations : read_arguments;
  return { family, arguments: read(where, family, entry[1]) };
}

export function read_family(where: string, name: string): PriorFamily {
  if (family_names.includes(name as PriorFamily)) return name as PriorFamily;
  const guess = nearest_name(name, family_names);
  throw new UserError(
    `${where}: there is no prior "${name}". ${guess ? `Did you mean ${guess}? ` : ''}There are: ${family_names.join(', ')}.`,
  );
}

function read_arguments(where: string, name: PriorFamily, given: unknown): number[] {
  const family = prior_families[name];
  const count = family.arguments.length;
  const takes = count === 0 ? 'no arguments; write { flat: true }' : `[${family.arguments.join(', ')}]`;
  const refused = new UserError(`${where}: prior ${name} takes ${takes}, got ${show(given)}.`);
  const values = Array.isArray(given) ? given : given === true && count === 0 ? [] : [given];
  if (values.length !== count) throw refused;
  if (values.some((v) => typeof v !== 'number')) throw refused;
  const numbers = values as number[];
  for (const [i, argument] of family.arguments.entries())
    check_argument(`${where}: prior ${name}: ${argument}`, numbers[i] as number, family.positive.includes(argument));
  if (name === 'uniform' && !((numbers[0] as number) < (numbers[1] as number)))
    throw new UserError(`${where}: prior uniform: lower must be below upper, got ${show(numbers)}.`);
  return numbers;
}

function check_argument(where: string, value: number, is_positive: boolean): void {
  if (!Number.isFinite(Math.fround(value)))
    throw new UserError(`${where} must be a finite number that f32 can hold, got ${value}.`);
  if (is_positive && !(value >= 2 ** -126)) throw new UserError(`${where} must be > 0, got ${value}.`);
}

/** Of a Dirichlet: one concentration for all elements, or a list, whose length only its parameter can tell. */
function read_concentrations(where: string, name: PriorFamily, given: unknown): number[] {
  const values: unknown[] = Array.isArray(given) ? given : [given];
  const numbers = values.filter((value) => typeof value === 'number');
  if (numbers.length < values.length || numbers.length === 0)
    throw new UserError(
      `${where}: prior ${name} takes one concentration for all elements, or a list of one for each, got ${show(given)}.`,
    );
  for (const value of numbers) check_argument(`${where}: prior ${name}: concentration`, value, true);
  return numbers;
}

/** `lower` and `upper` of a source object, ±Infinity where they are not given. */
export function read_bounds(where: string, source: { lower?: unknown; upper?: unknown }): Bounds {
  const lower = read_bound(where, 'lower', source.lower, -Infinity);
  const upper = read_bound(where, 'upper', source.upper, Infinity);
  if (!(Math.fround(lower) < Math.fround(upper)))
    throw new UserError(`${where}: lower must be below upper, got lower ${lower} and upper ${upper}.`);
  return { lower, upper };
}

function read_bound(where: string, side: 'lower' | 'upper', given: unknown, none: number): number {
  if (given === undefined || given === none) return none;
  if (typeof given === 'number' && Number.isFinite(Math.fround(given))) return given;
  throw new UserError(`${where}: ${side} must be a finite number, or left out for no bound, got ${show(given)}.`);
}

/** Refuses bounds that reach outside the prior's support: they would change nothing, so that something else was meant. */
export function check_within_support(where: string, prior: Pick<Prior, 'family' | 'arguments'>, bounds: Bounds): void {
  const [lower, upper] = prior_families[prior.family].support(prior.arguments);
  if (bounds.lower > -Infinity && bounds.lower < lower)
    throw new UserError(`${where}: lower ${bounds.lower} is outside prior ${prior.family}, which begins at ${lower}.`);
  if (bounds.upper < Infinity && bounds.upper > upper)
    throw new UserError(`${where}: upper ${bounds.upper} is outside prior ${prior.family}, which ends at ${upper}.`);
}

/** The prior truncated to the bounds. */
export function truncate(where: string, prior: Pick<Prior, 'family' | 'arguments'>, bounds: Bounds): Prior {
  const [lower, upper] = prior_families[prior.family].support(prior.arguments);
  const truncated = { ...prior, lower: Math.max(lower, bounds.lower), upper: Math.min(upper, bounds.upper) };
  const is_empty = !(Math.fround(truncated.lower) < Math.fround(truncated.upper)) || !(total_mass(truncated) > 0);
  if (is_empty)
    throw new UserError(
      `${where}: prior ${prior.family} has no probability between ${bounds.lower} and ${bounds.upper}. Change the prior or the bounds.`,
    );
  return truncated;
}

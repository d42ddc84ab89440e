/** Priors as text: `lognormal:0,1@0,` from the command line, `normal(2, 1) on (0, ∞)` for people. */

import { prior_families } from './prior_families.ts';
import { check_within_support, read_bounds, read_family, read_prior, truncate } from './prior_source.ts';
import type { BoundedPriorSource, Prior } from './types.ts';
import { UserError } from './user_error.ts';

const form =
  'Write FAMILY:ARGUMENTS, with bounds FAMILY:ARGUMENTS@LOWER,UPPER where either may be empty, such as normal:2,1@0,';

/**
 * Reads `family:a,b` or `family:a,b@lower,upper`. `flat` has no arguments, so no colon: `flat@0,1`. Bounds not given are left out of the result.
 * Throws a UserError that begins with `where` when the text is no such thing or no distribution.
 */
export function parse_prior(text: string, where = `prior "${text}"`): BoundedPriorSource {
  const match = /^\s*([A-Za-z_]+)\s*(?::([^@]*))?(?:@([^@,]*),([^@,]*))?$/.exec(text);
  if (!match) throw new UserError(`${where}: this is not a prior. ${form}`);
  const family = read_family(where, match[1] as string);
  const list = match[2]?.trim() ? match[2].split(',') : [];
  const numbers = list.map((word) => read_number(where, word));
  const lower = match[3]?.trim() ? read_number(where, match[3]) : undefined;
  const upper = match[4]?.trim() ? read_number(where, match[4]) : undefined;
  const source = {
    prior: { [family]: numbers },
    ...(lower === undefined ? {} : { lower }),
    ...(upper === undefined ? {} : { upper }),
  };
  const prior = read_prior(where, source.prior);
  const bounds = read_bounds(where, source);
  check_within_support(where, prior, bounds);
  truncate(where, prior, bounds);
  return source;
}

function read_number(where: string, word: string): number {
  const value = Number(word);
  if (word.trim() === '' || Number.isNaN(value))
    throw new UserError(`${where}: "${word.trim()}" is not a number. ${form}`);
  return value;
}

/** `normal(2, 1) on (0, ∞)`; the interval is left out where the bounds cut nothing off. */
export function format_prior(prior: Prior): string {
  const [lower, upper] = prior_families[prior.family].support(prior.arguments);
  // Of an element of a Dirichlet, what its author gave.
  const values = prior.family === 'dirichlet' ? prior.arguments.slice(0, 1) : prior.arguments;
  const name = values.length > 0 ? `${prior.family}(${values.join(', ')})` : prior.family;
  if (prior.lower === lower && prior.upper === upper) return name;
  return `${name} on (${bound(prior.lower)}, ${bound(prior.upper)})`;
}

const bound = (value: number) => (Number.isFinite(value) ? String(value) : value > 0 ? '∞' : '−∞');

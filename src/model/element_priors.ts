/** The priors of one parameter's elements, from what its author wrote, by what the elements must satisfy together. */

import { check_within_support, read_bounds, read_prior, truncate } from './prior_source.ts';
import type { Bounds } from './transform.ts';
import type { Constraint, Prior, ScalarParameter } from './types.ts';
import { UserError } from './user_error.ts';

/** What an author may have written; nothing is known of it. */
interface Written {
  prior?: unknown;
  lower?: unknown;
  upper?: unknown;
}

export type ElementPrior = Pick<ScalarParameter, 'prior' | 'bounds'>;

const no_bounds: Bounds = { lower: -Infinity, upper: Infinity };

/**
 * The prior of every element of a parameter that is no simplex. `kept` are bounds that hold where `written` has none.
 * `where` begins every message.
 */
export function read_element_prior(
  where: string,
  constraint: Exclude<Constraint, 'simplex'>,
  written: Written,
  kept: Bounds = no_bounds,
): ElementPrior {
  const family = read_prior(where, written.prior);
  if (family.family === 'dirichlet')
    throw new UserError(
      `${where}: prior dirichlet is for parameters that sum to one. Add simplex: true with a size of at least 2, or use beta: [a, b].`,
    );
  check_within_support(where, family, read_bounds(where, written));
  const bounds = read_bounds(where, { lower: written.lower ?? kept.lower, upper: written.upper ?? kept.upper });
  const prior = truncate(where, family, bounds);
  const is_half_or_whole_line = prior.upper === Infinity && (prior.lower === -Infinity || prior.lower === 0);
  if (constraint === 'ordered' && !is_half_or_whole_line)
    throw new UserError(
      `${where}: ordered elements lie in (−∞, ∞), or in (0, ∞) with lower: 0, but this prior is on (${prior.lower}, ${prior.upper}). Choose a prior on one of the two.`,
    );
  return { prior, bounds };
}

/** The priors of the elements of a simplex; no prior and a flat one are the uniform distribution, dirichlet: 1. */
export function read_simplex_priors(where: string, size: number, written: Written): ElementPrior[] {
  if (written.lower !== undefined || written.upper !== undefined)
    throw new UserError(`${where}: a simplex takes no bounds, its elements lie in (0, 1). Leave lower and upper out.`);
  const { family, arguments: given } = read_prior(where, written.prior ?? { flat: true });
  if (family !== 'dirichlet' && family !== 'flat')
    throw new UserError(`${where}: a simplex takes prior dirichlet, not ${family}. Write { dirichlet: 1 }.`);
  if (given.length > 1 && given.length !== size)
    throw new UserError(
      `${where}: prior dirichlet has ${given.length} concentrations for ${size} elements. Give one for each, or one number for all.`,
    );
  const concentrations = Array.from({ length: size }, (_, i) => given[i] ?? given[0] ?? 1);
  const total = concentrations.reduce((sum, value) => sum + value, 0);
  return concentrations.map((value): ElementPrior => {
    const prior: Prior = { family: 'dirichlet', arguments: [value, total - value], lower: 0, upper: 1 };
    return { prior, bounds: no_bounds };
  });
}

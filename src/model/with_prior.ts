/** A model with another prior for one of its parameters, as `--prior beta=lognormal:0,1` asks for. */

import { type ElementPrior, read_element_prior, read_simplex_priors } from './element_priors.ts';
import { nearest_name } from './nearest_name.ts';
import type { BoundedPriorSource, Model, ScalarParameter } from './types.ts';
import { UserError } from './user_error.ts';

/**
 * `name` is a parameter (all its elements, if it is an array) or one element, `weights[2]`. A bound that `source` does not give stays as the model's author set it.
 * Returns a new model; throws a UserError for an unknown name or a prior that does not fit.
 */
export function with_prior<M extends Model>(model: M, name: string, source: BoundedPriorSource): M {
  const index = model.scalars.findIndex((scalar) => scalar.name === name);
  const field = model.fields.find((f) => f.name === name) ?? model.fields.findLast((f) => f.offset <= index);
  if (!field) throw unknown_parameter(model, name);
  const where = `prior of ${name}`;
  const { constraint, offset } = field;
  const is_whole = field.name === name;
  if (constraint !== 'none' && !is_whole)
    throw new UserError(
      `${where}: the elements of ${field.name} are constrained together. Give the prior of ${field.name}.`,
    );
  const count = is_whole ? Math.max(1, field.size) : 1;
  const first = is_whole ? offset : index;
  const meant = model.scalars.slice(first, first + count);
  const priors: ElementPrior[] =
    constraint === 'simplex'
      ? read_simplex_priors(where, count, source)
      : meant.map(({ bounds }) => read_element_prior(where, constraint, source, bounds));
  const changed = meant.map((scalar, i): ScalarParameter => ({ ...scalar, ...priors[i] }));
  return { ...model, scalars: model.scalars.toSpliced(first, count, ...changed) };
}

function unknown_parameter(model: Model, name: string): UserError {
  const names = model.scalars.map((scalar) => scalar.name);
  const guess = nearest_name(name, names);
  const advice = guess ? `Did you mean ${guess}?` : `It has: ${names.join(', ')}.`;
  return new UserError(`Model ${model.name} has no parameter "${name}". ${advice}`);
}

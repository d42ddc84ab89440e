/** A model with another prior for one of its parameters, as `--prior beta=lognormal:0,1` asks for. */

import { nearest_name } from './nearest_name.ts';
import { check_within_support, read_bounds, read_prior, truncate } from './prior_source.ts';
import type { BoundedPriorSource, Model, ScalarParameter } from './types.ts';
import { UserError } from './user_error.ts';

/**
 * `name` is a parameter (all its elements, if it is an array) or one element, `weights[2]`. A bound that `source` does not give stays as the model's author set it.
 * Returns a new model; throws a UserError for an unknown name or a prior that does not fit.
 */
export function with_prior(model: Model, name: string, source: BoundedPriorSource): Model {
  const field = model.fields.find((f) => f.name === name);
  const is_meant = (scalar: ScalarParameter, i: number) =>
    scalar.name === name || (field !== undefined && i >= field.offset && i < field.offset + field.size);
  if (!model.scalars.some(is_meant)) throw unknown_parameter(model, name);
  const where = `prior of ${name}`;
  const prior = read_prior(where, source.prior);
  check_within_support(where, prior, read_bounds(where, source));
  const changed = (scalar: ScalarParameter): ScalarParameter => {
    const bounds = read_bounds(where, {
      lower: source.lower ?? scalar.bounds.lower,
      upper: source.upper ?? scalar.bounds.upper,
    });
    return { name: scalar.name, prior: truncate(where, prior, bounds), bounds };
  };
  return { ...model, scalars: model.scalars.map((scalar, i) => (is_meant(scalar, i) ? changed(scalar) : scalar)) };
}

function unknown_parameter(model: Model, name: string): UserError {
  const names = model.scalars.map((scalar) => scalar.name);
  const guess = nearest_name(name, names);
  const advice = guess ? `Did you mean ${guess}?` : `It has: ${names.join(', ')}.`;
  return new UserError(`Model ${model.name} has no parameter "${name}". ${advice}`);
}

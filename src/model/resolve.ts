/** A built-in model by its name. */

import { type BuiltIn, catalog } from './catalog/index.ts';
import { nearest_name } from './nearest_name.ts';
import type { LogDensityModel, Model, StateSpaceModel, StateSpaceSource } from './types.ts';
import { UserError } from './user_error.ts';
import { validate_model } from './validate.ts';

/** Throws a UserError that lists the built-in models when there is none of this name. */
export function built_in_model<K extends keyof BuiltIn>(
  name: K,
): BuiltIn[K] extends StateSpaceSource ? StateSpaceModel : LogDensityModel;
export function built_in_model(name: string): Model;
export function built_in_model(name: string): Model {
  const source = Object.hasOwn(catalog, name) ? catalog[name] : undefined;
  if (source) return validate_model(source);
  const names = Object.keys(catalog);
  const guess = nearest_name(name, names);
  throw new UserError(
    `There is no built-in model "${name}". ${guess ? `Did you mean ${guess}? ` : ''}There are: ${names.join(', ')}.\n` +
      'A model of your own is given by its path, such as ./model.mjs.',
  );
}

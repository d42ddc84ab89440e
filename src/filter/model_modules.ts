/** The generated WGSL modules that a filter kernel imports for one model: `package::model` and `package::model_access`. */

import { differentiate_model } from '../model/derivatives.ts';
import type { StateSpaceModel } from '../model/types.ts';
import { model_access_module } from './model_access.ts';

/** @param width number of parameters to differentiate with respect to: the model's D, or 0 for values only */
export function model_modules(model: StateSpaceModel, width: number): Record<string, string> {
  return { model: differentiate_model(model, width), model_access: model_access_module(model, width) };
}

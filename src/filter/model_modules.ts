/** The generated WGSL modules that a filter kernel imports for one model: `package::model` and `package::model_access`. */

import { differentiate } from '../autodiff/differentiate.ts';
import { model_declarations } from '../model/declarations.ts';
import { locate_error } from '../model/source_place.ts';
import type { Model } from '../model/types.ts';
import { model_access_module } from './model_access.ts';

/** @param width number of parameters to differentiate with respect to: the model's D, or 0 for values only */
export function model_modules(model: Model, width: number): Record<string, string> {
  const entries = [
    { name: 'initial', active: [true, false] },
    { name: 'transition', active: [true, true, false, false] },
    { name: 'log_observation', active: [false, true, true, false] },
    ...(model.has_guided ? [{ name: 'guided', active: [true, false, true, false, false] }] : []),
  ];
  try {
    const { wgsl } = differentiate({ source: model.wgsl, declarations: model_declarations(model), width, entries });
    return { model: wgsl, model_access: model_access_module(model, width) };
  } catch (error) {
    throw locate_error(model, error);
  }
}

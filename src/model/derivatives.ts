/** A model's WGSL with the derivatives that its kernels need, as the module `package::model`. */

import { differentiate, type Entry } from '../autodiff/differentiate.ts';
import { max_tangent_width } from '../autodiff/tangent.ts';
import { model_declarations } from './declarations.ts';
import { locate_error } from './source_place.ts';
import type { Model } from './types.ts';

/** The functions that carry tangents, and which of their parameters do. */
function derivative_entries(model: Model): Entry[] {
  if (model.kind === 'log-density')
    return [{ name: model.entry, active: model.entry === 'log_likelihood' ? [false, true] : [true] }];
  return [
    { name: 'initial', active: [true, false] },
    { name: 'transition', active: [true, true, false, false] },
    { name: 'log_observation', active: [false, true, true, false] },
    ...(model.has_guided ? [{ name: 'guided', active: [true, false, true, false, false] }] : []),
  ];
}

/**
 * Throws a UserError, with the model's file and line, where the WGSL is wrong or cannot be differentiated.
 *
 * @param width tangents that every value carries, at most 16; 0 for values only
 * @param rows of data, where the model reads any and they are known
 */
export function differentiate_model(model: Model, width: number, rows?: number): string {
  try {
    const declarations = model_declarations(model, rows);
    return differentiate({ source: model.wgsl, declarations, width, entries: derivative_entries(model) }).wgsl;
  } catch (error) {
    throw locate_error(model, error);
  }
}

/** Refuses what a sampler of this kind of model will not be able to differentiate. A filter may run without gradients. */
export function check_derivatives(model: Model, rows?: number): void {
  const width = model.kind === 'state-space' ? 0 : Math.min(max_tangent_width, model.scalars.length);
  differentiate_model(model, width, rows);
}

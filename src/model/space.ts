/**
 * Between the unconstrained coordinates phi of a whole model, in which all sampling happens, and the constrained parameters theta that people see, in float64.
 * `package::model_space` (space_wgsl.ts) is the same in f32.
 */

import { constrain_ordered, ordered_log_jacobian, unconstrain_ordered } from './ordered.ts';
import { log_prior_density } from './prior.ts';
import { constrain_simplex, dirichlet_log_density, simplex_log_jacobian, unconstrain_simplex } from './simplex.ts';
import { constrain, log_slope, unconstrain } from './transform.ts';
import type { Model, ParameterField, Prior } from './types.ts';

/** Theta, flattened, T = `model.scalars.length` numbers, of phi, D = `model.dimension` numbers. */
export function constrain_all(model: Model, phi: ArrayLike<number>): Float64Array<ArrayBuffer> {
  const theta = new Float64Array(model.scalars.length);
  for (const field of model.fields) theta.set(constrain_field(model, field, coordinates(field, phi)), field.offset);
  return theta;
}

function constrain_field(model: Model, field: ParameterField, phi: readonly number[]): number[] {
  const priors = field_priors(model, field);
  switch (field.constraint) {
    case 'none':
      return phi.map((coordinate, i) => constrain(priors[i] as Prior, coordinate));
    case 'ordered':
      return constrain_ordered(phi, is_positive(priors));
    case 'simplex':
      return constrain_simplex(phi);
  }
}

/** Phi of theta. Where theta breaks its constraints there is no such phi: some coordinates are NaN or infinite. */
export function unconstrain_all(model: Model, theta: ArrayLike<number>): Float64Array<ArrayBuffer> {
  const phi = new Float64Array(model.dimension);
  for (const field of model.fields) {
    const own = Array.from({ length: Math.max(1, field.size) }, (_, i) => theta[field.offset + i] as number);
    phi.set(unconstrain_field(model, field, own), field.unconstrained.offset);
  }
  return phi;
}

function unconstrain_field(model: Model, field: ParameterField, theta: readonly number[]): number[] {
  const priors = field_priors(model, field);
  switch (field.constraint) {
    case 'none':
      return theta.map((value, i) => unconstrain(priors[i] as Prior, value));
    case 'ordered':
      return unconstrain_ordered(theta, is_positive(priors));
    case 'simplex':
      return unconstrain_simplex(theta);
  }
}

/**
 * Log density that the priors give to phi, log |J| included. Flat priors without two bounds count up to a constant, and so do ordered parameters.
 *
 * @param power of the priors' densities of theta; |J| counts whole
 */
export function log_prior(model: Model, phi: ArrayLike<number>, power = 1): number {
  return model.fields.reduce((sum, field) => sum + field_log_prior(model, field, phi, power), 0);
}

function field_log_prior(model: Model, field: ParameterField, phi: ArrayLike<number>, power: number): number {
  const own = coordinates(field, phi);
  const priors = field_priors(model, field);
  if (field.constraint === 'simplex') {
    const log_jacobian = simplex_log_jacobian(own);
    return power * (dirichlet_log_density(concentrations(priors), own) - log_jacobian) + log_jacobian;
  }
  const theta = constrain_field(model, field, own);
  const of_theta = power * priors.reduce((sum, prior, i) => sum + log_prior_density(prior, theta[i] as number), 0);
  if (field.constraint === 'ordered') return of_theta + ordered_log_jacobian(own, is_positive(priors));
  return priors.reduce((sum, prior, i) => sum + log_slope(prior, own[i] as number), of_theta);
}

/** Priors of a field's elements. */
export function field_priors(model: Model, { offset, size }: ParameterField): Prior[] {
  return model.scalars.slice(offset, offset + Math.max(1, size)).map(({ prior }) => prior);
}

/** Of the priors of a simplex. */
export const concentrations = (priors: readonly Prior[]) => priors.map((prior) => prior.arguments[0] as number);

/** Whether ordered elements begin above 0: their priors agree on it. */
export const is_positive = (priors: readonly Prior[]) => priors[0]?.lower === 0;

function coordinates({ unconstrained: { offset, size } }: ParameterField, phi: ArrayLike<number>): number[] {
  return Array.from({ length: size }, (_, i) => phi[offset + i] as number);
}

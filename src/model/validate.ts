/**
 * From what an author wrote, of which nothing is taken for granted, to a `Model` that everything else can rely on. Every refusal says where, what, and what to do.
 */

import { read_log_density } from './log_density_source.ts';
import { read_state_space } from './state_space_source.ts';
import type {
  LogDensityModel,
  LogDensitySource,
  Model,
  ModelOrigin,
  StateSpaceModel,
  StateSpaceSource,
} from './types.ts';
import { UserError } from './user_error.ts';
import { is_object, show } from './values.ts';

/** @param origin the model's file, and the line on which its WGSL begins, for messages */
export function validate_model(source: StateSpaceSource, origin?: ModelOrigin): StateSpaceModel;
export function validate_model(source: LogDensitySource, origin?: ModelOrigin): LogDensityModel;
export function validate_model(source: unknown, origin?: ModelOrigin): Model;
export function validate_model(source: unknown, origin?: ModelOrigin): Model {
  const unnamed = origin?.path ?? 'model';
  if (!is_object(source))
    throw new UserError(`${unnamed}: a model is an object { kind: 'state-space', … }, got ${show(source)}.`);
  const { kind, name } = source;
  if (kind !== 'state-space' && kind !== 'log-density')
    throw new UserError(`${unnamed}: kind must be 'state-space' or 'log-density', got ${show(kind)}.`);
  if (typeof name !== 'string' || !/^\S(.*\S)?$/.test(name))
    throw new UserError(`${unnamed}: name must be a text on one line, got ${show(name)}.`);
  const header = { name, ...(origin ? { source: origin } : {}) };
  return kind === 'state-space' ? read_state_space(header, source) : read_log_density(header, source);
}

/** Reads a model of kind 'state-space'. */

import { check_entry_points, state_space_functions } from './entry_points.ts';
import { read_parameters } from './parameter_source.ts';
import {
  check_constants_against,
  check_keys,
  check_names,
  named,
  read_constants,
  read_description,
} from './source_checks.ts';
import { type Placed, place_of } from './source_place.ts';
import { read_state } from './state_source.ts';
import type { StateSpaceModel } from './types.ts';
import { UserError } from './user_error.ts';
import { is_whole, show } from './values.ts';

const model_keys = [
  'kind',
  'name',
  'description',
  'parameters',
  'constants',
  'state',
  'noise',
  'observation',
  'counts',
  'wgsl',
];

export function read_state_space(header: Placed, source: Record<string, unknown>): StateSpaceModel {
  const where = place_of(header);
  check_keys(where, source, model_keys);
  const description = read_description(where, source.description);
  const { noise, wgsl } = source;
  if (!is_whole(noise, 0))
    throw new UserError(
      `${where}: noise must be a whole number ≥ 0, the standard normals per step, got ${show(noise)}.`,
    );
  if (typeof wgsl !== 'string' || wgsl.trim() === '')
    throw new UserError(
      `${where}: wgsl must be a text with the functions initial, transition and log_observation, got ${show(wgsl)}.`,
    );

  const parameters = read_parameters(where, 'state-space', source.parameters);
  const constants = read_constants(where, source.constants);
  const state = read_state(where, source.state);
  const observation = read_names(where, 'observation', source.observation);
  const counts = read_counts(where, source.counts, observation);
  const functions = check_entry_points(header, wgsl, state_space_functions);
  check_names(where, 'state-space', [
    ...named('parameter', parameters.fields),
    ...named('state', state),
    ...observation.map((column) => ['observation', column] as const),
    ...Object.keys(constants).map((constant) => ['constant', constant] as const),
  ]);
  check_constants_against(where, constants, functions);
  return {
    kind: 'state-space',
    ...header,
    description,
    ...parameters,
    constants,
    state,
    state_size: state.reduce((sum, { size }) => sum + Math.max(1, size), 0),
    noise,
    observation,
    counts,
    wgsl,
    has_guided: functions.includes('guided'),
  };
}

function read_names(where: string, key: string, source: unknown): string[] {
  const is_list = Array.isArray(source) && source.length > 0 && source.every((name) => typeof name === 'string');
  if (!is_list)
    throw new UserError(`${where}: ${key} must be a list of column names, such as ['y'], got ${show(source)}.`);
  return [...source];
}

function read_counts(where: string, source: unknown, observation: readonly string[]): string[] {
  if (source === undefined || (Array.isArray(source) && source.length === 0)) return [];
  const counts = read_names(where, 'counts', source);
  for (const name of counts) {
    if (observation.includes(name)) continue;
    throw new UserError(`${where}: counts: "${name}" is not an observation. There is: ${observation.join(', ')}.`);
  }
  return counts;
}

/**
 * From what an author wrote, of which nothing is taken for granted, to a `Model` that everything else can rely on. Every refusal says where, what, and what to do.
 */

import { check_entry_points } from './entry_points.ts';
import { column_problem, name_problem } from './names.ts';
import { nearest_name } from './nearest_name.ts';
import { check_within_support, read_bounds, read_prior, truncate } from './prior_source.ts';
import { place_of } from './source_place.ts';
import { read_state } from './state_source.ts';
import type { Model, ModelOrigin, ParameterField, ScalarParameter } from './types.ts';
import { UserError } from './user_error.ts';
import { is_object, is_whole, show } from './values.ts';

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
const parameter_keys = ['prior', 'lower', 'upper', 'size'];

/** @param origin the model's file, and the line on which its WGSL begins, for messages */
export function validate_model(source: unknown, origin?: ModelOrigin): Model {
  const unnamed = origin?.path ?? 'model';
  if (!is_object(source))
    throw new UserError(`${unnamed}: a model is an object { kind: 'state-space', … }, got ${show(source)}.`);
  if (source.kind !== 'state-space') throw wrong_kind(unnamed, source.kind);
  const { name, description = '', noise, wgsl } = source;
  if (typeof name !== 'string' || !/^\S(.*\S)?$/.test(name))
    throw new UserError(`${unnamed}: name must be a text on one line, got ${show(name)}.`);
  const placed = { name, ...(origin ? { source: origin } : {}) };
  const where = place_of(placed);
  check_keys(where, source, model_keys);
  if (typeof description !== 'string')
    throw new UserError(`${where}: description must be a text, got ${show(description)}.`);
  if (!is_whole(noise, 0))
    throw new UserError(
      `${where}: noise must be a whole number ≥ 0, the standard normals per step, got ${show(noise)}.`,
    );
  if (typeof wgsl !== 'string' || wgsl.trim() === '')
    throw new UserError(
      `${where}: wgsl must be a text with the functions initial, transition and log_observation, got ${show(wgsl)}.`,
    );

  const { fields, scalars } = read_parameters(where, source.parameters);
  const constants = read_constants(where, source.constants);
  const state = read_state(where, source.state);
  const observation = read_names(where, 'observation', source.observation);
  const counts = read_counts(where, source.counts, observation);
  const functions = check_entry_points(placed, wgsl);
  check_names(where, [
    ...fields.map((f) => ['parameter', f.name] as const),
    ...state.map((f) => ['state', f.name] as const),
    ...observation.map((column) => ['observation', column] as const),
    ...Object.keys(constants).map((constant) => ['constant', constant] as const),
  ]);
  const clash = functions.find((f) => Object.hasOwn(constants, f));
  if (clash)
    throw new UserError(`${where}: constant ${clash}: the WGSL has a function of this name. Rename one of them.`);
  return {
    kind: 'state-space',
    description,
    ...placed,
    fields,
    scalars,
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

function wrong_kind(where: string, kind: unknown): UserError {
  if (kind === 'log-density')
    return new UserError(`${where}: models of kind 'log-density' are not available yet. Only 'state-space' is.`);
  return new UserError(`${where}: kind must be 'state-space', got ${show(kind)}.`);
}

function read_parameters(where: string, source: unknown): { fields: ParameterField[]; scalars: ScalarParameter[] } {
  if (!is_object(source) || Object.keys(source).length === 0)
    throw new UserError(
      `${where}: parameters must be an object such as { beta: { prior: { normal: [0, 1] } } }, got ${show(source)}.`,
    );
  const fields: ParameterField[] = [];
  const scalars: ScalarParameter[] = [];
  for (const [name, parameter] of Object.entries(source)) {
    const at = `${where}: parameter ${name}`;
    if (!is_object(parameter))
      throw new UserError(`${at}: write an object such as { prior: { normal: [0, 1] } }, got ${show(parameter)}.`);
    check_keys(at, parameter, parameter_keys);
    const { size } = parameter;
    if (size !== undefined && !is_whole(size, 1))
      throw new UserError(`${at}: size must be a whole number ≥ 1, or left out for a scalar, got ${show(size)}.`);
    const family = read_prior(at, parameter.prior);
    const bounds = read_bounds(at, parameter);
    check_within_support(at, family, bounds);
    const prior = truncate(at, family, bounds);
    fields.push({ name, size: size ?? 0, offset: scalars.length });
    if (size === undefined) scalars.push({ name, prior, bounds });
    else for (let i = 0; i < size; i++) scalars.push({ name: `${name}[${i}]`, prior, bounds });
  }
  return { fields, scalars };
}

function read_constants(where: string, source: unknown = {}): Record<string, number> {
  if (!is_object(source))
    throw new UserError(`${where}: constants must be an object such as { population: 763 }, got ${show(source)}.`);
  for (const [name, value] of Object.entries(source))
    if (typeof value !== 'number' || !Number.isFinite(Math.fround(value)))
      throw new UserError(`${where}: constant ${name} must be a finite number that f32 can hold, got ${show(value)}.`);
  return { ...source } as Record<string, number>;
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

/** Every name is used once, so that a column of a result, or a name in a message, can mean one thing only. */
function check_names(where: string, names: readonly (readonly [kind: string, name: string])[]): void {
  const owner = new Map<string, string>();
  for (const [kind, name] of names) {
    const problem = name_problem(name) ?? column_problem(kind, name);
    if (problem) throw new UserError(`${where}: ${kind} ${name}: ${problem}`);
    const other = owner.get(name);
    if (other)
      throw new UserError(
        `${where}: ${kind} ${name}: there is already a${other === 'observation' ? 'n' : ''} ${other} of this name. Rename one of them.`,
      );
    owner.set(name, kind);
  }
}

function check_keys(where: string, object: Record<string, unknown>, known: readonly string[]): void {
  for (const key of Object.keys(object)) {
    if (known.includes(key)) continue;
    const guess = nearest_name(key, known);
    const advice = guess ? `Did you mean "${guess}"?` : `There are: ${known.join(', ')}.`;
    throw new UserError(`${where}: unknown key "${key}". ${advice}`);
  }
}

/** Reads `parameters`: the fields of struct Theta, their scalars with priors, and the unconstrained coordinates that they take. */

import { type ElementPrior, read_element_prior, read_simplex_priors } from './element_priors.ts';
import { check_keys } from './source_checks.ts';
import type { Constraint, Model, ParameterField, ScalarParameter } from './types.ts';
import { UserError } from './user_error.ts';
import { is_object, is_whole, show } from './values.ts';

const scalar_keys = ['prior', 'lower', 'upper', 'size'];
const joint_keys = ['ordered', 'simplex'];

/** `where` begins every message. Elements of models of kind 'state-space' are constrained one by one. */
export function read_parameters(
  where: string,
  kind: Model['kind'],
  source: unknown,
): { fields: ParameterField[]; scalars: ScalarParameter[]; dimension: number } {
  if (!is_object(source) || Object.keys(source).length === 0)
    throw new UserError(
      `${where}: parameters must be an object such as { beta: { prior: { normal: [0, 1] } } }, got ${show(source)}.`,
    );
  const fields: ParameterField[] = [];
  const scalars: ScalarParameter[] = [];
  let dimension = 0;
  for (const [name, parameter] of Object.entries(source)) {
    const at = `${where}: parameter ${name}`;
    if (!is_object(parameter))
      throw new UserError(`${at}: write an object such as { prior: { normal: [0, 1] } }, got ${show(parameter)}.`);
    check_parameter_keys(at, kind, parameter);
    const { size } = parameter;
    if (size !== undefined && !is_whole(size, 1))
      throw new UserError(`${at}: size must be a whole number ≥ 1, or left out for a scalar, got ${show(size)}.`);
    const constraint = read_constraint(at, parameter, size ?? 0);
    const count = size ?? 1;
    const priors =
      constraint === 'simplex'
        ? read_simplex_priors(at, count, parameter)
        : Array<ElementPrior>(count).fill(read_element_prior(at, constraint, parameter));
    const coordinates = constraint === 'simplex' ? count - 1 : count;
    fields.push({
      name,
      size: size ?? 0,
      offset: scalars.length,
      constraint,
      unconstrained: { offset: dimension, size: coordinates },
    });
    dimension += coordinates;
    for (const [i, prior] of priors.entries())
      scalars.push({ name: size === undefined ? name : `${name}[${i}]`, ...prior });
  }
  return { fields, scalars, dimension };
}

function check_parameter_keys(at: string, kind: Model['kind'], parameter: Record<string, unknown>): void {
  const joint = joint_keys.find((key) => Object.hasOwn(parameter, key));
  if (kind === 'state-space' && joint)
    throw new UserError(`${at}: ${joint} is for models of kind 'log-density'. Leave it out.`);
  check_keys(at, parameter, kind === 'state-space' ? scalar_keys : [...scalar_keys, ...joint_keys]);
}

function read_constraint(at: string, parameter: Record<string, unknown>, size: number): Constraint {
  const wanted = joint_keys.filter((key) => {
    const value = parameter[key] ?? false;
    if (typeof value !== 'boolean') throw new UserError(`${at}: ${key} must be true or false, got ${show(value)}.`);
    return value;
  });
  if (wanted.length > 1) throw new UserError(`${at}: it cannot be both ordered and a simplex. Leave one out.`);
  const [constraint] = wanted;
  if (constraint === undefined) return 'none';
  if (size < 2)
    throw new UserError(`${at}: ${constraint} needs a size of at least 2, such as size: 3, got ${size || 'none'}.`);
  return constraint === 'ordered' ? 'ordered' : 'simplex';
}

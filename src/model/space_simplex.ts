/** `package::model_space` of a parameter that sums to one; formulas in simplex.ts. */

import { dirichlet_log_normaliser } from './simplex.ts';
import { element, type FieldText, for_each, most_written_out } from './space_text.ts';
import type { ParameterField } from './types.ts';
import { wgsl_number } from './wgsl_number.ts';

/** @param id of the field, for names of variables @param given concentrations of its elements @param power that the prior's density counts to */
export function simplex_text(id: number, field: ParameterField, given: readonly number[], power: number): FieldText {
  // (Π theta^(a − 1))^power is of the same family; |J|, the product of all theta, is in the concentrations that are used below.
  const concentrations = given.map((a) => 1 + power * (a - 1));
  const { offset: base, size: breaks } = field.unconstrained;
  const others = concentrations.map((_, k) => concentrations.slice(k + 1).reduce((sum, a) => sum + a, 0));
  const share = (index: string) => `share_${id}[${index}]`;
  const rest = (index: string) => `rest_${id}[${index}]`;
  const slope = (index: string) => `(*gradient)[${index}]`;
  const bar = (index: string) => element(field, 'theta_bar', index);
  const log_parts = concentrations.map((_, k) => Math.log(Math.max(1, breaks - k)));
  const own = numbers(`own_${id}`, concentrations);
  const after = numbers(`others_${id}`, others);
  const shift = numbers(`log_parts_${id}`, log_parts);
  const broken = (at: (base: number) => string) => `break_stick((*phi)[${at(base)}] - ${shift.at(at(0))})`;
  return {
    functions: [own, after, shift].flatMap(({ declaration }) => declaration),
    constrain: `var left_${id} = 1.0;
  ${for_each(
    0,
    breaks,
    (at) => `{
    let b = ${broken(at)};
    ${element(field, 'theta', at(0))} = inside_unit(left_${id} * b.share);
    left_${id} *= b.rest;
    sum += beta_break(b, ${own.at(at(0))}, ${after.at(at(0))});
  }`,
  )}
  ${element(field, 'theta', `${breaks}`)} = inside_unit(left_${id});`,
    // Forward: d theta_k / d phi_k, with what was broken off before kept apart. Backward: the rest of the stick scales all that comes of it; and the derivative of beta_break.
    pull_back: `var share_${id}: array<f32, ${breaks}>;
  var rest_${id}: array<f32, ${breaks}>;
  var left_${id} = 1.0;
  ${for_each(
    0,
    breaks,
    (at) => `{
    let b = ${broken(at)};
    ${share(at(0))} = b.share;
    ${rest(at(0))} = b.rest;
    ${slope(at(base))} = left_${id} * b.share * b.rest;
    left_${id} *= b.rest;
  }`,
  )}
  var bar_${id} = ${bar(`${breaks}`)};
  ${for_each(
    0,
    breaks,
    (
      at,
    ) => `${slope(at(base))} = ${slope(at(base))} * (${bar(at(0))} - bar_${id}) + ${own.at(at(0))} * ${rest(at(0))} - ${after.at(at(0))} * ${share(at(0))};
  bar_${id} = ${bar(at(0))} * ${share(at(0))} + bar_${id} * ${rest(at(0))};`,
    'descending',
  )}`,
    constant: power * dirichlet_log_normaliser(given),
  };
}

/** Numbers known beforehand: literals where the index is one, and an array of constants for loops. */
function numbers(name: string, values: readonly number[]): { declaration: string[]; at: (index: string) => string } {
  const list = values.map(wgsl_number);
  const needs_array = values.length > most_written_out;
  return {
    declaration: needs_array ? [`const ${name} = array<f32, ${list.length}>(${list.join(', ')});`] : [],
    at: (index) => list[Number(index)] ?? `${name}[${index}]`,
  };
}

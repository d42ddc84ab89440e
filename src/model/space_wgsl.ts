/**
 * Generates the WGSL module `package::model_space` of one model: from the unconstrained coordinates phi to struct Theta, and gradients back. space.ts is its twin in float64.
 *
 * Formulas are in shaders/lib/{prior,transform,ordered,simplex}.wgsl; here they get their numbers and are put in order, parameter by parameter. `package::model` gives Theta.
 */

import { prior_function, transform_function } from './prior_calls.ts';
import { concentrations, field_priors } from './space.ts';
import { elements_text, is_one_sided } from './space_elements.ts';
import { ordered_text } from './space_ordered.ts';
import { simplex_text } from './space_simplex.ts';
import type { FieldText } from './space_text.ts';
import type { Model, ParameterField, Prior } from './types.ts';
import { wgsl_number } from './wgsl_number.ts';

/**
 * The module's text. It exports
 *
 *   dimension, theta_size   D and T, constants
 *   Phi                     array<f32, D>
 *   constrain(phi, theta)   writes theta; the log density that the priors give to phi, log |J| included
 *   pull_back(phi, theta_bar, gradient)   writes to gradient: Σ theta_bar · d theta / d phi, and the derivative of what `constrain` returns
 *
 * @param prior_power the priors' densities of theta count to this power, in (0, 1]; the Jacobian counts whole
 */
export function model_space_module(model: Model, prior_power = 1): string {
  const fields = model.fields.map((field, id) => field_text(model, field, id, prior_power));
  const constant = fields.reduce((sum, field) => sum + field.constant, 0);
  return `
import package::model::Theta;
${imports(model)}

const dimension = ${model.dimension}u;
const theta_size = ${model.scalars.length}u;
alias Phi = array<f32, ${model.dimension}>;
${fields.flatMap(({ functions }) => functions).join('\n')}

fn constrain(phi: ptr<function, Phi>, theta: ptr<function, Theta>) -> f32 {
  var sum = 0.0;
  ${fields.map((field) => field.constrain).join('\n  ')}
  return sum + ${wgsl_number(constant)};
}

fn pull_back(phi: ptr<function, Phi>, theta_bar: ptr<function, Theta>, gradient: ptr<function, Phi>) {
  ${fields.map((field) => field.pull_back).join('\n  ')}
}
`;
}

function field_text(model: Model, field: ParameterField, id: number, power: number): FieldText {
  const priors = field_priors(model, field);
  switch (field.constraint) {
    case 'none':
      return elements_text(id, field, priors, power);
    case 'ordered':
      return ordered_text(id, field, priors[0] as Prior, power);
    case 'simplex':
      return simplex_text(id, field, concentrations(priors), power);
  }
}

function imports(model: Model): string {
  const of = (constraints: readonly string[]) =>
    model.fields.filter(({ constraint }) => constraints.includes(constraint)).flatMap((f) => field_priors(model, f));
  const one_by_one = of(['none']);
  const priors = [...one_by_one, ...of(['ordered'])];
  const used = {
    prior: priors.map(prior_function),
    transform: one_by_one.map(transform_function),
    ordered: of(['ordered']).length > 0 ? ['increase', 'at_theta'] : [],
    simplex: of(['simplex']).length > 0 ? ['break_stick', 'inside_unit', 'beta_break'] : [],
  };
  if (one_by_one.some(is_one_sided)) used.transform.push('within_reach');
  if (used.ordered.length > 0) used.transform.push('distance_from_bound');
  return Object.entries(used)
    .filter(([, names]) => names.length > 0)
    .map(([file, names]) => `import package::lib::${file}::{${[...new Set(names)].join(', ')}};`)
    .join('\n');
}

/** `package::model_space` of an ordered parameter; formulas in ordered.ts. All its elements have one prior. */

import { log_normaliser } from './prior.ts';
import { prior_call, to_power } from './prior_calls.ts';
import { element, type FieldText, for_each } from './space_text.ts';
import type { ParameterField, Prior } from './types.ts';

/** @param id of the field, for names of functions @param power that the prior's density counts to */
export function ordered_text(id: number, field: ParameterField, prior: Prior, power: number): FieldText {
  const { size } = field;
  const base = field.unconstrained.offset;
  const is_positive = prior.lower === 0;
  const theta = (index: string) => element(field, 'theta', index);
  const phi = (index: string) => `(*phi)[${index}]`;
  const slope = (index: string) => `(*gradient)[${index}]`;
  const bar = (index: string) => element(field, 'theta_bar', index);
  const first = is_positive ? `increase(0.0, ${phi(`${base}`)})` : phi(`${base}`);
  const jacobian = is_positive ? ` + ${phi(`${base}`)}` : '';
  const last_slope = is_positive ? `bar_${id} * distance_from_bound(${phi(`${base}`)}) + 1.0` : `bar_${id}`;
  return {
    functions: [
      `
fn prior_${id}(theta: f32) -> vec2<f32> {
  let c = at_theta(theta);
  return ${to_power(power, prior_call(prior, 'c'))};
}`,
    ],
    constrain: `var theta_${id} = ${first};
  ${theta('0')} = theta_${id};
  sum += prior_${id}(theta_${id}).x${jacobian};
  ${for_each(
    1,
    size - 1,
    (at) => `theta_${id} = increase(theta_${id}, ${phi(at(base))});
  ${theta(at(0))} = theta_${id};
  sum += prior_${id}(theta_${id}).x + ${phi(at(base))};`,
  )}`,
    // Forward: what every theta receives. Backward: phi_i moves theta_i and all above it.
    pull_back: `var theta_${id} = ${first};
  ${slope(`${base}`)} = ${bar('0')} + prior_${id}(theta_${id}).y;
  ${for_each(
    1,
    size - 1,
    (at) => `theta_${id} = increase(theta_${id}, ${phi(at(base))});
  ${slope(at(base))} = ${bar(at(0))} + prior_${id}(theta_${id}).y;`,
  )}
  var bar_${id} = 0.0;
  ${for_each(
    1,
    size - 1,
    (at) => `bar_${id} += ${slope(at(base))};
  ${slope(at(base))} = bar_${id} * distance_from_bound(${phi(at(base))}) + 1.0;`,
    'descending',
  )}
  bar_${id} += ${slope(`${base}`)};
  ${slope(`${base}`)} = ${last_slope};`,
    constant: power * size * log_normaliser(prior),
  };
}

/** `package::model_space` of a parameter whose elements are constrained one by one. */

import { log_normaliser } from './prior.ts';
import { prior_call, to_power, transform_call } from './prior_calls.ts';
import { element, type FieldText, for_each } from './space_text.ts';
import { transform_kind } from './transform.ts';
import type { ParameterField, Prior } from './types.ts';

/** @param id of the field, for names of functions @param priors of its elements @param power that their densities count to */
export function elements_text(id: number, field: ParameterField, priors: readonly Prior[], power: number): FieldText {
  const base = field.unconstrained.offset;
  const runs = equal_runs(priors);
  const statements = (statement: (run: number, at: (base: number) => string) => string) =>
    runs.map(({ first, count }, run) => for_each(first, count, (at) => statement(run, at))).join('\n  ');
  return {
    functions: runs.map(({ prior }, run) => run_functions(`${id}_${run}`, prior, power)),
    constrain: statements(
      (run, at) => `${element(field, 'theta', at(0))} = enter_${id}_${run}((*phi)[${at(base)}], &sum);`,
    ),
    pull_back: statements(
      (run, at) =>
        `(*gradient)[${at(base)}] = leave_${id}_${run}((*phi)[${at(base)}], ${element(field, 'theta_bar', at(0))});`,
    ),
    constant: power * priors.reduce((sum, prior) => sum + log_normaliser(prior), 0),
  };
}

function run_functions(id: string, prior: Prior, power: number): string {
  const c = `let c = ${transform_call(prior, 'phi')};`;
  return `
fn enter_${id}(phi: f32, sum: ptr<function, f32>) -> f32 {
  ${c}
  let prior = ${to_power(power, prior_call(prior, 'c'))};
  *sum += prior.x + c.log_slope${is_one_sided(prior) ? ' + within_reach(phi)' : ''};
  return c.theta;
}
fn leave_${id}(phi: f32, theta_bar: f32) -> f32 {
  ${c}
  let prior = ${to_power(power, prior_call(prior, 'c'))};
  return (theta_bar + prior.y) * c.slope + c.log_slope_gradient;
}`;
}

/** Whether its transform is an exponential, which soon leaves the range of f32. */
export const is_one_sided = (prior: Prior) => ['lower', 'upper'].includes(transform_kind(prior));

/** Elements with another prior than their neighbours come of `with_prior`; mostly there is one run. */
function equal_runs(priors: readonly Prior[]): { first: number; count: number; prior: Prior }[] {
  const runs: { first: number; count: number; prior: Prior }[] = [];
  for (const [i, prior] of priors.entries()) {
    const run = runs.at(-1);
    if (run && transform_and_prior(run.prior) === transform_and_prior(prior)) run.count++;
    else runs.push({ first: i, count: 1, prior });
  }
  return runs;
}

const transform_and_prior = (prior: Prior) => `${transform_call(prior, 'phi')} ${prior_call(prior, 'c')}`;

/**
 * What the priors say of the parameters as people see them, theta, in float64: a density over theta, with no Jacobian of the transforms. space.ts has the same over phi, with it.
 *
 * Elements of a simplex count as K free numbers, Π theta_k^(a_k − 1), as a model's own function of them does: who restricts both to the simplex gets the derivative along it.
 */

import { log_prior_density } from './prior.ts';
import { next_single } from './prior_calls.ts';
import { prior_families } from './prior_families.ts';
import { dirichlet_log_normaliser } from './simplex.ts';
import { concentrations, field_priors } from './space.ts';
import type { Model, ParameterField, Prior } from './types.ts';
import { UserError } from './user_error.ts';

/** The largest f32 below 1, as in shaders/lib/simplex.wgsl. */
const below_one = 1 - 2 ** -24;

/**
 * Theta, T numbers strictly inside its bounds, in f32 as the kernels take it, where a number that a file rounded onto a bound stands beside it. `where` begins the message.
 * Throws UserError for a number beyond its bounds, or one that is not finite.
 */
export function inner_theta(model: Model, theta: ArrayLike<number>, where: string): Float32Array {
  const inner = new Float32Array(model.scalars.length);
  for (const field of model.fields) {
    for (let i = field.offset; i < field.offset + Math.max(1, field.size); i++) {
      const value = theta[i] as number;
      const { name, prior } = model.scalars[i] as Model['scalars'][number];
      const [lower, upper] = field.constraint === 'simplex' ? [0, 1] : [prior.lower, prior.upper];
      const follows = field.constraint === 'ordered' && i > field.offset;
      // Two neighbours that were rounded to one number are still in order.
      const below = follows ? Math.max(lower, inner[i - 1] as number) : lower;
      const given_below = follows ? (theta[i - 1] as number) : lower;
      const least = below === -Infinity ? -Infinity : next_single(below, 1);
      const most = upper === Infinity ? Infinity : field.constraint === 'simplex' ? below_one : next_single(upper, -1);
      if (
        !Number.isFinite(value) ||
        value < Math.fround(given_below) - slack(given_below) ||
        value > upper + slack(upper)
      )
        throw new UserError(
          `${where}: ${name} = ${value} is not inside the bounds of the model ${model.name}, (${given_below}, ${upper}).\nGive points inside them.`,
        );
      inner[i] = Math.min(Math.max(value, least), most);
    }
  }
  return inner;
}

/** Half a unit in the last place of f32: what a file may have rounded away. */
const slack = (bound: number) => (Number.isFinite(bound) ? Math.abs(bound) * 2 ** -24 : 0);

/** Log density of the priors at theta, and its gradient, one number per scalar. Priors without a normaliser count up to a constant. */
export function prior_of_theta(
  model: Model,
  theta: ArrayLike<number>,
): { log_density: number; gradient: Float64Array<ArrayBuffer> } {
  const gradient = new Float64Array(model.scalars.length);
  let log_density = 0;
  for (const field of model.fields) log_density += add_field(model, field, theta, gradient);
  return { log_density, gradient };
}

function add_field(model: Model, field: ParameterField, theta: ArrayLike<number>, gradient: Float64Array): number {
  const priors = field_priors(model, field);
  if (field.constraint === 'simplex') {
    return priors.reduce(
      (sum, { arguments: [a = 1] }, k) => {
        const value = theta[field.offset + k] as number;
        gradient[field.offset + k] = (a - 1) / value;
        return sum + (a - 1) * Math.log(value);
      },
      dirichlet_log_normaliser(concentrations(priors)),
    );
  }
  return priors.reduce((sum, prior, k) => {
    const value = theta[field.offset + k] as number;
    gradient[field.offset + k] = prior_slope(prior, value);
    return sum + log_prior_density(prior, value);
  }, 0);
}

/** d log density / dx inside the bounds, which only cut it off. */
const prior_slope = ({ family, arguments: values }: Prior, x: number) => prior_families[family].slope(x, values);

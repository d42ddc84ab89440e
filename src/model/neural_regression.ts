/**
 * Regression by a network of one hidden layer, as a model that any command takes (Neal 1996, "Bayesian learning for neural networks"):
 *
 *   y ~ N(f(x), sigma²),   f(x) = b2 + 1/√H Σ_j w2[j] tanh(b1[j] + 1/√d Σ_i w1[j·d + i] x_i)        d inputs, H hidden units
 *
 * with standard normal weights, so that with the factors 1/√fan-in the prior of f does not depend on d and H, and all coordinates are of order one before the data are seen. Inputs and target are
 * meant to be standardised. Units may be exchanged and turned in sign: the posterior has 2^H H! copies of every mode, and only predictions can be compared.
 */

import type { LogDensitySource } from './types.ts';
import { UserError } from './user_error.ts';

export interface NetworkShape {
  /** Columns, d of them. */
  inputs: readonly string[];
  /** Column. */
  target: string;
  /** H */
  hidden: number;
}

/** A gradient keeps several arrays of all parameters in an invocation's own memory, of which WGSL promises little. */
const most_parameters = 2048;

/** H (d + 2) + 2: w1 [H·d] by unit, b1 [H], w2 [H], b2, sigma. */
export const parameters_of = ({ inputs, hidden }: NetworkShape): number => hidden * (inputs.length + 2) + 2;

/** Throws UserError for a network with too many parameters. */
export function neural_regression(name: string, shape: NetworkShape): LogDensitySource {
  const { inputs, target, hidden } = shape;
  const count = inputs.length;
  if (parameters_of(shape) > most_parameters) {
    const fitting = Math.floor((most_parameters - 2) / (count + 2));
    throw new UserError(
      `A network of ${count} inputs and ${hidden} hidden units has ${parameters_of(shape)} parameters; ${most_parameters} can be sampled.\n${fitting > 0 ? `Use --hidden ${fitting} or fewer, or fewer --inputs.` : 'Use fewer --inputs.'}`,
    );
  }
  const weights = { prior: { normal: [0, 1] } } as const;
  return {
    kind: 'log-density',
    name,
    description: `${target} by a network of ${hidden} tanh units`,
    parameters: {
      w1: { size: hidden * count, ...weights },
      b1: { size: hidden, ...weights },
      w2: { size: hidden, ...weights },
      b2: weights,
      sigma: { prior: { half_normal: 1 } },
    },
    constants: { input_scale: 1 / Math.sqrt(count), output_scale: 1 / Math.sqrt(hidden) },
    row: [
      { name: 'x', columns: inputs },
      { name: 'y', columns: [target] },
    ],
    // Written out: with indices that are known a gradient costs a software adapter a quarter of one with a loop over units.
    wgsl: `
fn log_likelihood(row: Row, theta: Theta) -> f32 {
  var sum = 0.0;
${Array.from({ length: hidden }, (_, j) => unit(j, count)).join('\n')}
  return normal_log_density(row.y[0], theta.b2 + output_scale * sum, theta.sigma);
}
`,
  };
}

function unit(j: number, inputs: number): string {
  const products = Array.from({ length: inputs }, (_, i) => `theta.w1[${j * inputs + i}] * row.x[${i}]`);
  return `  sum += theta.w2[${j}] * tanh(theta.b1[${j}] + input_scale * (${products.join(' + ')}));`;
}

/**
 * f(x) in float64.
 *
 * @param theta as in `parameters_of` @param x [d]
 */
export function network_mean(theta: ArrayLike<number>, x: ArrayLike<number>, hidden: number): number {
  const inputs = x.length;
  const [biases, outward] = [hidden * inputs, hidden * (inputs + 1)];
  const input_scale = 1 / Math.sqrt(inputs);
  let sum = 0;
  for (let j = 0; j < hidden; j++) {
    let into = 0;
    for (let i = 0; i < inputs; i++) into += (theta[j * inputs + i] as number) * (x[i] as number);
    sum += (theta[outward + j] as number) * Math.tanh((theta[biases + j] as number) + input_scale * into);
  }
  return (theta[hidden * (inputs + 2)] as number) + sum / Math.sqrt(hidden);
}

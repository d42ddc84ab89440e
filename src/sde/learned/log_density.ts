/** Log densities of an observation in float64, as shaders/sde/likelihood.wgsl has them. */

import type { LikelihoodName } from '../problem.ts';

/** Degrees of freedom of Student's t. */
const freedom = 4;
/** log Γ((ν+1)/2) − log Γ(ν/2) − ½ log(νπ). */
const student_constant = -0.9808292530117262;

/** @param prediction of the channel, before the link @param noise log of the variance, of the squared scale for Student's t */
export function log_density(likelihood: LikelihoodName, prediction: number, y: number, noise: number): number {
  const square = (y - prediction) ** 2 * Math.exp(-noise);
  switch (likelihood) {
    case 'gaussian':
      return -0.5 * (square + noise + Math.log(2 * Math.PI));
    case 'student_t':
      return student_constant - 0.5 * noise - 0.5 * (freedom + 1) * Math.log1p(square / freedom);
    case 'bernoulli':
      return y * prediction - Math.max(prediction, 0) - Math.log1p(Math.exp(-Math.abs(prediction)));
    case 'poisson':
      return y * prediction - Math.exp(prediction) - log_factorial(y);
  }
}

/** By Stirling's series beyond 20, right to rounding. */
function log_factorial(n: number): number {
  if (n > 20)
    return (
      n * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI * n) + 1 / (12 * n) - 1 / (360 * n ** 3) + 1 / (1260 * n ** 5)
    );
  let product = 1;
  for (let k = 2; k <= n; k++) product *= k;
  return Math.log(product);
}

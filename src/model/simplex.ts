/**
 * Parameters that sum to one, by stick breaking (Stan reference manual, "Unit simplex"): of what is left of a stick of length 1, the k-th break takes the share z_k.
 *
 *   z_k = 1 / (1 + exp(−phi_k + log(K − 1 − k))),   theta_k = z_k Π_{j<k} (1 − z_j),   k = 0 … K − 2;   theta_{K−1} is what is left
 *
 * so that phi = 0 is the uniform point. |J| = Π_{k<K−1} z_k (1 − z_k) Π_{j<k} (1 − z_j) is the product of all K elements of theta. With a Dirichlet prior of concentrations a, then,
 * the density of phi is Π theta_k^a_k / B(a): the shares are independent, z_k ~ Beta(a_k, Σ_{j>k} a_j).
 *
 * shaders/lib/simplex.wgsl is the same in f32.
 */

import { log_gamma } from './log_gamma.ts';

/** Logs of the K elements of theta, of K − 1 coordinates. They need not be what exp and log of theta leave of them. */
function log_simplex(phi: readonly number[]): number[] {
  const breaks = phi.length;
  let log_rest = 0;
  const logs = phi.map((coordinate, k) => {
    const y = coordinate - Math.log(breaks - k);
    const spread = Math.log1p(Math.exp(-Math.abs(y)));
    const log_theta = log_rest + Math.min(y, 0) - spread;
    log_rest -= Math.max(y, 0) + spread;
    return log_theta;
  });
  return [...logs, log_rest];
}

/** theta of phi, one element more. Every element is strictly inside (0, 1). */
export function constrain_simplex(phi: readonly number[]): number[] {
  return log_simplex(phi).map((log_theta) =>
    Math.min(Math.max(Math.exp(log_theta), Number.MIN_VALUE), 1 - Number.EPSILON / 2),
  );
}

/** phi of theta, one element fewer; ±Infinity or NaN where an element is not positive. */
export function unconstrain_simplex(theta: readonly number[]): number[] {
  const breaks = theta.length - 1;
  // Sums from the end, where what is left is small beside 1.
  const rests = theta.map((_, k) => theta.slice(k + 1).reduceRight((sum, value) => sum + value, 0));
  return theta
    .slice(0, breaks)
    .map((value, k) => Math.log(value) - Math.log(rests[k] as number) + Math.log(breaks - k));
}

/** log |J| of the first K − 1 elements of theta by phi. */
export function simplex_log_jacobian(phi: readonly number[]): number {
  return log_simplex(phi).reduce((sum, log_theta) => sum + log_theta, 0);
}

/** Log density of phi, |J| included, where theta is Dirichlet with these concentrations, one per element. */
export function dirichlet_log_density(concentrations: readonly number[], phi: readonly number[]): number {
  const logs = log_simplex(phi);
  return concentrations.reduce((sum, a, k) => sum + a * (logs[k] as number), dirichlet_log_normaliser(concentrations));
}

/** −log B(a). */
export function dirichlet_log_normaliser(concentrations: readonly number[]): number {
  const total = concentrations.reduce((sum, a) => sum + a, 0);
  return concentrations.reduce((sum, a) => sum - log_gamma(a), log_gamma(total));
}

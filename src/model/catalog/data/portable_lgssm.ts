/**
 * A data set for `lgssm` that any language can make for itself, bit by bit, from an integer hash (PCG output function on a counter: O'Neill 2014; Jarzynski & Olano 2020).
 * Its exact likelihoods, gradients and posteriors are known (smc2.md §4.1), so it is stored as its recipe and not as numbers.
 *
 *   u(n) = (h(n) + ½) / 2³²,   z(k) = sqrt(−2 ln u(2k)) cos(2π u(2k + 1)),   x_0 = z(0),   x_t = 0.75 x_{t−1} + z(2t − 1),   y_t = x_t + z(2t)
 */

/** PCG-RXS-M-XS of the counter n; all arithmetic modulo 2³². */
export function hash(n: number): number {
  const s = (Math.imul(n, 747796405) + 2891336453) >>> 0;
  const w = Math.imul((s >>> ((s >>> 28) + 4)) ^ s, 277803737) >>> 0;
  return ((w >>> 22) ^ w) >>> 0;
}

/** The k-th standard normal. */
export function normal(k: number): number {
  const uniform = (n: number) => (hash(n) + 0.5) / 2 ** 32;
  return Math.sqrt(-2 * Math.log(uniform(2 * k))) * Math.cos(2 * Math.PI * uniform(2 * k + 1));
}

/** y_1 … y_T, with mu = 0.75, phi = 1, sigma = 1. */
export function portable_lgssm(steps: number): number[] {
  const y: number[] = [];
  let x = normal(0);
  for (let t = 1; t <= steps; t++) {
    x = 0.75 * x + normal(2 * t - 1);
    y.push(x + normal(2 * t));
  }
  return y;
}
